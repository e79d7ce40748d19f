"""scripts/compare_peer.py without torch: programs that print what the real ones would.

Usage: compare_peer_test.py SCRIPT
"""

import json
import os
import pathlib
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest

SCRIPT = sys.argv.pop(1)

# A rate a call, so that the medians and the pairing can be checked by hand.
BENCH = """#!{python}
import json, pathlib, sys
calls = pathlib.Path({folder!r}) / "bench_calls"
n = int(calls.read_text()) if calls.exists() else 0
calls.write_text(str(n + 1))
rate = [30000, 20000, 22000][n % 3]
method = sys.argv[1].split("TrainStep/")[1].split("(")[0]
print(json.dumps({{"context": {{"kokkos_space": "{space}", "kokkos_threads": "1"}}, "benchmarks": [{{"name": "TrainStep/" + method,
    "samples/s_median": rate, "samples/s_min": rate - 1000, "samples/s_max": rate + 1000, "GFLOP/s_median": rate / 125,
    "sgemm_GFLOP/s_median": 200, "of_sgemm_median": rate / 25000, "label": "library"}}]}}))
"""

INTERPRETER = """#!{python}
import json, os, signal, sys, time
if sys.argv[1] == "-c":
    if {killed} and "torch" in sys.argv[2]:
        os.kill(os.getpid(), signal.SIGILL)
    print({blas!r})
    sys.exit("ModuleNotFoundError: No module named 'torch'" if {torchless} and "torch" in sys.argv[2] else 0)
options = dict(zip(sys.argv[2::2], sys.argv[3::2]))
time.sleep({sleep})
if {broken}:
    sys.exit("a shape is wrong")
with open(options["--json"], "a") as f:
    f.write(json.dumps({{"samples_per_s": 10000, "samples_per_s_min": 9000, "samples_per_s_max": 11000, "gflops": 80,
        "gemm_gflops": {sgemm}, "mflop_step": 8, "torch": "9.9", "windows": [{{"speed": 10000, "gemm": 160}}]}}) + "\\n")
"""


class ComparePeer(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.bench = self.program("bench", BENCH)
        self.output = self.folder / "out" / "ratios.json"
        self.output.parent.mkdir()

    def program(self, name, text, **values):
        values = dict({"torchless": False, "killed": False, "sleep": 0, "broken": False, "sgemm": 160, "space": "Serial",
                       "blas": "/usr/lib/libopenblas.so.0"}, **values)
        path = self.folder / name
        path.write_text(text.format(python=sys.executable, folder=str(self.folder), **values))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def command(self, *arguments, **interpreter):
        return [sys.executable, SCRIPT, "--bench", str(self.bench), "--python",
                str(self.program("interpreter", INTERPRETER, **interpreter)), *arguments]

    def run_script(self, *arguments, **interpreter):
        return subprocess.run(self.command(*arguments, **interpreter), capture_output=True, text=True)

    def test_ratios_of_neighbours(self):
        result = self.run_script("--methods", "plain", "--rounds", "3", "--json", str(self.output))
        self.assertEqual(result.returncode, 0, result.stderr)
        report = json.loads(self.output.read_text())
        plain = report["methods"]["plain"]
        self.assertEqual(plain["ratios"], [3.0, 2.0, 2.2])
        self.assertEqual((plain["ratio"], plain["ratio_min"], plain["ratio_max"]), (2.2, 2.0, 3.0))
        self.assertEqual((plain["ours"]["samples_per_s"], plain["ours"]["min"], plain["ours"]["max"]), (22000, 19000, 31000))
        self.assertAlmostEqual(plain["ours"]["of_sgemm"], 0.88)
        self.assertAlmostEqual(plain["peer"]["of_sgemm"], 0.5)
        self.assertEqual(len(report["rounds"]["plain"]), 3)
        line = next(l for l in result.stdout.splitlines() if l.startswith("plain"))
        for text in ("22000 (19000-31000)", "0.88", "10000 (9000-11000)", "0.50", "2.20 (2.00-3.00)", "5 rounds on"):
            self.assertIn(text, line)

    def test_interval_from_five_rounds_on(self):
        result = self.run_script("--methods", "plain", "c2al", "--rounds", "5")
        self.assertEqual(result.returncode, 0, result.stderr)
        lines = [l for l in result.stdout.splitlines() if l.startswith(("plain", "c2al"))]
        self.assertEqual(len(lines), 2)
        for line in lines:
            self.assertRegex(line, r"2\.00-3\.00$")

    def test_names_what_is_missing(self):
        no_torch = self.run_script("--rounds", "1", torchless=True)
        self.assertEqual(no_torch.returncode, 2)
        self.assertIn("cannot import torch: install the package python3-torch", no_torch.stderr)
        self.bench = self.folder / "absent"
        no_bench = self.run_script()
        self.assertEqual(no_bench.returncode, 2)
        self.assertIn("no program at %s: scripts/build.sh builds it" % self.bench, no_bench.stderr)

    def test_refuses_a_peer_on_the_reference_blas(self):
        result = self.run_script("--rounds", "1", blas="/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0")
        self.assertEqual(result.returncode, 2)
        self.assertIn("uses the reference BLAS /usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0", result.stderr)
        self.assertIn("libopenblas0-pthread", result.stderr)

    def test_says_when_the_peers_blas_is_weak(self):
        warned = self.run_script("--methods", "plain", "--rounds", "1", sgemm=90)
        self.assertEqual(warned.returncode, 0, warned.stderr)
        self.assertIn("WARNING: beside plain the peer's sgemm had less than half the rate of ours", warned.stdout)
        self.assertNotIn("WARNING", self.run_script("--methods", "plain", "--rounds", "1").stdout)

    def test_tells_a_missing_interpreter_from_one_that_dies(self):
        result = self.run_script("--rounds", "1", "--python", str(self.folder / "absent"))
        self.assertEqual(result.returncode, 2)
        self.assertIn("cannot run %s" % (self.folder / "absent"), result.stderr)
        result = self.run_script("--rounds", "1", killed=True)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, "importing torch with .* was killed by signal 4")

    def test_the_peers_library_may_choose_its_kernels(self):
        result = self.run_script("--methods", "plain", "--rounds", "1", "--core-type", "auto")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("OPENBLAS_CORETYPE=auto", result.stdout)

    def test_a_device_is_no_match_for_host_threads(self):
        self.bench = self.program("bench", BENCH, space="Cuda")
        result = self.run_script("--methods", "plain", "--rounds", "1")
        self.assertEqual(result.returncode, 2)
        self.assertIn("this c2al_bench runs on Cuda", result.stderr)

    def test_wrong_command_lines(self):
        for arguments in (["--rounds", "0"], ["--threads", "0"], ["--seconds", "0"], ["--methods", "best"], ["--no"],
                          ["--json", str(self.folder / "no" / "f.json")]):
            self.assertEqual(self.run_script(*arguments).returncode, 2, arguments)
        self.assertIn("--rounds 0: expected at least 1", self.run_script("--rounds", "0").stderr)

    def test_threads_that_the_build_has_not(self):
        result = self.run_script("--threads", "2", "--rounds", "1")
        self.assertEqual(result.returncode, 2)
        self.assertIn("this c2al_bench runs on 1", result.stderr)

    def test_a_program_that_fails(self):
        result = self.run_script("--rounds", "1", "--json", str(self.output), broken=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn("the peer, --method plain ended with exit code 1:\n  a shape is wrong", result.stderr)
        self.assertEqual(list(self.output.parent.iterdir()), [])
        self.assertNotIn("Traceback", result.stderr)

    def test_a_stopped_run_leaves_no_file(self):
        process = subprocess.Popen(self.command("--json", str(self.output), sleep=60), stderr=subprocess.PIPE, text=True,
                                   start_new_session=True)
        while not (self.folder / "bench_calls").exists():
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        self.assertIn("stopped; nothing was written", process.communicate(timeout=30)[1])
        self.assertEqual(process.returncode, 130)
        self.assertEqual(list(self.output.parent.iterdir()), [])


if __name__ == "__main__":
    unittest.main()

"""What c2al_bench writes is what the scripts read: real reports through scripts/performance_figures.py and, with an
interpreter that stands for one with torch, through scripts/compare_peer.py.

Usage: report_test.py C2AL_BENCH SCRIPTS
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

BENCH, SCRIPTS = sys.argv[1], pathlib.Path(sys.argv[2])
del sys.argv[1:]

INTERPRETER = """#!/bin/sh
[ "$1" = -c ] && exit
while [ $# -gt 1 ]; do
  [ "$1" = --json ] && file=$2
  shift
done
echo '{"samples_per_s": 1000, "samples_per_s_min": 900, "samples_per_s_max": 1100, "gflops": 8, "gemm_gflops": 1000,
  "mflop_step": 8, "torch": "9.9", "windows": [{"speed": 1000, "gemm": 1000}]}' > "$file"
"""


class Reports(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def run_script(self, name, *arguments):
        # Measured in one thread, whatever the Kokkos of the build.
        result = subprocess.run([sys.executable, str(SCRIPTS / name), *map(str, arguments)], capture_output=True, text=True,
                                env=dict(os.environ, OMP_NUM_THREADS="1"))
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_figures(self):
        report = self.folder / "report.json"
        cases = "^(PeakFma|Triad/bytes:49152|sgemm/M:2048|fm_forward/form:0|PresetStep/pcgrad|Scaling/layers:1/|Scaling/rows:10000/popular)"
        subprocess.run([BENCH, "--benchmark_filter=" + cases, "--benchmark_out=%s" % report], check=True, capture_output=True)
        found = {case["name"].split("/iterations")[0].split("/manual")[0]: case
                 for case in json.loads(report.read_text())["benchmarks"]}
        self.assertEqual(len(found), 7, sorted(found))
        step = found["PresetStep/pcgrad"]
        for counter in ("samples/s", "GFLOP/s", "of_sgemm", "sgemm_GFLOP/s"):
            low, median, high = (step["%s_%s" % (counter, k)] for k in ("min", "median", "max"))
            self.assertTrue(0 < low <= median <= high, counter)
        # A window's rate over its yardstick's lies between the extremes of both.
        self.assertLessEqual(step["of_sgemm_max"], 1.001 * step["GFLOP/s_max"] / step["sgemm_GFLOP/s_min"])
        self.assertGreaterEqual(step["of_sgemm_min"], 0.999 * step["GFLOP/s_min"] / step["sgemm_GFLOP/s_max"])
        self.run_script("performance_figures.py", report, "--output", self.folder)
        for picture in ("roofline.png", "cost_curves.png"):
            self.assertGreater((self.folder / picture).stat().st_size, 10000)

    def test_comparison(self):
        interpreter = self.folder / "interpreter"
        interpreter.write_text(INTERPRETER)
        interpreter.chmod(0o755)
        ratios = self.folder / "ratios.json"
        self.run_script("compare_peer.py", "--bench", BENCH, "--python", interpreter, "--methods", "plain", "--rounds", "1",
                        "--json", ratios)
        plain = json.loads(ratios.read_text())["methods"]["plain"]
        self.assertGreater(plain["ratio"], 0)
        self.assertEqual(plain["ratio"], plain["ours"]["samples_per_s"] / 1000)


if __name__ == "__main__":
    unittest.main()

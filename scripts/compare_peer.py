#!/usr/bin/env python3
"""Compares the speed of this suite's training step with the PyTorch peer's (bench/peer/torch_dhen.py).

Both programs run in turns, for every method and round, on the same machine: the model, the batches' law, the optimizer
and the counted FLOPs are the same. Beside each stands the rate of a plain sgemm 2048 x 784 x 432 of the library that it
uses, measured before and after every window. A ratio is that of the two neighbours of a round; on a shared machine only
ratios mean something. Every other round starts with the peer. A round of all four methods takes about a minute.

Needs a built c2al_bench (scripts/build.sh) and an interpreter with numpy and torch on a fast BLAS (Debian: python3-torch
and libopenblas0-pthread).
Exit codes: 0 ok, 1 a program failed, 2 usage, 130 stopped."""
import argparse
import json
import os
import pathlib
import random
import signal
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
METHODS = ["plain", "c2al", "mmoe", "pcgrad"]
HOST_SPACES = ["Serial", "OpenMP", "Threads"]

# Names the BLAS libraries that torch brings into a process.
PROBE = """import os, torch
try:
    paths = {line.split()[-1] for line in open("/proc/self/maps")}
except OSError:
    paths = set()
print("\\n".join(sorted(path for path in paths if "blas" in os.path.basename(path).lower())))"""


# Below this share of our sgemm the peer's BLAS is likely not made for the processor, and a ratio says little of the step.
WEAK_BLAS = 0.5


class Failure(Exception):
    def __init__(self, message, code=1, killed=False):
        super().__init__(message)
        self.code = code
        self.killed = killed  # by a signal


def core_type():
    try:
        flags = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        flags = ""
    return "SkylakeX" if "avx512f" in flags else "Haswell"


def parse_args():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--bench", default=str(ROOT / "build" / "release" / "c2al_bench"), help="our program (%(default)s)")
    p.add_argument("--python", default="/usr/bin/python3", help="interpreter with torch (%(default)s)")
    p.add_argument("--peer", default=str(ROOT / "bench" / "peer" / "torch_dhen.py"), help="the peer's script (%(default)s)")
    p.add_argument("--methods", nargs="+", choices=METHODS, default=METHODS, metavar="METHOD",
                   help="of %s (all)" % ", ".join(METHODS))
    p.add_argument("--rounds", type=int, default=5, help="runs of each program for each method (%(default)s)")
    p.add_argument("--threads", type=int, default=1,
                   help="of both; more than 1 needs a Kokkos with a parallel host backend (%(default)s)")
    p.add_argument("--seconds", type=float, default=1.0, help="length of one of the peer's 5 windows (%(default)s)")
    p.add_argument("--core-type", default=os.environ.get("OPENBLAS_CORETYPE") or core_type(),
                   help="OPENBLAS_CORETYPE of the peer, whose OpenBLAS may not know the processor; 'auto' leaves the choice to "
                        "it (the environment's; else SkylakeX with AVX-512, else Haswell)")
    p.add_argument("--json", default="", metavar="FILE", help="also write everything measured")
    a = p.parse_args()
    for name in ("rounds", "threads"):
        if getattr(a, name) < 1:
            p.error("--%s %d: expected at least 1" % (name, getattr(a, name)))
    if not a.seconds > 0:
        p.error("--seconds %g: expected more than 0" % a.seconds)
    return a


def processor():
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return "unknown processor"


def run(command, environment, what):
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    except OSError as error:
        raise Failure("%s: cannot run %s: %s" % (what, command[0], error.strerror), 2)
    if done.returncode < 0:
        raise Failure("%s was killed by signal %d (%s)" % (what, -done.returncode, signal.strsignal(-done.returncode)), 1, True)
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()[-5:]
        raise Failure("%s ended with exit code %d:\n  %s" % (what, done.returncode, "\n  ".join(last)))
    return done.stdout


def check(a, environment):
    if not os.access(a.bench, os.X_OK) or os.path.isdir(a.bench):
        raise Failure("no program at %s: scripts/build.sh builds it, --bench names another" % a.bench, 2)
    if not os.path.isfile(a.peer):
        raise Failure("no file %s: --peer names the peer's script" % a.peer, 2)
    if a.json and not os.path.isdir(os.path.dirname(os.path.abspath(a.json))):
        raise Failure("--json %s: no such folder" % a.json, 2)
    run([a.python, "-c", ""], environment, a.python)
    for module, package, program in (("numpy", "python3-numpy", "import numpy"), ("torch", "python3-torch", PROBE)):
        try:
            libraries = run([a.python, "-c", program], environment, "importing %s with %s" % (module, a.python)).split()
        except Failure as failure:
            if failure.killed:
                raise
            raise Failure("%s cannot import %s: install the package %s (apt-get install %s), or name another interpreter with "
                          "--python\n  %s" % (a.python, module, package, package, str(failure).splitlines()[-1].strip()), 2)
    # Debian's torch runs on whatever BLAS is installed; the reference one has a few percent of the speed and would flatter us.
    reference = [path for path in libraries if "/blas/libblas.so" in path]
    if reference:
        raise Failure("the torch of %s uses the reference BLAS %s, on which nobody runs it: install OpenBLAS (apt-get install "
                      "libopenblas0-pthread)" % (a.python, reference[0]), 2)
    return ", ".join(os.path.basename(path) for path in libraries)


def ours(a, method, environment):
    what = "c2al_bench TrainStep/%s" % method
    text = run([a.bench, "--benchmark_filter=^TrainStep/%s(/|$)" % method, "--benchmark_format=json"], environment, what)
    try:
        report = json.loads(text)
        case, = report["benchmarks"]
        space, threads = report["context"]["kokkos_space"], int(report["context"]["kokkos_threads"])
        measured = {"samples_per_s": case["samples/s_median"], "min": case["samples/s_min"], "max": case["samples/s_max"],
                    "gflops": case["GFLOP/s_median"], "sgemm_gflops": case["sgemm_GFLOP/s_median"],
                    "of_sgemm": case["of_sgemm_median"], "label": case.get("label", "")}
    except (ValueError, KeyError, TypeError) as error:
        raise Failure("%s: its JSON is not what is expected (%s: %s)" % (what, type(error).__name__, error))
    if space not in HOST_SPACES:
        raise Failure("this c2al_bench runs on %s, the peer on host threads: build it with a Kokkos for the host (%s)" %
                      (space, ", ".join(HOST_SPACES)), 2)
    if threads != a.threads:
        raise Failure("--threads %d, but this c2al_bench runs on %d: its Kokkos decides (a Serial one has 1, an OpenMP one "
                      "OMP_NUM_THREADS)" % (a.threads, threads), 2)
    return measured


def peers(a, method, environment):
    what = "the peer, --method %s" % method
    with tempfile.TemporaryDirectory() as folder:
        line = os.path.join(folder, "line.json")
        run([a.python, a.peer, "--method", method, "--threads", str(a.threads), "--seconds", str(a.seconds), "--json", line],
            environment, what)
        try:
            with open(line) as f:
                r = json.loads(f.read())
            return {"samples_per_s": r["samples_per_s"], "min": r["samples_per_s_min"], "max": r["samples_per_s_max"],
                    "gflops": r["gflops"], "sgemm_gflops": r["gemm_gflops"],
                    "of_sgemm": statistics.median(w["speed"] * r["mflop_step"] / 1e3 / w["gemm"] for w in r["windows"]),
                    "label": "torch %s" % r["torch"]}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Failure("%s: its JSON is not what is expected (%s: %s)" % (what, type(error).__name__, error))


def interval(values, draws=10000):
    """Percentile bootstrap, 95 %, of the median."""
    chance = random.Random(1)
    medians = sorted(statistics.median(chance.choices(values, k=len(values))) for _ in range(draws))
    return medians[int(0.025 * draws)], medians[int(0.975 * draws) - 1]


def summarise(rounds):
    both = {}
    for side in ("ours", "peer"):
        runs = [r[side] for r in rounds]
        both[side] = {k: statistics.median(r[k] for r in runs) for k in ("samples_per_s", "gflops", "sgemm_gflops", "of_sgemm")}
        both[side].update(min=min(r["min"] for r in runs), max=max(r["max"] for r in runs))
    ratios = [r["ours"]["samples_per_s"] / r["peer"]["samples_per_s"] for r in rounds]
    low, high = interval(ratios)
    return dict(both, ratio=statistics.median(ratios), ratio_min=min(ratios), ratio_max=max(ratios), ratios=ratios,
                ratio_low=low, ratio_high=high, sgemm_ratio=both["peer"]["sgemm_gflops"] / both["ours"]["sgemm_gflops"])


def print_table(methods, rounds):
    print("\nMedian over %d rounds (least-greatest over all windows, of ratios over rounds); sgemm in GFLOP/s, one's own." % rounds)
    row = "{:<8}{:>24}{:>7}{:>7}{:>24}{:>7}{:>7}{:>22}{:>16}"
    print(row.format("method", "ours, samples/s", "sgemm", "of it", "peer, samples/s", "sgemm", "of it", "ours / peer",
                     "95 % bootstrap"))
    for method, s in methods.items():
        cells = [method]
        for side in ("ours", "peer"):
            r = s[side]
            cells += ["%.0f (%.0f-%.0f)" % (r["samples_per_s"], r["min"], r["max"]), "%.0f" % r["sgemm_gflops"],
                      "%.2f" % r["of_sgemm"]]
        cells.append("%.2f (%.2f-%.2f)" % (s["ratio"], s["ratio_min"], s["ratio_max"]))
        cells.append("%.2f-%.2f" % (s["ratio_low"], s["ratio_high"]) if rounds >= 5 else "5 rounds on")
        print(row.format(*cells))
    weak = [method for method, s in methods.items() if s["sgemm_ratio"] < WEAK_BLAS]
    if weak:
        print("\nWARNING: beside %s the peer's sgemm had less than half the rate of ours. Its BLAS may not be made for this "
              "processor\n(--core-type, another interpreter): these ratios compare libraries, not training steps." % ", ".join(weak))


def write_whole(path, content):
    """All of it or nothing."""
    folder = os.path.dirname(os.path.abspath(path))
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".compare_peer")
    try:
        with os.fdopen(handle, "w") as f:
            json.dump(content, f, indent=1)
            f.write("\n")
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def compare(a):
    environment = dict(os.environ, OPENBLAS_CORETYPE=a.core_type, OMP_NUM_THREADS=str(a.threads))
    if a.core_type == "auto":
        del environment["OPENBLAS_CORETYPE"]
    blas = check(a, environment)
    rounds = {method: [] for method in a.methods}
    for n in range(a.rounds):
        for method in a.methods:
            sides = [("ours", ours), ("peer", peers)]
            one = {name: measure(a, method, environment) for name, measure in (sides if n % 2 == 0 else sides[::-1])}
            rounds[method].append(one)
            print("round %d %-7s ours %6.0f  peer %6.0f samples/s  ratio %.2f" %
                  (n + 1, method, one["ours"]["samples_per_s"], one["peer"]["samples_per_s"],
                   one["ours"]["samples_per_s"] / one["peer"]["samples_per_s"]), file=sys.stderr, flush=True)
    methods = {method: summarise(r) for method, r in rounds.items()}
    first = rounds[a.methods[0]][0]
    machine = "%s; %d thread%s; ours: %s; peer: %s, %sOPENBLAS_CORETYPE=%s" % (
        processor(), a.threads, "" if a.threads == 1 else "s", first["ours"]["label"], first["peer"]["label"],
        blas and blas + ", ", a.core_type)
    print(machine)
    print_table(methods, a.rounds)
    if a.json:
        try:
            write_whole(a.json, {"machine": machine, "threads": a.threads, "methods": methods, "rounds": rounds})
        except OSError as error:
            raise Failure("--json %s: %s" % (a.json, error.strerror))


def main():
    try:
        compare(parse_args())
    except Failure as failure:
        print("compare_peer: %s" % failure, file=sys.stderr)
        return failure.code
    except KeyboardInterrupt:
        print("compare_peer: stopped; nothing was written", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

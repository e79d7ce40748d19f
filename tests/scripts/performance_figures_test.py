"""scripts/performance_figures.py on reports made here.

Usage: performance_figures_test.py SCRIPT
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SCRIPT = sys.argv.pop(1)


def spread(name, value):
    return {name + "_median": value, name + "_min": 0.9 * value, name + "_max": 1.1 * value}


def case(name, *counters, **more):
    together = dict(name=name + "/iterations:9/manual_time", run_type="iteration", **more)
    for counter in counters:
        together.update(counter)
    return together


ROOFS = [case("PeakFma", spread("GFLOP/s", 200)), case("Triad/bytes:786432", spread("GB/s", 100), label="L2")]
POINTS = [case("TrainStep/plain", spread("GFLOP/s", 150), spread("of_sgemm", 0.8), {"FLOP/byte": 380}),
          case("fm_forward/form:0/m:27/d:16/k:16", spread("GFLOP/s", 140), {"FLOP/byte": 7}, label="covariance"),
          case("sgemm/M:2048/N:784/K:432", spread("GFLOP/s", 180), {"FLOP/byte": 120})]
COSTS = [case("Scaling/rows:%d/popular" % n, spread("of_reference", 0.95)) for n in (10**4, 10**8)] + [
    case("Scaling/batch:%d" % n, spread("samples/s", 15000), spread("of_sgemm", 0.8), {"FLOP/sample": 8e6}) for n in (128, 512)]


class PerformanceFigures(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def draw(self, cases, *arguments):
        report = self.folder / "report.json"
        report.write_text(cases if isinstance(cases, str) else json.dumps({"benchmarks": cases}))
        output = self.folder / "figures"
        result = subprocess.run([sys.executable, SCRIPT, str(report), "--output", str(output), *arguments],
                                capture_output=True, text=True)
        drawn = sorted(path.name for path in output.iterdir()) if output.exists() else []
        return result, drawn

    def test_draws_what_the_report_has(self):
        for cases, expected in ((ROOFS + POINTS + COSTS, ["cost_curves.png", "roofline.png"]), (COSTS, ["cost_curves.png"])):
            shutil.rmtree(self.folder / "figures", ignore_errors=True)
            result, drawn = self.draw(cases)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(drawn, expected)
            self.assertEqual(len(result.stdout.split()), len(expected))

    def test_names_a_counter_that_a_case_lacks(self):
        for cases, counter, name in ((ROOFS + [case("TrainStep/plain", spread("GFLOP/s", 150), {"FLOP/byte": 380}), POINTS[2]],
                                      "of_sgemm_median", "TrainStep/plain"),
                                     ([case("Scaling/rows:10000/popular")], "of_reference_median", "Scaling/rows:10000/popular")):
            result, drawn = self.draw(cases)
            self.assertEqual(result.returncode, 2)
            self.assertIn("report.json: case %s/iterations:9/manual_time has no '%s'" % (name, counter), result.stderr)
            self.assertNotIn("Traceback", result.stderr)
            self.assertEqual(drawn, [])

    def test_says_what_is_missing(self):
        for cases, text in (([], "no cases to draw"), (POINTS, "no cases to draw"), ("{", "no JSON of c2al_bench")):
            result, drawn = self.draw(cases)
            self.assertEqual(result.returncode, 2)
            self.assertIn(text, result.stderr)
            self.assertNotIn("Traceback", result.stderr)
            self.assertEqual(drawn, [])


if __name__ == "__main__":
    unittest.main()

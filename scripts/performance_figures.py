#!/usr/bin/python3
"""Draws what c2al_bench measured.

usage: performance_figures.py FILE.json [FILE.json ...] [--output DIR] [--format png|pdf|svg]

The files are those of c2al_bench --benchmark_out=FILE.json. With the cases PeakFma and Triad and any of sgemm, fm_forward,
fm_backward, TrainStep, PresetStep it draws

  roofline      GFLOP/s against arithmetic intensity (operands read or written once) under the machine's roofs; all are
                medians. Steps stand at their share of the sgemm beside them times the sgemm drawn, as a busy machine slows
                both alike

with the cases Scaling

  cost_curves   a training step's cost against table rows, batch, fields, dimension and layers; samples/s scaled to an
                sgemm of 200 GFLOP/s; bars from the least to the greatest window

and prints the files it wrote. A case that stands in several files is taken from the last. Exit code 2 when there is
nothing to draw, or when a case lacks what is drawn of it."""
import argparse
import json
import pathlib
import re
import sys

import matplotlib
import matplotlib.ticker
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

# Okabe and Ito 2008, readable with colour-vision deficiencies.
BLACK, ORANGE, SKY, GREEN, BLUE, VERMILLION, PURPLE = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7")
GROUPS = {"sgemm": (BLACK, "sgemm"), "fm_forward": (GREEN, "FM forward"), "fm_backward": (SKY, "FM backward"),
          "TrainStep": (VERMILLION, "step, peer's model"), "PresetStep": (BLUE, "step, preset A")}
MARKERS = [("o", 12), ("s", 8), ("D", 7), ("^", 8)]  # points of a group may lie upon each other

SGEMM = 200  # GFLOP/s, to which samples/s are scaled


class Case(dict):
    """A case of a report; a counter that it lacks ends the program by name."""

    def __missing__(self, counter):
        raise SystemExit(fail("%s: case %s has no '%s': expected a report of this version's c2al_bench" %
                              (self.path, self["name"], counter)))


def read(paths):
    """Cases by name without the suffixes of Google Benchmark."""
    cases = {}
    for path in paths:
        try:
            report = json.loads(pathlib.Path(path).read_text())
            for case in report["benchmarks"]:
                if case.get("run_type") == "iteration" and not case.get("error_occurred"):
                    name = re.sub(r"/(iterations:\d+|manual_time|real_time)", "", case["name"])
                    cases[name] = Case(case)
                    cases[name].path = path
        except OSError as error:
            raise SystemExit(fail("%s: %s" % (path, error.strerror)))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SystemExit(fail("%s: no JSON of c2al_bench" % path))
    return cases


def fail(message):
    print("performance_figures: %s" % message, file=sys.stderr)
    return 2


def point_label(group, name, case):
    numbers = dict(re.findall(r"(\w+):(\d+)", name))
    if group == "sgemm":
        return "%(M)s × %(N)s × %(K)s" % numbers
    if group.startswith("fm_"):
        return "%s, m %s, d %s, k %s" % (case["label"], numbers["m"], numbers["d"], numbers["k"])
    return name.split("/", 1)[1]


def rate(group, case, sgemm):
    """Median, least and greatest GFLOP/s: of a step beside the sgemm drawn (its own without one), of a kernel the median."""
    if not group.endswith("Step"):
        return (case["GFLOP/s_median"],) * 3
    return tuple(case["of_sgemm_%s" % k] * (sgemm or case["sgemm_GFLOP/s_median"]) for k in ("median", "min", "max"))


def roofline(cases):
    points = {group: [(n, c) for n, c in cases.items() if n.split("/")[0] == group and "FLOP/byte" in c] for group in GROUPS}
    # The fastest of each level of the memory: sizes may share one.
    found = [c for n, c in cases.items() if n.startswith("Triad/")]
    triads = {c["label"]: c for c in sorted(found, key=lambda c: c["GB/s_median"])}
    if "PeakFma" not in cases or not triads or not any(points.values()):
        return None
    peak = cases["PeakFma"]["GFLOP/s_median"]
    sgemm = next((c["GFLOP/s_median"] for n, c in points["sgemm"] if "M:2048" in n), None)
    figure, axes = plt.subplots(figsize=(10.5, 5.4))
    left, right = 0.4, 2000.0
    # The lowest point is well above the edge, on whatever machine.
    bottom = min([15.0] + [0.5 * rate(group, c, sgemm)[0] for group, found in points.items() for _, c in found])
    axes.set(xscale="log", yscale="log", xlim=(left, right), ylim=(bottom, peak * 1.4),
             xlabel="FLOP per byte of operands", ylabel="GFLOP/s, one core (median)")
    axes.axhline(peak, color=BLACK, lw=1.5)
    axes.text(right * 0.9, peak * 1.05, "FMA %.0f GFLOP/s" % peak, ha="right", va="bottom")
    for case in triads.values():
        bandwidth = case["GB/s_median"]
        axes.plot([left, peak / bandwidth], [bandwidth * left, peak], color="0.45", lw=1)
        start = max(left, bottom / bandwidth) * 1.12  # the label stands above its line, where that enters the picture
        ends = axes.transData.transform([(start, bandwidth * start), (2 * start, 2 * bandwidth * start)])
        if bandwidth * start < 0.6 * peak:
            axes.text(start, bandwidth * start * 1.08, "%s %.0f GB/s" % (case["label"], bandwidth), color="0.3", fontsize=9,
                      rotation=np.degrees(np.arctan2(*(ends[1] - ends[0])[::-1])), rotation_mode="anchor")
    for group, (colour, title) in GROUPS.items():
        for (marker, size), (name, case) in zip(MARKERS, points[group]):
            y, low, high = rate(group, case, sgemm)
            axes.errorbar([case["FLOP/byte"]], [y], yerr=[[y - low], [high - y]], fmt=marker, color=colour, ms=size,
                          mec="white", mew=0.8,
                          label="%s: %s" % (title, point_label(group, name, case)))
    axes.yaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%g"))
    axes.yaxis.set_minor_formatter(matplotlib.ticker.NullFormatter())
    axes.xaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%g"))
    axes.set_yticks([t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if bottom <= t <= peak * 1.4])
    axes.grid(color="0.92", lw=0.6)
    axes.set_axisbelow(True)
    handles, labels = axes.get_legend_handles_labels()
    axes.legend([h[0] for h in handles], labels, loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=9)
    return figure


def curve(cases, what, suffix=""):
    """Sizes in order and the cases there."""
    found = [(int(m.group(1)), c) for n, c in cases.items()
             if (m := re.fullmatch(r"Scaling/%s:(\d+)%s" % (what, suffix), n))]
    found.sort(key=lambda pair: pair[0])
    return [s for s, _ in found], [c for _, c in found]


def draw(axes, sizes, found, counter, scale, **style):
    """A counter's median, least and greatest, times a number or an array."""
    y, low, high = (np.array([c["%s_%s" % (counter, k)] for c in found]) * scale for k in ("median", "min", "max"))
    axes.errorbar(sizes, y, yerr=[y - low, high - y], capsize=2, ms=5, lw=1.4, **style)


def cost_curves(cases):
    panels = [("batch", "batch"), ("fields", "categorical fields"), ("dim", "embedding dimension d"), ("layers", "DHEN layers")]
    if not any(n.startswith("Scaling/") for n in cases):
        return None
    figure, grid = plt.subplots(2, 3, figsize=(12, 6.8), constrained_layout=True)
    figure.set_constrained_layout_pads(w_pad=0.12, h_pad=0.1)
    rows, summary = grid[0][0], grid[1][2]
    low, high = 0.6, 1.3
    for law, colour, marker in (("popular", BLUE, "o"), ("uniform", ORANGE, "s")):
        sizes, found = curve(cases, "rows", "/" + law)
        if sizes:
            draw(rows, sizes, found, "of_reference", 1, color=colour, fmt=marker + "-", label="%s rows" % law)
            low = min([low] + [c["of_reference_min"] - 0.05 for c in found])
            high = max([high] + [c["of_reference_max"] + 0.05 for c in found])
    rows.axhline(1, color="0.6", lw=0.8)
    rows.axhline(0.75, color="0.6", lw=0.8, ls="--", label="a loss of 25 %")
    rows.set(xscale="log", ylim=(low, high), xlabel="table rows (d = 16, row-wise Adagrad)",
             ylabel="samples/s against\n1 million rows, in turns")
    rows.legend(frameon=False, loc="upper left")
    for axes, (what, title), colour, marker in zip([grid[0][1], grid[0][2], grid[1][0], grid[1][1]], panels,
                                                   [VERMILLION, GREEN, BLUE, PURPLE], "sD^v"):
        sizes, found = curve(cases, what)
        axes.set(xlabel=title, ylabel="thousand samples/s\nat an sgemm of %d GFLOP/s" % SGEMM)
        if not sizes:
            continue
        # What the machine does besides slows a step and the sgemm beside it alike; their ratio is what a size decides.
        flop = np.array([c["FLOP/sample"] for c in found])
        draw(axes, sizes, found, "of_sgemm", 1e6 * SGEMM / flop, color=colour, fmt=marker + "-")
        if what != "layers":
            axes.set_xscale("log", base=2)
        axes.set_xticks(sizes, [str(s) for s in sizes])
        axes.minorticks_off()
        axes.set_ylim(0, 1.1 * max(c["of_sgemm_max"] * 1e6 * SGEMM / c["FLOP/sample"] for c in found))
        draw(summary, 1e-6 * flop, found, "of_sgemm", 1, color=colour, fmt=marker, label=what)
    summary.set_ylim(0, max(1.05, summary.get_ylim()[1]))
    summary.set(xscale="log", xlabel="MFLOP a sample and step", ylabel="GFLOP/s over the sgemm's beside it")
    summary.set_xticks([2, 5, 10, 20, 50], ["2", "5", "10", "20", "50"])
    summary.minorticks_off()
    summary.legend(frameon=False, loc="lower right", ncol=2)
    for axes in grid.flat:
        axes.grid(color="0.92", lw=0.6)
        axes.set_axisbelow(True)
    return figure


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("files", nargs="+", metavar="FILE.json")
    p.add_argument("--output", default=".", metavar="DIR", help="where to write (%(default)s)")
    p.add_argument("--format", default="png", choices=["png", "pdf", "svg"])
    a = p.parse_args()
    cases = read(a.files)
    figures = {name: figure for name, figure in (("roofline", roofline(cases)), ("cost_curves", cost_curves(cases))) if figure}
    if not figures:
        return fail("no cases to draw: c2al_bench --benchmark_filter='PeakFma|Triad|sgemm|fm_|Step/|Scaling'")
    try:
        pathlib.Path(a.output).mkdir(parents=True, exist_ok=True)
        for name, figure in figures.items():
            path = pathlib.Path(a.output) / ("%s.%s" % (name, a.format))
            figure.savefig(path, dpi=130, bbox_inches="tight")
            print(path)
    except OSError as error:
        return fail("--output %s: %s" % (a.output, error.strerror))
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
"""Draws a directory of runs from their HDF5 files alone.

usage: figures.py DIR [--output DIR/figures] [--format png|pdf|svg]

Every run found below DIR is used (results/SCHEMA.md describes the files). For each scenario it draws

  prediction_densities        served logits of the head and the tail cohort under plain training, all scenarios in one
  attention_SCENARIO          entries of the attention weights Y, plain against C2AL against every control, and the
                              primary statistic of every method beside plain's
  layers_SCENARIO_N           distributions of the layers around the Nth attention layer, plain against C2AL

and prints the files it wrote. Lines are means over seeds, bands one standard deviation over seeds. About a second a
picture. Exit code 2 when DIR holds no runs.
"""
import argparse
import collections
import pathlib
import sys

import h5py
import matplotlib
import matplotlib.ticker
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

# Okabe and Ito 2008, readable with colour-vision deficiencies.
BLACK, ORANGE, SKY, GREEN, BLUE, VERMILLION, PURPLE = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7")
COLOURS = {"plain": BLACK, "c2al": VERMILLION}
CONTROL_COLOURS = [BLUE, GREEN, PURPLE, ORANGE, SKY]
METHOD_ORDER = ["plain", "c2al", "plain_replica", "random_cohorts", "sham_cohorts", "duplicate_label"]
ROLES = ["preceding2", "preceding1", "attention_hidden", "attention_output", "Y", "G"]
ROLE_TITLES = {
    "preceding2": "second layer before\nattention MLP", "preceding1": "layer before\nattention MLP",
    "attention_hidden": "attention MLP,\nhidden layer", "attention_output": "attention MLP,\noutput layer",
    "Y": "attention weights Y", "G": "FM product G"}
GRID = 48  # points of a density, fewer than the histograms' 64 bins


class Layer:
    """One row of /attention/layers."""

    def __init__(self, role, tensor, kind, gini, lower, upper, counts):
        self.role, self.tensor, self.kind, self.gini = role, tensor, kind, gini
        self.edges = lower + np.arange(len(counts) + 1) * (upper - lower) / len(counts)
        self.counts = counts

    @property
    def rms(self):
        centres = (self.edges[1:] + self.edges[:-1]) / 2
        return np.sqrt(np.average(centres**2, weights=self.counts))

    def density(self, grid):
        """Density between the points of a grid, the histogram's mass spread evenly within its bins."""
        mass = np.concatenate([[0], np.cumsum(self.counts)]) / self.counts.sum()
        return np.diff(np.interp(grid, self.edges, mass, left=0, right=1)) / np.diff(grid)


class Run:
    """What the figures need of one file."""

    def __init__(self, file):
        self.scenario, self.method = file.attrs["scenario"], file.attrs["method"]
        self.seed = int(file.attrs["seed"])
        schema, predictions = file["schema"].attrs, file["predictions"]
        self.axis = schema["axis"]
        self.pair = (schema["head_cohort"], schema["tail_cohort"])
        self.logit = predictions["logit"][()]
        self.densities = dict(zip(predictions["cohort"].asstr()[()], predictions["density"][()]))
        self.attention_gini = float(file["attention"].attrs["attention_gini"])
        table = file["attention/layers"]
        columns = [table[name].asstr()[()] for name in ("role", "tensor", "kind", "cohort")]
        numbers = [table[name][()] for name in ("gini", "lower", "upper", "counts")]
        self.layers = [Layer(role, tensor, kind, *row) for role, tensor, kind, cohort, *row in zip(*columns, *numbers)
                       if cohort == "overall" and role != "other" and row[-1].sum() > 0]

    def attention_layers(self):
        """The recorded layers, one list for each layer of the trunk that has FM attention."""
        groups = []
        for layer in self.layers:
            if not groups or (layer.role.startswith("preceding") and groups[-1][-1].role == "G"):
                groups.append([])
            groups[-1].append(layer)
        return groups

    def last_y(self):
        return next((layer for layer in reversed(self.layers) if layer.role == "Y"), None)


def read_runs(directory):
    """{scenario: {method: [Run, by seed]}}"""
    runs = collections.defaultdict(lambda: collections.defaultdict(list))
    for path in sorted(directory.rglob("*.h5")):
        try:
            with h5py.File(path, "r") as file:
                if file.attrs.get("kind") != "run":
                    continue
                run = Run(file)
        except (OSError, KeyError) as error:
            print(f"figures: {path} is left out: {error}", file=sys.stderr)
            continue
        runs[run.scenario][run.method].append(run)
    for methods in runs.values():
        for found in methods.values():
            found.sort(key=lambda run: run.seed)
    return runs


def colours_of(methods):
    known = [name for name in METHOD_ORDER if name in methods]
    names = known + sorted(set(methods) - set(known))
    others = iter(CONTROL_COLOURS * len(names))
    return {name: COLOURS.get(name) or next(others) for name in names}


def common_grid(layers, tail=0.002):
    """A grid over what all but `tail` of every layer's mass covers."""
    limits = []
    for layer in layers:
        mass = np.concatenate([[0], np.cumsum(layer.counts)]) / layer.counts.sum()
        limits.append(np.interp([tail, 1 - tail], mass, layer.edges))
    low, high = np.min(limits, axis=0)[0], np.max(limits, axis=0)[1]
    return np.linspace(low, high, GRID + 1)


def draw_band(axes, grid, rows, colour, label, floor=None):
    """Mean over seeds as a line, one standard deviation as a band."""
    centres, rows = (grid[1:] + grid[:-1]) / 2, np.asarray(rows)
    mean = rows.mean(axis=0)
    axes.plot(centres, mean, color=colour, lw=1.4, label=label)
    if len(rows) > 1:
        deviation = rows.std(axis=0, ddof=1)
        low = mean - deviation if floor is None else np.maximum(mean - deviation, floor)
        axes.fill_between(centres, low, mean + deviation, color=colour, alpha=0.18, lw=0)


def seeds_text(count):
    return f"{count} seed{'s' if count != 1 else ''}"


def draw_prediction_densities(runs):
    scenarios = [name for name in sorted(runs) if "plain" in runs[name]]
    if not scenarios:
        return None
    columns = min(3, len(scenarios))
    figure, grid = plt.subplots(-(-len(scenarios) // columns), columns, squeeze=False, layout="constrained",
                                figsize=(max(3.6 * columns, 4.8), 2.7 * -(-len(scenarios) // columns)))
    for axes in grid.flat[len(scenarios):]:
        axes.remove()
    for axes, scenario in zip(grid.flat, scenarios):
        plain = runs[scenario]["plain"]
        low, high = min(run.logit[0] for run in plain), max(run.logit[-1] for run in plain)
        common = np.linspace(low, high, GRID + 1)
        first = plain[0]
        for colour, role, cohort in [(BLUE, "head", first.pair[0]), (ORANGE, "tail", first.pair[1])]:
            rows = []
            for run in plain:
                density = run.densities[f"{run.axis}/{cohort}"]
                mass = np.concatenate([[0], np.cumsum(density * np.diff(run.logit))])
                rows.append(np.diff(np.interp(common, run.logit, mass)) / np.diff(common))
            draw_band(axes, common, rows, colour, cohort if cohort == role else f"{cohort} ({role})", floor=0)
        axes.set_title(f"{scenario}, {first.axis}")
        axes.set_xlabel("predicted logit")
        axes.set_ylabel("density")
        axes.set_ylim(bottom=0)
        axes.legend()
    counts = sorted({len(runs[name]["plain"]) for name in scenarios})
    figure.suptitle(f"Predictions of plain training on the test split, {'-'.join(map(str, counts))} "
                    f"{'seed' if counts == [1] else 'seeds'}", fontsize=10)
    return figure


def draw_attention(scenario, methods):
    """Y over its own rms, since every statistic of concentration is scale-free; and Gini beside plain's, paired."""
    methods = {name: [run for run in found if run.last_y() is not None] for name, found in methods.items()}
    methods = {name: found for name, found in methods.items() if found}
    if "plain" not in methods:
        return None
    colours = colours_of(methods)
    scaled = {name: [Layer(y.role, y.tensor, y.kind, y.gini, y.edges[0] / y.rms, y.edges[-1] / y.rms, y.counts)
                     for y in (run.last_y() for run in found)] for name, found in methods.items()}
    grid = common_grid([y for layers in scaled.values() for y in layers])
    controls = [name for name in colours if name not in ("plain", "c2al")] or [None]
    figure, panels = plt.subplot_mosaic([[f"density{i}" for i in range(len(controls))] + ["gini"]],
                                        figsize=(2.5 * len(controls) + 4.2, 3.0), layout="constrained",
                                        width_ratios=[1] * len(controls) + [1.35])
    for i, control in enumerate(controls):
        axes = panels[f"density{i}"]
        for name in ["plain", "c2al", control]:
            if name in scaled:
                draw_band(axes, grid, [y.density(grid) for y in scaled[name]], colours[name], name, floor=1e-4)
        axes.set_yscale("log")
        axes.set_ylim(bottom=1e-3)
        axes.set_xlabel("entry of Y / rms")
        axes.legend(loc="lower center")
        if i == 0:
            axes.set_ylabel("density")
        else:
            axes.sharey(panels["density0"])
            axes.tick_params(labelleft=False)
    draw_gini(panels["gini"], methods, colours)
    figure.suptitle(f"{scenario}: attention weights of the last FM layer, {seeds_text(len(methods['plain']))}",
                    fontsize=10)
    return figure


def draw_gini(axes, methods, colours):
    """The primary statistic: every method minus plain, seed by seed, with mean and standard error."""
    plain = {run.seed: run.attention_gini for run in methods["plain"]}
    names = [name for name in colours if name != "plain"]
    for row, name in enumerate(names):
        differences = np.array([run.attention_gini - plain[run.seed] for run in methods[name] if run.seed in plain])
        if len(differences) == 0:
            continue
        axes.plot(differences, np.full(len(differences), row), "o", ms=3.5, color=colours[name], alpha=0.45, mew=0)
        error = differences.std(ddof=1) / np.sqrt(len(differences)) if len(differences) > 1 else 0
        axes.errorbar(differences.mean(), row, xerr=error, fmt="D", ms=5, color=colours[name], capsize=3)
    axes.axvline(0, color="0.6", lw=0.8, zorder=0)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.locator_params(axis="x", nbins=4)
    mean = np.mean(list(plain.values()))
    axes.set_xlabel(f"mean Gini of |Y(x)| minus plain's ({mean:.3f})\ndots: seeds; diamond: mean and standard error")


def draw_layers(scenario, methods, index):
    """The layers around one attention layer, parameters and activations apart."""
    shown = {name: [run.attention_layers()[index] for run in methods[name]] for name in ("plain", "c2al")
             if name in methods}
    cells = {(layer.role, layer.kind): layer.tensor for layer in shown["plain"][0]}
    roles = [role for role in ROLES if any((role, kind) in cells for kind in ("parameter", "activation"))]
    figure, grid = plt.subplots(2, len(roles), figsize=(2.3 * len(roles), 4.6), squeeze=False, layout="constrained")
    for column, role in enumerate(roles):
        grid[0, column].set_title(ROLE_TITLES[role], fontsize=9)
        for row, kind in enumerate(("parameter", "activation")):
            axes = grid[row, column]
            if (role, kind) not in cells:
                axes.set_axis_off()
                axes.text(0.5, 0.5, f"no {kind}" if role != "attention_output" else "its activation is Y",
                          ha="center", va="center", color="0.5", transform=axes.transAxes)
                continue
            layers = {name: [layer for run in found for layer in run if (layer.role, layer.kind) == (role, kind)]
                      for name, found in shown.items()}
            points = common_grid([layer for found in layers.values() for layer in found])
            for name, found in layers.items():
                draw_band(axes, points, [layer.density(points) for layer in found], COLOURS[name], name, floor=0)
            axes.set_xlabel(cells[role, kind], fontsize=8)
            if (role, kind) == ("attention_hidden", "activation"):
                # Half the outputs of a ReLU are 0; on a linear axis nothing else would show.
                axes.set_yscale("log")
                axes.set_ylim(bottom=1e-3)
                axes.set_ylabel("log scale", fontsize=7)
            else:
                axes.set_ylim(bottom=0)
            axes.set_yticks([])
            axes.minorticks_off()
            axes.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(4))
    for row, kind in enumerate(("parameters", "activations")):
        grid[row, 0].text(-0.12, 0.5, kind, rotation=90, ha="right", va="center", fontsize=10,
                          transform=grid[row, 0].transAxes)
    next(axes for axes in grid.flat if axes.lines).legend()
    figure.suptitle(f"{scenario}: layers around attention, density of their values, "
                    f"{seeds_text(len(shown['plain']))}", fontsize=10)
    return figure


def set_style():
    plt.rcParams.update({"font.size": 8, "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 9,
                         "legend.frameon": False, "legend.fontsize": 7.5, "figure.dpi": 110, "savefig.dpi": 160})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("directory", type=pathlib.Path, help="directory of runs, searched with its subdirectories")
    parser.add_argument("--output", type=pathlib.Path, help="where the pictures go (default DIR/figures)")
    parser.add_argument("--format", choices=["png", "pdf", "svg"], default="png")
    arguments = parser.parse_args()
    if not arguments.directory.is_dir():
        parser.error(f"{arguments.directory} is no directory")
    runs = read_runs(arguments.directory)
    if not runs:
        parser.error(f"{arguments.directory} holds no runs: expected HDF5 files that `c2al run` or `c2al suite` wrote")
    output = arguments.output or arguments.directory / "figures"
    output.mkdir(parents=True, exist_ok=True)
    set_style()

    def save(figure, name):
        if figure is None:
            return
        path = output / f"{name}.{arguments.format}"
        figure.savefig(path)
        plt.close(figure)
        print(path)

    save(draw_prediction_densities(runs), "prediction_densities")
    for scenario, methods in sorted(runs.items()):
        if "plain" not in methods:
            print(f"figures: {scenario} has no plain runs to compare with; left out", file=sys.stderr)
            continue
        save(draw_attention(scenario, methods), f"attention_{scenario}")
        for index in range(len(methods["plain"][0].attention_layers())):
            save(draw_layers(scenario, methods, index), f"layers_{scenario}_{index + 1}")


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Holds result files to results/SCHEMA.md, in both directions, with h5py; and plots one tensor.

usage: schema_test.py PROGRAM SCHEMA.md [WORKING_DIRECTORY]

PROGRAM writes one file of each kind into the directory it is given. Every path that the document's tables name for a
kind must be in its file with the documented shape, type and unit, and every object and attribute of a file must be
named by the document.
"""
import os
import re
import subprocess
import sys
import tempfile

import h5py
import matplotlib
import numpy

matplotlib.use("Agg")
import matplotlib.pyplot as plt

# Attributes that the document's conventions give to groups and datasets everywhere.
CONVENTIONAL = {"NX_class", "default", "signal", "axes", "units", "DIMENSION_LABELS"}
# Groups whose attributes are the run's own names.
FREE_ATTRIBUTES = {"/configuration/method_settings", "/configuration/data"}

failures = []


def check(condition, message):
    if not condition:
        failures.append(message)


class Row:
    """One row of a table of the document."""

    def __init__(self, section, cells):
        path, self.shape, self.type, self.unit = cells[:4]
        self.optional = path.startswith("(")
        self.path = path.strip("()").strip("`")
        self.section = section
        pattern = re.escape(self.path)
        pattern = re.sub(r"\\\{([^{}]*)\\\}", lambda m: self.alternatives(m.group(1)), pattern)
        self.regex = re.compile(pattern + r"\Z")

    @staticmethod
    def alternatives(name):
        return "(" + "|".join(name.split(",")) + ")" if "," in name else r"[^/@]+"

    @property
    def is_attribute(self):
        return "@" in self.path

    def rank(self):
        if self.shape == "scalar":
            return 0
        match = re.fullmatch(r"\((.*)\)", self.shape)
        return len(match.group(1).split(",")) if match else None


def read_rows(document):
    rows, section = [], None
    for line in open(document, encoding="utf-8"):
        if line.startswith("## "):
            section = line[3:].strip()
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 5 and cells[0].strip("(").startswith("`/"):
            rows.append(Row(section, cells))
    return rows


def objects_of(file):
    """{path: object or attribute value}; attributes as PATH@NAME or PATH/@NAME as the document writes them."""
    found = {}

    def add(path, node):
        if path != "/":
            found[path] = node
        if path in FREE_ATTRIBUTES:
            return
        for name, value in node.attrs.items():
            found[(path if path == "/" else path + "/") + "@" + name] = value

    add("/", file)
    file.visititems(lambda name, node: add("/" + name, node))
    return found


def check_dataset(label, row, node):
    text = h5py.check_string_dtype(node.dtype) is not None
    kinds = {"text": "SO", "integer": "iu", "real": "f"}
    check(text == (row.type == "text") and (text or node.dtype.kind in kinds[row.type]),
          f"{label}: has type {node.dtype}, documented as {row.type}")
    if row.rank() is not None:
        check(node.ndim == row.rank(), f"{label}: has shape {node.shape}, documented as {row.shape}")
    extents = re.fullmatch(r"\((.*)\)", row.shape)
    if extents:
        for found, expected in zip(node.shape, extents.group(1).split(",")):
            if expected.strip().isdigit():
                check(found == int(expected), f"{label}: has shape {node.shape}, documented as {row.shape}")
    check(text or node.attrs.get("units") == row.unit,
          f"{label}: has unit {node.attrs.get('units')!r}, documented as {row.unit!r}")
    if node.ndim > 0:
        check(all(node.dims[i].label for i in range(node.ndim)), f"{label}: a dimension has no name")


def check_attribute(label, row, value):
    expected = {"text": str, "integer": numpy.integer, "real": numpy.floating}[row.type]
    check(isinstance(value, expected), f"{label}: is {type(value).__name__}, documented as {row.type}")


def check_plots(label, file):
    """Every NXdata names a signal and axes that are there, and the root's default leads to something."""

    def visit(name, node):
        if isinstance(node, h5py.Group) and node.attrs.get("NX_class") == "NXdata":
            signal, axes = node.attrs["signal"], list(node.attrs["axes"])
            check(signal in node, f"{label}/{name}: its signal {signal!r} is missing")
            check(len(axes) == node[signal].ndim, f"{label}/{name}: {len(axes)} axes for a signal of {node[signal].ndim}")
            for dimension, axis in enumerate(axes):
                if axis == ".":
                    continue
                check(axis in node, f"{label}/{name}: its axis {axis!r} is missing")
                extent = node[signal].shape[dimension]
                check(node[axis].shape in [(extent,), (extent + 1,)],
                      f"{label}/{name}: axis {axis!r} does not fit its signal")

    file.visititems(visit)
    check(file.attrs["default"] in file, f"{label}: default {file.attrs['default']!r} is missing")


def check_file(path, sections, rows, complete):
    label = os.path.basename(path)
    rows = [row for row in rows if row.section in sections]
    with h5py.File(path, "r") as file:
        found = objects_of(file)
        for row in rows:
            matches = [name for name in found if row.regex.match(name)]
            check(matches or (row.optional and not complete),
                  f"{label}: {row.path} is documented but missing")
            for name in matches:
                node = found[name]
                if row.is_attribute:
                    check_attribute(f"{label}{name}", row, node)
                elif row.shape == "group":
                    check(isinstance(node, h5py.Group), f"{label}{name}: is no group")
                else:
                    check(isinstance(node, h5py.Dataset), f"{label}{name}: is no dataset")
                    check_dataset(f"{label}{name}", row, node)
        for name in found:
            if "@" in name and name.split("@")[1] in CONVENTIONAL:
                continue
            check(any(row.regex.match(name) for row in rows), f"{label}: {name} is not documented")
        check_plots(label, file)


def plot_tensor(path, picture):
    """Y of one probe sample, as the document tells a reader to find it."""
    with h5py.File(path, "r") as file:
        y = file["probe/activation/layer0/Y"]
        figure, axes = plt.subplots()
        image = axes.imshow(y[0], cmap="viridis")
        axes.set_xlabel(y.dims[2].label)
        axes.set_ylabel(y.dims[1].label)
        axes.set_title(f"Y of sample {file['probe/sample_id'][0]}, cohort {file['probe/cohort'].asstr()[0]}")
        figure.colorbar(image)
        figure.savefig(picture)
    shown = plt.imread(picture)
    check(shown.ndim == 3 and shown[..., :3].std() > 0.05, f"{picture}: the plot of Y is blank")


def main():
    program, document = sys.argv[1:3]
    rows = read_rows(document)
    check(len(rows) > 100, f"{document}: only {len(rows)} table rows were understood")
    with tempfile.TemporaryDirectory(dir=sys.argv[3] if len(sys.argv) > 3 else None) as directory:
        subprocess.run([program, directory], check=True)
        place = lambda name: os.path.join(directory, name)
        discovery = "Discoveries (and runs whose cohorts were discovered)"
        check_file(place("run_full.h5"), {"All files", "Runs", discovery}, rows, complete=True)
        check_file(place("run.h5"), {"All files", "Runs", discovery}, rows, complete=False)
        check_file(place("discovery.h5"), {"All files", discovery}, rows, complete=True)
        check_file(place("data.h5"), {"All files", "Data"}, rows, complete=True)
        plot_tensor(place("run_full.h5"), place("tensor.png"))
    for failure in failures:
        print(failure)
    print(f"{len(rows)} documented paths, {len(failures)} failures")
    sys.exit(1 if failures else 0)


main()

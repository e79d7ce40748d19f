#!/usr/bin/python3
"""Proves the recipe of CONTRIBUTING.md: its example method, dropped into baselines/ of a copy of this tree, is built,
listed, contract-tested and runnable, and no other file changes.

usage: recipe_test.py SOURCE_DIRECTORY BUILD_DIRECTORY

Copies what git tracks or would track (uncommitted changes included), or, where there is no git, everything but build
and result folders. Builds as BUILD_DIRECTORY was built, whose objects it takes up where ccache
keeps them (cmake/object_cache.cmake).
"""
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

UNTRACKED = {".git", "runs", "__pycache__"}
CONTRACT_TESTS = 5
begin = time.time()


def say(what):
    print(f"[{time.time() - begin:5.0f} s] {what}", flush=True)


def require(condition, message):
    if not condition:
        sys.exit(f"FAILED: {message}")


def run(*command, directory=None):
    done = subprocess.run(command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    require(done.returncode == 0, f"exit code {done.returncode} of {' '.join(command)}\n{done.stdout[-6000:]}")
    return done.stdout


def source_files(source):
    listed = subprocess.run(["git", "-C", source, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            capture_output=True)
    if listed.returncode == 0 and listed.stdout:
        names = listed.stdout.decode().split("\0")
        return [name for name in names if os.path.isfile(os.path.join(source, name))]
    names = []
    for folder, folders, files in os.walk(source):
        folders[:] = [name for name in folders if name not in UNTRACKED and not name.startswith("build")]
        names += [os.path.relpath(os.path.join(folder, name), source) for name in files]
    return names


def copy_tree(source, target):
    for name in source_files(source):
        os.makedirs(os.path.dirname(os.path.join(target, name)), exist_ok=True)
        shutil.copy2(os.path.join(source, name), os.path.join(target, name))


def digests(tree, build):
    found = {}
    for folder, folders, files in os.walk(tree):
        folders[:] = [name for name in folders if name != "__pycache__" and os.path.join(folder, name) != build]
        for name in files:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, tree)] = hashlib.sha256(file.read()).hexdigest()
    return found


def example_of(document):
    with open(document, encoding="utf-8") as file:
        found = re.search(r"`baselines/([a-z0-9_]+)\.cpp`:\n\n```cpp\n(.*?)```\n", file.read(), re.DOTALL)
    require(found, f"{document}: no example method under the name of its file")
    name, code = found.groups()
    lines = code.count("\n")
    require(lines < 40, f"{document}: the example has {lines} lines, promised are fewer than 40")
    say(f"{name}: {lines} lines")
    return name, code


def settings_of(build):
    """What decides how a build's objects come out."""
    with open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8") as file:
        lines = dict(line.rstrip("\n").split("=", 1) for line in file if re.match(r"[A-Za-z0-9_]+:[A-Z]+=", line))
    cached = {key.split(":")[0]: value for key, value in lines.items()}
    names = ("CMAKE_BUILD_TYPE", "CMAKE_CXX_COMPILER", "CMAKE_CXX_FLAGS", "CMAKE_CXX_FLAGS_RELWITHDEBINFO", "Kokkos_ROOT",
             "C2AL_MARCH", "C2AL_GEMM", "C2AL_OBJECT_CACHE")
    return [f"-D{name}={cached[name]}" for name in names if cached.get(name)]


def methods(program):
    return {method["name"]: method for method in json.loads(run(program, "list", "methods", "--json"))}


def main():
    source, built = (os.path.abspath(path) for path in sys.argv[1:3])
    with tempfile.TemporaryDirectory(prefix="c2al_recipe_") as place:
        tree = os.path.join(place, "tree")
        # Inside the tree the sources are where they were, seen from the build; a build elsewhere shares no objects.
        inside = os.path.commonpath([source, built]) == source
        build = os.path.join(tree, os.path.relpath(built, source)) if inside else os.path.join(place, "build")
        copy_tree(source, tree)
        name, code = example_of(os.path.join(tree, "CONTRIBUTING.md"))
        require(not os.path.exists(f"{tree}/baselines/{name}.cpp"), f"{name} is a method already")
        generator = ["-G", "Ninja"] if shutil.which("ninja") else []
        run("cmake", "-S", tree, "-B", build, *generator, *settings_of(built), "-DC2AL_BUILD_BENCH=OFF")
        compile_all = ["cmake", "--build", build, "-j", str(os.cpu_count()), "--target", "c2al", "c2al_test_baselines"]
        run(*compile_all)
        say("built without the method")
        program, before, known = os.path.join(build, "c2al"), digests(tree, build), methods(os.path.join(build, "c2al"))
        require(name not in known, f"{name} is listed before it is there")

        with open(f"{tree}/baselines/{name}.cpp", "w", encoding="utf-8") as file:
            file.write(code)
        warnings = re.findall(r".*warning:.*", run(*compile_all))
        require(not warnings, "\n".join(warnings))
        say("built with it")

        listed = methods(program)
        require(set(listed) == set(known) | {name}, f"listed are {sorted(listed)}")
        require(all(setting["unit"] for setting in listed[name]["settings"]), f"a setting of {name} has no unit")
        tests = run(os.path.join(build, "tests", "c2al_test_baselines"), f"--gtest_filter=*/{name}")
        passed = re.search(r"\[  PASSED  \] (\d+) tests", tests)
        require(passed and int(passed[1]) >= CONTRACT_TESTS, tests)
        say(f"{passed[1]} contract tests pass")

        result = os.path.join(place, "result.h5")
        sizes = [word for split, size in {"train": 3000, "discovery": 1000, "validation": 1000, "test": 1000}.items()
                 for word in ("--set", f"splits.{split}={size}")]
        printed = json.loads(run(program, "run", f"{tree}/scenarios/preset_a.toml", "--method", name, "--quiet", "--json",
                                 "--output", result, *sizes))
        require(printed["method"] == name and printed["test"]["overall"]["ne"] > 0, str(printed))
        require(os.path.getsize(result) > 0, "no result")
        say("runs")

        after = digests(tree, build)
        changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        require(changed == {f"baselines/{name}.cpp"}, f"these files changed: {sorted(changed)}")
    say("no other file changed")


main()

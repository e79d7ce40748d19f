#!/usr/bin/env bash
# What is too long for every change: headers on their own, the tests under sanitizers and in the machine-independent
# build, all presets with 16 seeds. Several hours on 2 cores; results in runs/nightly.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
scripts/build.sh

echo "nightly: every header compiles alone"
includes=(-I. -Ibuild/release/generated -isystem /usr/include/trilinos -isystem /usr/include/eigen3
          -isystem /usr/include/hdf5/serial)
git ls-files '*.hpp' | xargs -P "$(nproc)" -I{} \
  sh -c 'echo "#include \"{}\"" | g++ -std=c++20 -fsyntax-only -Wall -Wextra "$@" -x c++ - || { echo "{}" >&2; exit 255; }' \
  header "${includes[@]}" '-DC2AL_BINARY=""'

for preset in guard asan; do
  echo "nightly: tests of the preset $preset"
  cmake --preset "$preset"
  cmake --build "build/$preset"
  ctest --test-dir "build/$preset" --output-on-failure -j "$(nproc)" -LE guard
done

echo "nightly: 10 minutes of fuzzing each, another seed every day"
for target in table scenario; do
  corpora=(tests/fuzz/corpus/$target)
  [ "$target" = scenario ] && corpora+=(scenarios/*.toml scenarios/*/*.toml)
  build/asan/tests/c2al_fuzz_$target 600 "$(date +%Y%m%d)" "${corpora[@]}"
done

echo "nightly: all presets"
build/release/c2al suite scenarios/suites/presets.toml -j "$(nproc)" --output runs/nightly
build/release/c2al report runs/nightly --write runs/nightly/report
/usr/bin/python3 scripts/figures.py runs/nightly --output runs/nightly/figures

echo "nightly: peaks, kernels, steps and cost curves up to 100 million embedding rows (8 GB)"
build/release/c2al_bench --benchmark_filter='PeakFma|Triad|RandomRows|LargeTable|^sgemm|^fm_|Step/|Scaling/' \
  --benchmark_out=runs/nightly/performance.json
/usr/bin/python3 scripts/performance_figures.py runs/nightly/performance.json --output runs/nightly/figures

#!/usr/bin/env bash
# The performance guard: instructions of one training step, counted by valgrind's callgrind in the build build/guard
# (preset guard: -march=x86-64-v3, Eigen), against tests/guard/instructions.txt with a tolerance of 5 %. Counts do not
# depend on what else the machine does.
#   scripts/guard.sh           compares; 0: within, 1: beyond, or the figures are unusable, 77: the figures hold for other
#                              tools, nothing was compared
#   scripts/guard.sh --store   counts and rewrites the file for this machine's tools
# C2AL_GUARD=required makes 1 of 77: continuous integration, which must not lose its guard to an update unnoticed.
set -euo pipefail
cd "$(dirname "$0")/.."

stored=tests/guard/instructions.txt
profiles=build/guard/profiles
tolerance=5 # percent

fail() {
  echo "guard: FAILED: $1" >&2
  exit 1
}
skip() {
  [ "${C2AL_GUARD:-}" != required ] || fail "C2AL_GUARD=required, and nothing was compared: $1"
  echo "guard: SKIPPED, nothing was compared: $1"
  exit 77
}

store=false
case "$*" in
  "") ;;
  --store) store=true ;;
  *)
    echo "usage: scripts/guard.sh [--store]" >&2
    exit 2
    ;;
esac
command -v valgrind >/dev/null || skip "valgrind is not installed (scripts/setup.sh installs it)"
grep -qw avx2 /proc/cpuinfo || skip "this processor does not know AVX2, which the build takes"

# The build is the same whatever the environment says elsewhere; the preset itself empties CMAKE_CXX_FLAGS.
unset CXXFLAGS CFLAGS LDFLAGS Kokkos_ROOT KOKKOS_ROOT
cmake --preset guard >/dev/null

# What a count depends on beside the sources: what a preset says, and what a machine brings.
info=build/guard/generated/build_info.hpp
built() { sed -n "s/.*build_$1 = \"\(.*\)\";/\1/p" "$info"; }
for name in type march gemm_library compiler kokkos_version kokkos_devices; do
  [ -n "$(built "$name")" ] || fail "$info: no build_$name: CMakeLists.txt writes it"
done
field() { sed -n "s/^$1: //p" "$stored"; }
gemm=$(built gemm_library)
preset="$(built type) -march=$(built march), GEMM ${gemm%% *}"
tools="$(built compiler), $gemm, Kokkos $(built kokkos_version) ($(built kokkos_devices)),"
tools+=" $(getconf GNU_LIBC_VERSION), $(valgrind --version)"
if ! $store; then
  [ -f "$stored" ] || fail "$stored: no such file: 'scripts/guard.sh --store' writes it"
  for name in preset tools; do
    [ -n "$(field "$name")" ] || fail "$stored: no line '$name: ...': 'scripts/guard.sh --store' writes it"
  done
  [ "$preset" = "$(field preset)" ] || fail "$stored: preset: $(field preset): this build is $preset"
  [ "$tools" = "$(field tools)" ] ||
    skip "the stored figures hold for $(field tools); this is $tools. 'scripts/guard.sh --store' makes figures for it."
fi

cmake --build build/guard --target c2al_step_guard
program=build/guard/tests/c2al_step_guard
rm -rf "$profiles"
mkdir -p "$profiles"

# Counts a case: "NAME INSTRUCTIONS_PER_STEP". The environment is emptied, since its size moves the stack.
count() {
  local profile=$profiles/${1//\//.} steps
  steps=$(env -i "$valgrind" --tool=callgrind --callgrind-out-file="$profile" --toggle-collect=counted_steps \
    "$program" "$1" 2>"$profile.log") || {
    cat "$profile.log" >&2
    exit 1
  }
  echo "$1 $(($(sed -n 's/^totals: //p' "$profile") / steps))"
}
counts=$profiles/counts.txt
export -f count
valgrind=$(command -v valgrind)
export profiles program valgrind
"$program" | xargs -P "$(nproc)" -I{} bash -c 'set -euo pipefail; count {}' | sort >"$counts"

if $store; then
  {
    echo "# Instructions of one training step; written by 'scripts/guard.sh --store', compared by scripts/guard.sh."
    echo "preset: $preset"
    echo "tools: $tools"
    cat "$counts"
  } >"$stored.new"
  mv "$stored.new" "$stored"
  cat "$counts"
  exit 0
fi

awk -v tolerance="$tolerance" -v file="$stored" -v profiles="$profiles" '
  FNR == NR { if (!/^#/ && $1 !~ /:$/) expected[$1] = $2; next }
  {
    if (!($1 in expected)) {
      printf "guard: %s: no figure in %s: store one with scripts/guard.sh --store\n", $1, file
      failed = 1; next
    }
    change = 100 * ($2 / expected[$1] - 1)
    printf "guard: %-18s %12d instructions a step, stored %12d, %+.2f %%\n", $1, $2, expected[$1], change
    name = $1; sub("/", ".", name)
    if (change > tolerance) {
      printf "guard: %s: FAILED, more than %d %% above. Where: callgrind_annotate %s/%s\n", $1, tolerance, profiles, name
      failed = 1
    }
    if (change < -tolerance) {
      printf "guard: %s: FAILED, more than %d %% below. Keep the gain: scripts/guard.sh --store\n", $1, tolerance
      failed = 1
    }
    delete expected[$1]
  }
  END {
    for (name in expected) { printf "guard: %s: in %s, but no case of the program\n", name, file; failed = 1 }
    exit failed
  }' "$stored" "$counts"

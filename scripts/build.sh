#!/usr/bin/env bash
# Configures (once) and builds targets of the release preset: scripts/build.sh [TARGET...]; all targets by default.
# KOKKOS_ROOT or Kokkos_ROOT in the environment points at a Kokkos of your own.
set -euo pipefail
cd "$(dirname "$0")/.."

kokkos=${Kokkos_ROOT:-${KOKKOS_ROOT:-}}
configured=$(sed -n 's/^Kokkos_ROOT:[^=]*=//p' build/release/CMakeCache.txt 2>/dev/null || true)
if [ ! -f build/release/build.ninja ] || [ "$kokkos" != "$configured" ]; then
  cmake --preset release ${kokkos:+--fresh "-DKokkos_ROOT=$kokkos"}
fi
cmake --build build/release --target "${@:-all}"

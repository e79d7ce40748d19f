#!/usr/bin/env bash
# Configures (once) and builds targets of the release preset: scripts/build.sh [TARGET...]; all targets by default.
# KOKKOS_ROOT or Kokkos_ROOT in the environment points at a Kokkos of your own.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ ! -f build/release/build.ninja ]; then
  cmake --preset release
fi
cmake --build build/release --target "${@:-all}"

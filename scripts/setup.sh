#!/usr/bin/env bash
# Installs what c2al needs on Debian 12 (or a relative of it): compilers, libraries, Python packages for figures.
# With root or password-less sudo it installs what is missing; otherwise it names the packages and stops.
set -euo pipefail

packages=(
  g++ cmake ninja-build ccache git ca-certificates
  libtrilinos-kokkos-dev libeigen3-dev libdnnl-dev
  libhdf5-dev libcxxopts-dev libtoml11-dev nlohmann-json3-dev libfmt-dev libspdlog-dev
  libboost-math-dev librandom123-dev zlib1g-dev libzstd-dev
  libgtest-dev libgmock-dev libbenchmark-dev
  clang-format valgrind
  curl python3 python3-h5py python3-numpy python3-matplotlib
)

if ! command -v dpkg-query >/dev/null; then
  echo "setup: this is no Debian-like system; install by hand what corresponds to: ${packages[*]}" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ "${#missing[@]}" -eq 0 ]; then
  echo "setup: everything is installed"
  exit 0
fi

run_as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    run_as_root=(sudo)
  else
    echo "setup: these packages are missing, and installing them takes root:" >&2
    echo "  apt-get install ${missing[*]}" >&2
    exit 1
  fi
fi

echo "setup: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${run_as_root[@]}" apt-get update -qq
"${run_as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
echo "setup: done"

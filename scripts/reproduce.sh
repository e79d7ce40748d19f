#!/usr/bin/env bash
# Set up, build, run the quick reproduction, print the verdicts. About 4 minutes on 2 cores the first time, seconds the
# second time: finished runs are kept in runs/quick and skipped.
#   scripts/reproduce.sh [-j JOBS]
# Where a run fails, the report is made of those that ended well and the exit code is 1.
set -euo pipefail
cd "$(dirname "$0")/.."

jobs=$(nproc)
while getopts "j:" option; do
  case "$option" in
    j) jobs=$OPTARG ;;
    *) echo "usage: scripts/reproduce.sh [-j JOBS]" >&2; exit 2 ;;
  esac
done

scripts/setup.sh
scripts/build.sh c2al
status=0
build/release/c2al suite scenarios/suites/quick.toml -j "$jobs" --output runs/quick || status=$?
# 2: runs/quick holds results of another suite or configuration; 130: stopped by a signal.
case "$status" in 0 | 1) ;; *) exit "$status" ;; esac
build/release/c2al report runs/quick --write runs/quick/report >/dev/null
/usr/bin/python3 scripts/figures.py runs/quick --output runs/quick/figures
build/release/c2al report runs/quick --verdicts
echo
echo "report:  runs/quick/report/report.md (also .csv, .tex, .json)"
echo "figures: runs/quick/figures/"
exit "$status"

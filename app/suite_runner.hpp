#pragma once
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <functional>

#include "app/suite_plan.hpp"

namespace c2al {

/// How a suite is run.
struct SuiteOptions {
  std::size_t jobs = 1;              ///< child processes at a time, >= 1
  std::filesystem::path output;      ///< directory of the results
  std::filesystem::path data;        ///< handed to the children as --data; empty: none
  std::filesystem::path executable;  ///< called as `EXECUTABLE run SCENARIO ...` and `EXECUTABLE discover SCENARIO ...`
  std::function<bool()> stop;        ///< true: stop all children and return
  std::FILE* progress = stderr;
};

/// What became of one call.
struct SuiteOutcome {
  std::size_t items = 0;   ///< work items that were missing
  std::size_t failed = 0;  ///< of these, and discoveries
  std::size_t runs = 0;    ///< result files written
  double wall_seconds = 0;
  double cpu_seconds = 0;  ///< of all children, user and system
  bool stopped = false;
};

/// Runs what is missing: first the discovery of every scenario that needs one, then the work items, those with the most
/// samples to train on first, so that no job is left with a long one at the end. What they write does not depend on
/// order or number of jobs. Every failure is
/// kept in failures.jsonl and the suite goes on; a success removes the entry of an earlier failure. Work items of a
/// scenario whose discovery failed are counted as failed without being started.
/// Throws UsageError when the directory holds another suite, RunError when it cannot be written.
SuiteOutcome run_suite(const SuitePlan& plan, const SuiteOptions& options);

}  // namespace c2al

#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "results/suite_directory.hpp"
#include "scenarios/scenario.hpp"

namespace c2al {

/// A suite with its scenarios parsed.
struct SuitePlan {
  Suite suite;
  std::vector<Scenario> scenarios;  ///< with the suite's overrides, in the suite's order
};

/// (scenario, seed) with the methods whose result file is missing: one child process.
struct WorkItem {
  std::size_t scenario = 0;  ///< index into SuitePlan::scenarios
  std::uint64_t seed = 0;
  std::vector<std::string> methods;
};

/// Parses a suite and all its scenarios. Throws UsageError for what the parsers reject, an unknown method, or two
/// scenarios of one name (their results would share a folder).
SuitePlan load_suite(const std::filesystem::path& file);

/// Builds every method of the suite on a small sample of every scenario's data, so that a wrong setting or a method
/// that cannot run on a scenario is found before hours are spent. Where the pair is yet to be discovered only the data
/// are checked. Throws UsageError or RunError beginning with the scenario's file.
/// @param data_directory  of --data; empty when not given
void validate_suite(const SuitePlan& plan, const std::filesystem::path& data_directory);

/// What suite.json says of a plan.
SuiteManifest manifest_of(const SuitePlan& plan);

/// Work items whose files are not all in `directory`, scenario after scenario, seed after seed.
std::vector<WorkItem> missing_work(const SuitePlan& plan, const std::filesystem::path& directory);

}  // namespace c2al

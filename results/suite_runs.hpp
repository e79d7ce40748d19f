#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "results/store.hpp"
#include "results/suite_directory.hpp"

namespace c2al {

/// A run that the suite asked for and that has no file.
struct MissingRun {
  std::string method;
  std::uint64_t seed = 0;
  std::string reason;  ///< last line of its failure message; empty when it was not tried
};

/// All runs of one scenario.
struct ScenarioRuns {
  std::string name, title;
  std::vector<std::string> methods;  ///< plain first, then as the suite lists them, then others by name
  std::map<std::string, std::map<std::uint64_t, RunSummary>> runs;  ///< by method and seed; only methods with runs
  std::vector<MissingRun> missing;
  std::optional<DiscoveryRecord> discovery;
};

/// A scenario that the suite asked for and that has no run at all.
struct EmptyScenario {
  std::string name;
  std::string reason;  ///< last line of a failure message; empty when it was not tried
};

/// All runs of a suite's directory.
struct SuiteRuns {
  std::string name, title;
  std::vector<EmptyScenario> empty;
  std::vector<ScenarioRuns> scenarios;  ///< as the suite lists them, then others by name
  std::vector<std::string> git_hashes;  ///< of the source trees the runs were made with, sorted, distinct
};

/// Reads DIRECTORY/<scenario>/<method>/seed_*.h5 and suite.json, when there is one. The order of files on disk does not
/// matter. Throws RunError naming the file when the directory is missing or holds no runs, a file is damaged or not
/// where it belongs, or two runs of a scenario were made with different configurations.
SuiteRuns load_runs(const std::filesystem::path& directory);

}  // namespace c2al

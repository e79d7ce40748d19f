#include "results/suite_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.hpp"

namespace c2al {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> sorted_entries(const fs::path& directory) {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(directory)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// `wanted` in their order as far as they are in `found`, then the rest of `found`, which is sorted.
std::vector<std::string> ordered(const std::vector<std::string>& wanted, const std::set<std::string>& found) {
  std::vector<std::string> result;
  for (const std::string& name : wanted)
    if (found.count(name) > 0) result.push_back(name);
  for (const std::string& name : found)
    if (std::find(result.begin(), result.end(), name) == result.end()) result.push_back(name);
  return result;
}

void require_equal_configuration(const RunSummary& first, const RunSummary& run) {
  if (first.resolved_configuration == run.resolved_configuration) return;
  throw RunError(
      fmt::format("{}: made with another configuration than {}: runs of one scenario must share all settings "
                  "(c2al inspect tells what differs)",
                  run.file.string(), first.file.string()));
}

void load_method(const fs::path& directory, const std::string& scenario, const std::string& method,
                 ScenarioRuns& result) {
  for (const fs::path& file : sorted_entries(directory)) {
    const std::string name = file.filename().string();
    if (file.extension() != ".h5" || name.rfind("seed_", 0) != 0) continue;
    RunSummary run = read_run(file);
    if (run.scenario != scenario || run.method != method || name != fmt::format("seed_{:06}.h5", run.seed))
      throw RunError(fmt::format("{}: holds scenario '{}', method '{}', seed {}: expected what its path says",
                                 file.string(), run.scenario, run.method, run.seed));
    if (!result.runs.empty()) require_equal_configuration(result.runs.begin()->second.begin()->second, run);
    const std::uint64_t seed = run.seed;
    result.runs[method].emplace(seed, std::move(run));
  }
}

ScenarioRuns load_scenario(const fs::path& directory) {
  ScenarioRuns result;
  result.name = directory.filename().string();
  for (const fs::path& entry : sorted_entries(directory))
    if (fs::is_directory(entry)) load_method(entry, result.name, entry.filename().string(), result);
  if (result.runs.empty()) return result;
  const RunSummary& first = result.runs.begin()->second.begin()->second;
  const auto configuration = nlohmann::json::parse(first.resolved_configuration, nullptr, false);
  if (configuration.is_object()) result.title = configuration.value("title", "");
  if (const fs::path file = discovery_file(directory.parent_path(), result.name); fs::exists(file))
    result.discovery = read_discovery(file);
  else if (first.has_discovery)
    result.discovery = read_discovery(first.file);
  return result;
}

std::string failure_reason(const std::vector<FailureRecord>& failures, const std::string& scenario,
                           std::uint64_t seed) {
  for (const FailureRecord& failure : failures)
    if (failure.scenario == scenario && (!failure.seed || *failure.seed == seed))
      return failure.message.substr(failure.message.find_last_of('\n') + 1);
  return "";
}

/// Runs that some method of the scenario, or the suite, has and another lacks.
void list_missing(ScenarioRuns& scenario, const SuiteManifest& manifest, const std::vector<FailureRecord>& failures) {
  std::set<std::uint64_t> seeds(manifest.seeds.begin(), manifest.seeds.end());
  for (const auto& [method, runs] : scenario.runs)
    for (const auto& [seed, run] : runs) seeds.insert(seed);
  for (const std::string& method : scenario.methods) {
    const auto runs = scenario.runs.find(method);
    for (std::uint64_t seed : seeds)
      if (runs == scenario.runs.end() || runs->second.count(seed) == 0)
        scenario.missing.push_back({method, seed, failure_reason(failures, scenario.name, seed)});
  }
}

}  // namespace

SuiteRuns load_runs(const fs::path& directory) {
  if (!fs::is_directory(directory))
    throw RunError(fmt::format("{}: no such directory: expected one that c2al suite wrote", directory.string()));
  const SuiteManifest manifest = read_manifest(directory).value_or(SuiteManifest{});
  const std::vector<FailureRecord> failures = read_failures(directory);

  std::map<std::string, ScenarioRuns> loaded;
  std::set<std::string> names, hashes;
  for (const fs::path& entry : sorted_entries(directory)) {
    if (!fs::is_directory(entry)) continue;
    ScenarioRuns scenario = load_scenario(entry);
    if (scenario.runs.empty()) continue;
    names.insert(scenario.name);
    loaded[scenario.name] = std::move(scenario);
  }
  if (loaded.empty())
    throw RunError(fmt::format("{}: no results: expected SCENARIO/METHOD/seed_NNNNNN.h5 below it", directory.string()));

  SuiteRuns result;
  result.name = manifest.name.empty() ? fs::weakly_canonical(directory).filename().string() : manifest.name;
  result.title = manifest.title;
  std::vector<std::string> listed;
  for (const auto& entry : manifest.scenarios) listed.push_back(entry.name);
  for (const std::string& name : ordered(listed, names)) {
    ScenarioRuns& scenario = loaded[name];
    std::vector<std::string> methods = manifest.methods;
    methods.insert(methods.begin(), "plain");
    std::set<std::string> found(manifest.methods.begin(), manifest.methods.end());
    for (const auto& [method, runs] : scenario.runs) found.insert(method);
    scenario.methods = ordered(methods, found);
    scenario.methods.erase(std::unique(scenario.methods.begin(), scenario.methods.end()), scenario.methods.end());
    list_missing(scenario, manifest, failures);
    for (const auto& [method, runs] : scenario.runs)
      for (const auto& [seed, run] : runs)
        if (const auto hash = run.provenance.find("git_hash"); hash != run.provenance.end())
          hashes.insert(hash->second);
    result.scenarios.push_back(std::move(scenario));
  }
  result.git_hashes.assign(hashes.begin(), hashes.end());
  for (const auto& entry : manifest.scenarios)
    if (names.count(entry.name) == 0)
      result.empty.push_back(
          {entry.name, failure_reason(failures, entry.name, manifest.seeds.empty() ? 0 : manifest.seeds.front())});
  return result;
}

}  // namespace c2al

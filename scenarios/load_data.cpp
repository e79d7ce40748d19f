#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "scenarios/cached_dataset.hpp"
#include "scenarios/scenario.hpp"

namespace c2al {

namespace {

/// The files a user must have, as the owner names them.
std::vector<std::string> needed_files(const DatasetDescription& description) {
  std::vector<std::string> files;
  for (const DatasetFile& file : description.files) files.push_back(file.name + (file.optional ? " (optional)" : ""));
  for (const DatasetJoin& join : description.joins) files.push_back(join.file.name);
  return files;
}

}  // namespace

ScenarioData load_data(const Scenario& scenario, std::uint64_t seed, const std::filesystem::path& data_directory) {
  ScenarioData data;
  if (scenario.world) {
    synthetic::GeneratedData generated = synthetic::generate(*scenario.world, scenario.splits, seed);
    data.source = std::move(generated.source);
    data.world = std::move(generated.summary);
    return data;
  }
  const DatasetConfig& config = *scenario.dataset;
  if (data_directory.empty())
    throw UsageError(
        fmt::format("scenario '{}' reads the data set '{}': pass --data DIR, the directory that holds {}; or --data "
                    "FILE.h5, which c2al prepare wrote",
                    scenario.name, config.name, fmt::join(needed_files(*config.description), ", ")));
  return load_cached(config, data_directory);
}

}  // namespace c2al

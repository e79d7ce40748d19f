#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "scenarios/cached_dataset.hpp"
#include "scenarios/datasets/catalogue.hpp"
#include "scenarios/scenario.hpp"

namespace c2al {

namespace {

/// The files a user must have, as the owner names them.
std::vector<std::string> needed_files(const DatasetConfig& config, const DatasetEntry* entry) {
  if (entry != nullptr) return entry->files;
  std::vector<std::string> files;
  for (const DatasetFile& file : config.description->files)
    files.push_back(file.name + (file.optional ? " (optional)" : ""));
  for (const DatasetJoin& join : config.description->joins) files.push_back(join.file.name);
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
  const DatasetEntry* entry = find_dataset(config.name);
  if (data_directory.empty())
    throw UsageError(
        fmt::format("scenario '{}' reads the data set '{}': pass --data DIR, the directory that holds {}; or --data "
                    "FILE.h5, which c2al prepare wrote",
                    scenario.name, config.name, fmt::join(needed_files(config, entry), ", ")));
  if (config.description && (entry == nullptr || data_directory.extension() == ".h5"))
    return load_cached(config, data_directory);
  LoadedDataset loaded = entry->load(config, data_directory);
  data.source = std::move(loaded.source);
  data.facts = std::move(loaded.facts);
  return data;
}

}  // namespace c2al

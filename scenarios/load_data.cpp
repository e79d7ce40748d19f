#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "scenarios/datasets/catalogue.hpp"
#include "scenarios/scenario.hpp"

namespace c2al {

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
  if (entry == nullptr)
    throw UsageError(fmt::format("scenario '{}': unknown data set '{}'", scenario.name, config.name));
  if (data_directory.empty())
    throw UsageError(fmt::format("scenario '{}' reads the data set '{}': pass --data DIR, the directory that holds {}",
                                 scenario.name, entry->name, fmt::join(entry->files, ", ")));
  LoadedDataset loaded = entry->load(config, data_directory);
  data.source = std::move(loaded.source);
  data.facts = std::move(loaded.facts);
  return data;
}

}  // namespace c2al

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
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
  for (const DatasetEntry& entry : dataset_catalogue()) {
    if (entry.name != scenario.dataset->name) continue;
    if (data_directory.empty()) {
      std::vector<std::string> files;
      for (const DatasetFile& file : entry.files)
        if (file.required) files.push_back(file.name);
      throw UsageError(
          fmt::format("scenario '{}' reads the data set '{}': pass --data DIR, the directory that holds {}",
                      scenario.name, entry.name, fmt::join(files, ", ")));
    }
    LoadedDataset loaded = entry.load(*scenario.dataset, data_directory);
    data.source = std::move(loaded.source);
    data.facts = std::move(loaded.facts);
    return data;
  }
  throw UsageError(fmt::format("scenario '{}': unknown data set '{}'", scenario.name, scenario.dataset->name));
}

}  // namespace c2al

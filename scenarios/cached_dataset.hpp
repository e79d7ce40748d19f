#pragma once
#include <filesystem>

#include "scenarios/datasets/dataset.hpp"
#include "scenarios/datasets/description.hpp"
#include "scenarios/scenario.hpp"

namespace c2al {

/// Reads a described data set through its cache. `data` is a file that c2al prepare wrote, which must agree with the
/// scenario in data set, axes, inputs and splits; or the owner's files, which are prepared once below runs/cache of the
/// working directory. The cache's name there stands for the description, the options, and name, size and time of change
/// of every file.
/// Throws UsageError where a prepared file disagrees, RunError as prepare and CachedSource do.
ScenarioData load_cached(const DatasetConfig& config, const std::filesystem::path& data);

/// The description with the scenario's shares and seed of the splits.
DatasetDescription configured_description(const DatasetConfig& config);

}  // namespace c2al

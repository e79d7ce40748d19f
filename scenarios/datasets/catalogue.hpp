#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/datasets/dataset.hpp"

namespace c2al {

/// An entry of the data set catalogue.
struct DatasetEntry {
  std::string name, summary;
  std::vector<std::string> axes;                  ///< names of the cohort axes it offers
  std::vector<std::vector<std::string>> cohorts;  ///< of each axis, in the order of `axes`
  std::vector<std::string> files;                 ///< as the owner names them; optional ones say so
  std::string licence, source;                    ///< terms of use; where to get the files
  /// Reads the files in a directory. Throws RunError naming a missing file, its source and checksum, or the damaged
  /// line.
  LoadedDataset (*load)(const DatasetConfig& config, const std::filesystem::path& directory) = nullptr;
};

/// Every data set that can be read, by name.
const std::vector<DatasetEntry>& dataset_catalogue();

/// The entry of a name; null when there is none.
const DatasetEntry* find_dataset(const std::string& name);

}  // namespace c2al

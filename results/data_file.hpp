#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/data/data_source.hpp"

namespace c2al {

/// What a synthetic world turned out to be; results/SCHEMA.md, /world.
struct WorldFacts {
  double intercept = 0, linear_variance = 0, global_variance = 0;
  /// (axis, cohort) of the schema's first axes; cohorts of later axes have none.
  std::vector<std::vector<double>> specific_variance;
};

/// Where a file of samples comes from.
struct DataRecord {
  std::string scenario;
  std::uint64_t seed = 0;
  std::string scenario_text, resolved_configuration;
  std::vector<std::pair<std::string, std::string>> facts;
  const WorldFacts* world = nullptr;  ///< null for real data
  std::vector<std::pair<std::string, double>> timing;
};

/// Writes every column of all four splits, as write_run writes a run; holds one split in memory at a time.
void write_data(const std::filesystem::path& file, const DataRecord& record, const DataSource& source);

}  // namespace c2al

#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "core/data/memory_source.hpp"
#include "synthetic/world_config.hpp"

namespace c2al::synthetic {

/// What a world turned out to be, for statistical tests and for the result files.
struct WorldSummary {
  double intercept = 0;                    ///< b, solved so that the base rate is met
  std::vector<std::uint32_t> vocabularies; ///< of every schema field
  double linear_variance = 0;              ///< of each term in the population, after its strength
  double global_variance = 0;
  /// (axis, cohort) variance of the cohort-only interactions within the cohort, after their strength
  std::vector<std::vector<double>> specific_variance;
};

/// A world and its samples.
struct GeneratedData {
  std::unique_ptr<MemorySource> source;
  WorldSummary summary;
};

/// Draws the world of `seed` and its four splits. Same seed, same bytes. Throws UsageError for a description that cannot
/// be met (shares not summing to 1, no fields, negative strengths, base rate outside (0, 1), fewer active fields than a
/// pair needs).
GeneratedData generate(const WorldConfig& world, const SplitSizes& splits, std::uint64_t seed);

}  // namespace c2al::synthetic

#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "core/data/memory_source.hpp"
#include "synthetic/world_config.hpp"

namespace c2al::synthetic {

/// What a world turned out to be, for statistical tests and for the result files. The variances are measured on the
/// sample that the intercept is solved on, after the terms' strengths.
struct WorldSummary {
  double intercept = 0;                     ///< b, solved so that the base rate is met
  std::vector<std::uint32_t> vocabularies;  ///< of every schema field
  double linear_variance = 0;
  double global_variance = 0;  ///< the cohorts' multipliers included
  /// (axis, cohort) variance of the cohort-only interactions among the cohort's own samples; NaN if there are none
  std::vector<std::vector<double>> specific_variance;
};

/// A world and its samples.
struct GeneratedData {
  std::unique_ptr<MemorySource> source;
  WorldSummary summary;
};

/// Draws the world of `seed` and its four splits. Same arguments, same bytes. Sample i of a split does not depend on
/// the split's size, but for the weights of a stratified one.
///
/// - Fields: the active ones f0, f1, ...; the inert field "sham"; visible axes by their names; then AXIS_proxy0, ...
/// - Axes: those of the description, then "sham", a control axis whose cohorts are the inert field's ids.
/// - Truth: p_true = p(y | x, all cohorts), from which labels are drawn; p_bayes = p(y | x), which sums over the exact
///   posterior of the hidden cohorts given their proxies.
/// - Weights: only a stratified test split has them; they sum to its size.
///
/// Throws UsageError naming the key for a description that cannot be met (shares not summing to 1, no fields, negative
/// strengths, base rate outside (0, 1), more pairs than the active fields have, an inert field without an axis, ...).
/// Cost: about 0.2 microseconds a sample for 8 fields and one visible axis; a hidden axis adds one exponential a
/// cohort.
GeneratedData generate(const WorldConfig& world, const SplitSizes& splits, std::uint64_t seed);

}  // namespace c2al::synthetic

#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace c2al {

inline constexpr std::size_t histogram_bins = 64;

/// Equal-width bins between the smallest and the largest finite value. When all values are equal the range is widened
/// by half a unit to either side; without a finite value the limits are NaN and every count is 0.
struct Histogram {
  double lower = 0, upper = 0;
  std::vector<std::uint64_t> counts;  ///< (64)

  /// (65) edge i is lower + i (upper - lower) / 64; the last bin includes its upper edge.
  std::vector<double> edges() const;
};

Histogram histogram(std::span<const double> values);

/// Distribution of the served logit by cohort, on common bins.
struct PredictionDensities {
  std::vector<double> edges;                 ///< (65) logit
  std::vector<std::string> cohorts;          ///< (C) "overall", then "axis/cohort" of the pair's axis
  std::vector<std::vector<double>> density;  ///< (C, 64) weighted, each row integrates to 1; NaN for an empty cohort
};

/// @param logit     (N) served logits
/// @param weight    (N) evaluation weights, or empty for 1
/// @param cohort    (N) index of each sample's cohort on the axis
/// @param axis      name of the axis
/// @param names     names of its cohorts
PredictionDensities prediction_densities(std::span<const float> logit, std::span<const float> weight,
                                         std::span<const std::uint16_t> cohort, const std::string& axis,
                                         const std::vector<std::string>& names);

}  // namespace c2al

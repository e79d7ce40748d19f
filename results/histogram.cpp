#include "results/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace c2al {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Smallest and largest finite value, widened when equal; NaN without one.
template <class T>
std::pair<double, double> limits(std::span<const T> values) {
  double lower = std::numeric_limits<double>::infinity(), upper = -lower;
  for (const T value : values)
    if (std::isfinite(value)) {
      lower = std::min<double>(lower, value);
      upper = std::max<double>(upper, value);
    }
  if (lower > upper) return {nan, nan};
  if (lower == upper) return {lower - 0.5, upper + 0.5};
  return {lower, upper};
}

std::size_t bin_of(double value, double lower, double upper) {
  const double position = (value - lower) / (upper - lower) * static_cast<double>(histogram_bins);
  return std::min(static_cast<std::size_t>(position), histogram_bins - 1);
}

std::vector<double> edges_of(double lower, double upper) {
  std::vector<double> edges(histogram_bins + 1);
  for (std::size_t i = 0; i <= histogram_bins; ++i)
    edges[i] = lower + static_cast<double>(i) * (upper - lower) / static_cast<double>(histogram_bins);
  return edges;
}

}  // namespace

std::vector<double> Histogram::edges() const { return edges_of(lower, upper); }

Histogram histogram(std::span<const double> values) {
  Histogram result;
  std::tie(result.lower, result.upper) = limits(values);
  result.counts.assign(histogram_bins, 0);
  if (std::isnan(result.lower)) return result;
  for (const double value : values)
    if (std::isfinite(value)) ++result.counts[bin_of(value, result.lower, result.upper)];
  return result;
}

PredictionDensities prediction_densities(std::span<const float> logit, std::span<const float> weight,
                                         std::span<const std::uint16_t> cohort, const std::string& axis,
                                         const std::vector<std::string>& names) {
  const auto [lower, upper] = limits(logit);
  PredictionDensities result;
  result.edges = edges_of(lower, upper);
  result.cohorts.push_back("overall");
  for (const std::string& name : names) result.cohorts.push_back(axis + "/" + name);
  result.density.assign(result.cohorts.size(), std::vector<double>(histogram_bins, 0.0));
  std::vector<double> total(result.cohorts.size(), 0.0);
  for (std::size_t i = 0; i < logit.size(); ++i) {
    if (!std::isfinite(logit[i])) continue;
    const double w = weight.empty() ? 1.0 : weight[i];
    const std::size_t bin = bin_of(logit[i], lower, upper);
    for (const std::size_t row : {std::size_t{0}, std::size_t{1} + cohort[i]}) {
      result.density[row][bin] += w;
      total[row] += w;
    }
  }
  const double width = (upper - lower) / static_cast<double>(histogram_bins);
  for (std::size_t row = 0; row < total.size(); ++row)
    for (double& density : result.density[row]) density = total[row] > 0 ? density / (total[row] * width) : nan;
  return result;
}

}  // namespace c2al

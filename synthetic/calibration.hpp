#pragma once
#include <cstddef>
#include <vector>

#include "synthetic/generator.hpp"
#include "synthetic/world.hpp"

namespace c2al::synthetic {

/// Samples that the intercept and the summary's variances are computed from. The population's rate of positives then
/// differs from the base rate by its sampling error over them, at most 0.5 / sqrt(131072) = 0.0014 and about 0.3 % of a
/// base rate of 10 %.
inline constexpr std::size_t calibration_samples = 131072;

/// Solves mean of sigmoid(b + logits) = base_rate for b.
/// @param logits     not empty, finite
/// @param base_rate  in (0, 1)
double solve_intercept(const std::vector<double>& logits, double base_rate);

/// The intercept that meets the base rate and the variances of the terms, from a sample of the world that is in no
/// split.
WorldSummary calibrate(const World& world, double base_rate);

}  // namespace c2al::synthetic

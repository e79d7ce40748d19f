#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace c2al::baselines {

/// CAGrad's problem (Liu et al. 2021, equation 1): the d within radius |g0| of g0 = sum_t center[t] g_t with the
/// largest min_t g_t . d. By duality (their theorem 3.2) that is g0 + (radius |g0| / |g_w|) g_w with the w of the
/// simplex that minimises g0 . g_w + radius |g0| |g_w|. Exact: for each support the multiplier solves a quadratic
/// equation.
///
/// Where g_w is 0 at the minimum (a Pareto-stationary point, a zero gradient) the published form is 0 / 0 and every d
/// of the ball that conflicts with no gradient is a solution; the one nearest to g0 is taken.
/// @param gram  (T, T)
/// @return weights (T) of d; throws UsageError above 12 gradients
std::vector<double> conflict_averse_weights(std::span<const double> gram, std::size_t tasks,
                                            std::span<const double> center, double radius);

}  // namespace c2al::baselines

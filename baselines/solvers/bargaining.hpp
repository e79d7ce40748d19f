#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace c2al::baselines {

/// Nash's bargaining solution (Navon et al. 2022, equation 2): the a > 0 with G a = 1 / a, element by element; the
/// minimum of the convex a^T G a / 2 - sum_t log a_t, found by damped Newton steps.
///
/// Where a point of the convex hull is zero that minimum does not exist; a ridge of 1e-12 on the cosines makes it exist
/// always, bounds a_t |g_t| by sqrt(T) 1e6, and changes nothing visible elsewhere. A zero gradient gets weight 0.
/// @param gram  (T, T)
std::vector<double> bargaining_weights(std::span<const double> gram, std::size_t tasks);

}  // namespace c2al::baselines

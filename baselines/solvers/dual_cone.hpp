#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace c2al::baselines {

/// Projects v = sum_t point[t] g_t on the dual cone of the gradients, {d : d . g_t >= 0 for all t}: weights (T) of the
/// projection, each at least that of the point (Quinton & Rey 2024, proposition 1: the least w^T G w with w >= point).
/// Exact, by going through the active sets. A zero gradient keeps its weight. Throws UsageError above 12 gradients.
std::vector<double> project_on_dual_cone(std::span<const double> gram, std::size_t tasks,
                                         std::span<const double> point);

}  // namespace c2al::baselines

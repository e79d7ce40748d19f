#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace c2al::baselines {

/// Weights (T) >= 0 that sum to 1 of the point of least length in the convex hull of the gradients of a Gram matrix
/// (T, T). Exact, by going through the supports. Where several weights give that point, the shortest vector of them up
/// to rounding; zero gradients share everything equally. Throws UsageError above 12 gradients.
std::vector<double> min_norm_point(std::span<const double> gram, std::size_t tasks);

}  // namespace c2al::baselines

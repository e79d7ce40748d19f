#pragma once
#include <cstddef>
#include <span>
#include <vector>

/// Small dense problems of the aggregation rules. Matrices are row-major.
namespace c2al::baselines {

/// The x of least norm that minimises |A x - b|; A is (n, n), b (n). Pivots below 1e-12 of the largest count as zero:
/// gradients computed in float cannot be told from dependent ones there.
std::vector<double> least_norm_solution(std::span<const double> matrix, std::span<const double> right_side);

/// x with A x = b for a symmetric, positive definite A (n, n).
std::vector<double> positive_definite_solution(std::span<const double> matrix, std::span<const double> right_side);

/// Eigenvalues, ascending, and eigenvectors of a symmetric (n, n) matrix.
struct Spectrum {
  std::vector<double> values;
  std::vector<double> vectors;  ///< (n, n), column k belongs to values[k]
};
Spectrum spectrum(std::span<const double> matrix, std::size_t n);

}  // namespace c2al::baselines

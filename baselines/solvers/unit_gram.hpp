#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace c2al::baselines {

/// A Gram matrix taken apart into the lengths of the gradients and the cosines between them, which stay accurate when
/// the lengths differ by many powers of ten. Gradients of length zero are left out; K remain.
struct UnitGram {
  std::size_t tasks = 0;           ///< T, of the whole matrix
  std::vector<std::size_t> index;  ///< (K) the task of each gradient kept
  std::vector<double> length;      ///< (K) in units of the longest
  std::vector<double> cosine;      ///< (K, K), ones on the diagonal

  std::size_t size() const { return index.size(); }
  /// The sum over j of cosine[i, j] x[j]: the component along gradient i of the vector with coefficients x on the unit
  /// gradients.
  double along(std::size_t i, std::span<const double> x) const;
  /// Squared length of that vector.
  double squared_length(std::span<const double> x) const;
  /// Weights (T) of the gradients themselves, times the longest one's length: x[i] / length[i], 0 for those left out.
  std::vector<double> weights(std::span<const double> x) const;
};

/// @param gram  (T, T)
UnitGram unit_gram(std::span<const double> gram, std::size_t tasks);

/// Length of the longest gradient of a Gram matrix (T, T).
double longest(std::span<const double> gram, std::size_t tasks);

/// Throws UsageError when there are more gradients than the exact solvers take, 12.
void check_support_size(std::size_t size);

/// Calls visit(support) for every non-empty subset of 0..size-1; the exact solvers go through all of them.
template <class Visit>
void for_each_support(std::size_t size, const Visit& visit) {
  check_support_size(size);
  std::vector<std::size_t> support;
  for (std::uint32_t mask = 1; mask < (1u << size); ++mask) {
    support.clear();
    for (std::size_t i = 0; i < size; ++i)
      if ((mask >> i) & 1u) support.push_back(i);
    visit(std::span<const std::size_t>(support));
  }
}

/// The rows and columns of a (n, n) matrix in a support, row-major.
std::vector<double> submatrix(std::span<const double> matrix, std::size_t n, std::span<const std::size_t> support);
/// The entries of a vector in a support, and a vector (n) that holds them there and zeros elsewhere.
std::vector<double> subvector(std::span<const double> vector, std::span<const std::size_t> support);
std::vector<double> spread(std::span<const double> part, std::span<const std::size_t> support, std::size_t n);

/// The feasible points that an enumeration of supports found; the best one is exact when the solution's support is
/// among them.
class Candidates {
 public:
  /// @param value  what is to be minimised
  void offer(double value, std::vector<double> point) { points_.push_back({value, std::move(point)}); }
  /// The point of least value of those offered, at least one. Among those within `margin` of it, which rounding cannot
  /// tell apart, the shortest: equal gradients then get equal weights.
  std::vector<double> best(double margin) const;

 private:
  struct Point {
    double value;
    std::vector<double> x;
  };
  std::vector<Point> points_;
};

}  // namespace c2al::baselines

#include "baselines/solvers/conflict_averse.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "baselines/solvers/dense.hpp"
#include "baselines/solvers/dual_cone.hpp"
#include "baselines/solvers/unit_gram.hpp"

namespace c2al::baselines {
namespace {

double product(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// The problem in lengths of the longest gradient: d = g0 + sum_i x[i] (unit gradient i), x >= 0, |d - g0| = radius.
class Problem {
 public:
  Problem(const UnitGram& unit, std::span<const double> center, double radius) : unit_(unit) {
    for (std::size_t i = 0; i < unit.size(); ++i) center_.push_back(center[unit.index[i]] * unit.length[i]);
    for (std::size_t i = 0; i < unit.size(); ++i) along_center_.push_back(unit.along(i, center_));
    radius_ = radius * std::sqrt(unit.squared_length(center_));
    shortest_ = unit.length.empty() ? 0.0 : *std::min_element(unit.length.begin(), unit.length.end());
  }

  double radius() const { return radius_; }
  double shortest() const { return shortest_; }

  /// min_t g_t . d
  double worst(std::span<const double> x) const {
    double least = unit_.size() < unit_.tasks ? 0.0 : std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < unit_.size(); ++i)
      least = std::min(least, unit_.length[i] * (along_center_[i] + unit_.along(i, x)));
    return least;
  }

  /// The points at which every gradient of the support has the same product with d, if they exist.
  void offer(std::span<const std::size_t> support, Candidates& candidates) const {
    const std::size_t size = unit_.size();
    const std::vector<double> cosine = submatrix(unit_.cosine, size, support);
    std::vector<double> inverse;
    for (const std::size_t i : support) inverse.push_back(shortest_ / unit_.length[i]);
    const std::vector<double> level = least_norm_solution(cosine, inverse);
    const std::vector<double> offset = least_norm_solution(cosine, subvector(along_center_, support));

    // x = mu level - offset with |x|_C = radius.
    const std::vector<double> whole_level = spread(level, support, size), whole_offset = spread(offset, support, size);
    double half = 0;
    for (std::size_t i = 0; i < size; ++i) half += whole_offset[i] * unit_.along(i, whole_level);
    const double square = unit_.squared_length(whole_level);
    if (!(square > 0)) return;
    const double rest = unit_.squared_length(whole_offset) - radius_ * radius_;
    const double root = std::sqrt(std::max(half * half - square * rest, 0.0));
    for (const double mu : {(half + root) / square, (half - root) / square}) {
      std::vector<double> x(size);
      for (std::size_t i = 0; i < size; ++i) x[i] = std::max(mu * whole_level[i] - whole_offset[i], 0.0);
      const double length = std::sqrt(unit_.squared_length(x));
      // A combination that cancels has no direction left to be stretched.
      if (!(length > 1e-9 * std::sqrt(product(x, x)))) continue;
      for (double& value : x) value *= radius_ / length;
      const double value = -worst(x);
      candidates.offer(value, std::move(x));
    }
  }

 private:
  const UnitGram& unit_;
  std::vector<double> center_, along_center_;
  double radius_ = 0, shortest_ = 0;
};

}  // namespace

std::vector<double> conflict_averse_weights(std::span<const double> gram, std::size_t tasks,
                                            std::span<const double> center, double radius) {
  const UnitGram unit = unit_gram(gram, tasks);
  const Problem problem(unit, center, radius);
  std::vector<double> weights(center.begin(), center.end());
  if (!(problem.radius() > 0)) return weights;

  Candidates candidates;
  const std::vector<double> none(unit.size(), 0.0);
  candidates.offer(-problem.worst(none), none);
  for_each_support(unit.size(), [&](std::span<const std::size_t> support) { problem.offer(support, candidates); });
  const double margin = 1e-13 * problem.shortest() * problem.radius();
  std::vector<double> x = candidates.best(margin);

  const std::vector<double> projected = project_on_dual_cone(gram, tasks, center);
  std::vector<double> nearest(unit.size());
  for (std::size_t i = 0; i < unit.size(); ++i)
    nearest[i] = (projected[unit.index[i]] - center[unit.index[i]]) * unit.length[i];
  const bool reachable = std::sqrt(unit.squared_length(nearest)) <= problem.radius() * (1 + 1e-9);
  if (reachable && problem.worst(x) <= problem.worst(nearest) + 10 * margin) x = nearest;

  const std::vector<double> added = unit.weights(x);
  for (std::size_t t = 0; t < tasks; ++t) weights[t] += added[t];
  return weights;
}

}  // namespace c2al::baselines

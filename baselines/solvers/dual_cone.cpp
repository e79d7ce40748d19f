#include "baselines/solvers/dual_cone.hpp"

#include <algorithm>
#include <cmath>

#include "baselines/solvers/dense.hpp"
#include "baselines/solvers/unit_gram.hpp"

namespace c2al::baselines {

std::vector<double> project_on_dual_cone(std::span<const double> gram, std::size_t tasks,
                                         std::span<const double> point) {
  const UnitGram unit = unit_gram(gram, tasks);
  const std::size_t size = unit.size();
  std::vector<double> weights(point.begin(), point.end());
  std::vector<double> y, downhill;
  double scale = 0;
  for (std::size_t i = 0; i < size; ++i) y.push_back(point[unit.index[i]] * unit.length[i]);
  for (std::size_t i = 0; i < size; ++i) {
    downhill.push_back(-unit.along(i, y));
    scale += std::abs(y[i]);
  }
  if (scale == 0) return weights;

  // The projection is v plus a combination x >= 0 of unit gradients: those it must not conflict with.
  Candidates candidates;
  const auto offer = [&](std::vector<double> x) {
    std::vector<double> sum = y;
    for (std::size_t i = 0; i < size; ++i) sum[i] += x[i];
    candidates.offer(unit.squared_length(sum) / scale / scale, std::move(x));
  };
  offer(std::vector<double>(size, 0.0));
  for_each_support(size, [&](std::span<const std::size_t> support) {
    std::vector<double> part = least_norm_solution(submatrix(unit.cosine, size, support), subvector(downhill, support));
    for (double& value : part) value = std::max(value, 0.0);
    offer(spread(part, support, size));
  });
  const std::vector<double> added = unit.weights(candidates.best(1e-14));
  for (std::size_t t = 0; t < tasks; ++t) weights[t] += added[t];
  return weights;
}

}  // namespace c2al::baselines

#include "baselines/solvers/min_norm_point.hpp"

#include <algorithm>

#include "baselines/solvers/dense.hpp"
#include "baselines/solvers/unit_gram.hpp"

namespace c2al::baselines {

std::vector<double> min_norm_point(std::span<const double> gram, std::size_t tasks) {
  const UnitGram unit = unit_gram(gram, tasks);
  const std::size_t size = unit.size();
  if (size < tasks) {
    std::vector<double> weights(tasks, 1.0 / static_cast<double>(tasks - size));
    for (const std::size_t t : unit.index) weights[t] = 0;
    return weights;
  }

  // In units of the shortest gradient: x are coefficients on unit gradients, x[i] / length[i] the weights.
  const double shortest = *std::min_element(unit.length.begin(), unit.length.end());
  std::vector<double> inverse;
  for (const double length : unit.length) inverse.push_back(shortest / length);

  Candidates candidates;
  for_each_support(size, [&](std::span<const std::size_t> support) {
    // The border keeps the system regular where the gradients are dependent but the hull is not flat.
    const std::size_t n = support.size();
    std::vector<double> bordered((n + 1) * (n + 1), 0.0), right(n + 1, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) bordered[i * (n + 1) + j] = unit.cosine[support[i] * size + support[j]];
      bordered[i * (n + 1) + n] = bordered[n * (n + 1) + i] = inverse[support[i]];
    }
    right[n] = 1;
    const std::vector<double> solution = least_norm_solution(bordered, right);
    std::vector<double> weights(size, 0.0);
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += weights[support[i]] = std::max(solution[i], 0.0) * inverse[support[i]];
    if (!(sum > 0)) return;
    std::vector<double> x(size, 0.0);
    for (const std::size_t i : support) {
      weights[i] /= sum;
      x[i] = weights[i] / inverse[i];
    }
    candidates.offer(unit.squared_length(x), std::move(weights));
  });
  return candidates.best(1e-14);
}

}  // namespace c2al::baselines

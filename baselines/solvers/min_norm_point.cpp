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

  const double shortest = *std::min_element(unit.length.begin(), unit.length.end());
  Candidates candidates;
  for_each_support(size, [&](std::span<const std::size_t> support) {
    // Coefficients on unit gradients; the weights are these over the lengths, here in units of the support's shortest.
    // The border keeps the system regular where the gradients are dependent but the hull is not flat.
    const std::size_t n = support.size();
    std::vector<double> inverse = subvector(unit.length, support);
    const double least = *std::min_element(inverse.begin(), inverse.end());
    for (double& value : inverse) value = least / value;
    std::vector<double> bordered((n + 1) * (n + 1), 0.0), right(n + 1, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) bordered[i * (n + 1) + j] = unit.cosine[support[i] * size + support[j]];
      bordered[i * (n + 1) + n] = bordered[n * (n + 1) + i] = inverse[i];
    }
    right[n] = 1;
    std::vector<double> part = least_norm_solution(bordered, right);
    part.pop_back();
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += part[i] = std::max(part[i], 0.0) * inverse[i];
    if (!(sum > 0)) return;
    for (double& weight : part) weight /= sum;

    std::vector<double> weights = spread(part, support, size), x(size);
    for (std::size_t i = 0; i < size; ++i) x[i] = weights[i] * unit.length[i] / shortest;
    candidates.offer(unit.squared_length(x), std::move(weights));
  });
  return candidates.best(1e-14);
}

}  // namespace c2al::baselines

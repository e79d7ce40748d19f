#include "baselines/solvers/bargaining.hpp"

#include <cmath>
#include <numeric>

#include "baselines/solvers/dense.hpp"
#include "baselines/solvers/unit_gram.hpp"

namespace c2al::baselines {

std::vector<double> bargaining_weights(std::span<const double> gram, std::size_t tasks) {
  constexpr double ridge = 1e-12;
  constexpr std::size_t most_steps = 500;
  UnitGram unit = unit_gram(gram, tasks);
  const std::size_t size = unit.size();
  for (std::size_t i = 0; i < size; ++i) unit.cosine[i * size + i] += ridge;

  // x[i] = a[i] |g_i|. The steps are relative, p = dx / x: the Newton system is then at least the identity.
  std::vector<double> x(size, 1.0), system(size * size), right(size);
  for (std::size_t step = 0; step < most_steps && size > 0; ++step) {
    for (std::size_t i = 0; i < size; ++i) {
      right[i] = 1 - x[i] * unit.along(i, x);
      for (std::size_t j = 0; j < size; ++j)
        system[i * size + j] = x[i] * unit.cosine[i * size + j] * x[j] + (i == j ? 1.0 : 0.0);
    }
    const std::vector<double> p = positive_definite_solution(system, right);
    const double decrement = std::sqrt(std::abs(std::inner_product(p.begin(), p.end(), right.begin(), 0.0)));
    const double damping = decrement < 0.25 ? 1.0 : 1 / (1 + decrement);
    for (std::size_t i = 0; i < size; ++i) x[i] *= 1 + damping * p[i];
    if (decrement < 1e-13) break;
  }
  std::vector<double> weights = unit.weights(x);
  const double scale = longest(gram, tasks);
  for (double& weight : weights) weight = scale > 0 ? weight / scale : 0.0;
  return weights;
}

}  // namespace c2al::baselines

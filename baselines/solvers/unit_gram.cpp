#include "baselines/solvers/unit_gram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/error.hpp"

namespace c2al::baselines {

double UnitGram::along(std::size_t i, std::span<const double> x) const {
  double sum = 0;
  for (std::size_t j = 0; j < size(); ++j) sum += cosine[i * size() + j] * x[j];
  return sum;
}

double UnitGram::squared_length(std::span<const double> x) const {
  double sum = 0;
  for (std::size_t i = 0; i < size(); ++i) sum += x[i] * along(i, x);
  return std::max(sum, 0.0);
}

std::vector<double> UnitGram::weights(std::span<const double> x) const {
  std::vector<double> weights(tasks, 0.0);
  for (std::size_t i = 0; i < size(); ++i) weights[index[i]] = x[i] / length[i];
  return weights;
}

double longest(std::span<const double> gram, std::size_t tasks) {
  double largest = 0;
  for (std::size_t t = 0; t < tasks; ++t) largest = std::max(largest, gram[t * tasks + t]);
  return std::sqrt(largest);
}

UnitGram unit_gram(std::span<const double> gram, std::size_t tasks) {
  UnitGram unit;
  unit.tasks = tasks;
  const double scale = longest(gram, tasks);
  for (std::size_t t = 0; t < tasks; ++t) {
    const double square = gram[t * tasks + t];
    if (!(square > 0)) continue;
    unit.index.push_back(t);
    unit.length.push_back(std::sqrt(square) / scale);
  }
  const std::size_t size = unit.size();
  unit.cosine.assign(size * size, 1.0);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j)
      if (i != j)
        unit.cosine[i * size + j] = std::clamp(
            gram[unit.index[i] * tasks + unit.index[j]] / scale / unit.length[i] / scale / unit.length[j], -1.0, 1.0);
  return unit;
}

void check_support_size(std::size_t size) {
  constexpr std::size_t largest = 12;
  if (size > largest)
    throw UsageError(fmt::format("{} task gradients: the exact solver takes at most {}", size, largest));
}

std::vector<double> submatrix(std::span<const double> matrix, std::size_t n, std::span<const std::size_t> support) {
  std::vector<double> part;
  part.reserve(support.size() * support.size());
  for (const std::size_t i : support)
    for (const std::size_t j : support) part.push_back(matrix[i * n + j]);
  return part;
}

std::vector<double> subvector(std::span<const double> vector, std::span<const std::size_t> support) {
  std::vector<double> part;
  for (const std::size_t i : support) part.push_back(vector[i]);
  return part;
}

std::vector<double> spread(std::span<const double> part, std::span<const std::size_t> support, std::size_t n) {
  std::vector<double> whole(n, 0.0);
  for (std::size_t k = 0; k < support.size(); ++k) whole[support[k]] = part[k];
  return whole;
}

std::vector<double> Candidates::best(double margin) const {
  double least = std::numeric_limits<double>::infinity(), shortest = least;
  for (const Point& point : points_) least = std::min(least, point.value);
  const std::vector<double>* chosen = nullptr;
  for (const Point& point : points_) {
    if (!(point.value <= least + margin)) continue;
    const double square = std::inner_product(point.x.begin(), point.x.end(), point.x.begin(), 0.0);
    if (square >= shortest) continue;
    shortest = square;
    chosen = &point.x;
  }
  return chosen ? *chosen : points_.front().x;
}

}  // namespace c2al::baselines

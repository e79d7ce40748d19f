#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/training/state.hpp"

namespace c2al {

/// Task gradients as a rule of aggregation sees them. T tasks, primary first.
struct TaskGradients {
  std::size_t tasks = 0;
  std::span<const double> gram;  ///< (T, T) scalar products g_i . g_j; symmetric, positive semi-definite up to rounding
  std::uint64_t step = 0;        ///< from 0; the counter of random draws
};

/// A rule that combines task gradients, knowing nothing but their Gram matrix: direction = sum_t weight[t] g_t. For any
/// Gram matrix of finite numbers the weights are finite: zero, rank-deficient and badly scaled ones included.
class Aggregator {
 public:
  virtual ~Aggregator() = default;

  /// Fills weights (T), preset to 1 (the plain sum).
  virtual void weigh(const TaskGradients& gradients, std::span<double> weights) = 0;

  /// State that must survive a resume.
  virtual void save(StateWriter& /*state*/) const {}
  virtual void load(StateReader& /*state*/) {}
};

}  // namespace c2al

#pragma once
#include <cstdint>
#include <span>

namespace c2al {

/// Optimizers. Embedding rows follow the same rule lazily: only rows of the batch move.
enum class OptimizerKind {
  adam,              ///< Kingma and Ba 2015; rows as torch's SparseAdam (eps not divided by the bias correction)
  adagrad,           ///< Duchi et al. 2011; accumulator from 0
  row_wise_adagrad,  ///< rows share one accumulator, the mean squared gradient of the row; dense parameters as adagrad
  sgd,
};

/// One optimizer step.
struct UpdateRule {
  OptimizerKind kind = OptimizerKind::adam;
  double learning_rate = 1e-3;            ///< of dense parameters, at this step
  double embedding_learning_rate = 1e-3;  ///< of embedding rows, at this step
  /// Counts from 1 (Adam's bias correction); 0 leaves shared parameters, embedding rows and their state alone.
  std::uint64_t step = 1;
  /// (T) the same count for the parameters that only task t's loss reaches; 0 leaves them and their optimizer state
  /// alone. Empty: `step` for all.
  std::span<const std::uint64_t> own_steps;
  double beta1 = 0.9, beta2 = 0.999;  ///< Adam
  double epsilon = 1e-8;              ///< 1e-8 Adam, 1e-10 Adagrad
};

}  // namespace c2al

#pragma once
#include <cstddef>
#include <string>

#include "core/model/model.hpp"
#include "core/model/update_rule.hpp"

namespace c2al {

struct TrainingConfig {
  std::size_t batch_size = 512;
  std::size_t epochs = 1;
  OptimizerKind optimizer = OptimizerKind::adam;
  double learning_rate = 4e-3;
  double embedding_learning_rate = 2e-2;
  bool linear_decay = true;  ///< the rate of step s of S is rate * (1 - s / S)
  std::string precision = "float32";
  std::size_t metric_interval = 50;  ///< steps between recorded losses
  ChunkConfig chunk;
};

}  // namespace c2al

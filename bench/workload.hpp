#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/data/batch.hpp"
#include "core/model/model_config.hpp"

namespace c2al {

/// A model's and a batch's sizes.
struct Workload {
  ModelConfig model;
  InputShape input;
  std::vector<std::size_t> vocabularies;
  std::size_t batch = 0, batches = 0, steps_per_window = 0;
};

/// The PyTorch peer's default configuration.
Workload peer_workload();
/// The model and the sizes of scenarios/preset_a.toml.
Workload preset_workload();

/// Batches as the peer makes them: rank r of a field with p ~ (r+1)^-1.1, scattered over the field's rows; dense
/// features log(1 + Exp(mean 2)); targets of the primary, head and tail tasks.
struct Batches {
  std::vector<std::int32_t> rows;
  std::vector<float> dense;
  std::vector<float> targets;         ///< (3, batch) a batch
  std::vector<std::uint16_t> cohort;  ///< 0 neither, 1 head (30 percent), 2 tail (10 percent)

  explicit Batches(const Workload& workload);
  BatchView view(const Workload& workload, std::size_t index) const;
};

}  // namespace c2al

#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/data/batch.hpp"
#include "core/data/memory_source.hpp"
#include "core/model/model_config.hpp"

namespace c2al {

/// A model's and a batch's sizes.
struct Workload {
  ModelConfig model;
  InputShape input;
  std::vector<std::size_t> vocabularies;
  std::size_t batch = 0, batches = 0, steps_per_window = 0;
};

/// Sizes of the PyTorch peer's model and data that are varied; the rest are its defaults.
struct PeerSize {
  std::int64_t rows = 1'000'000;  ///< of the table, over all fields
  std::size_t fields = 26, batch = 2048, dim = 16, layers = 2;
};

/// The PyTorch peer's configuration; by default its own.
Workload peer_workload(const PeerSize& size = {});
/// The model and the sizes of scenarios/preset_a.toml.
Workload preset_workload();

/// How the rows of a table are drawn.
enum class RowLaw {
  popular,  ///< the peer's: rank r of a field with p ~ (r+1)^-1.1, scattered over the field's rows
  uniform,  ///< any row of the whole table: the worst case for caches
};

/// Batches as the peer makes them: popular rows; dense features log(1 + Exp(mean 2)); targets of the primary, head and
/// tail tasks.
struct Batches {
  std::vector<std::int32_t> rows;
  std::vector<float> dense;
  std::vector<float> targets;         ///< (3, batch) a batch
  std::vector<std::uint16_t> cohort;  ///< 0 neither, 1 head (30 percent), 2 tail (10 percent)

  explicit Batches(const Workload& workload);
  BatchView view(const Workload& workload, std::size_t index) const;
  /// Replaces all rows by those of the given draw.
  void draw_rows(const Workload& workload, RowLaw law, std::uint64_t draw);
};

/// The workload's batches as a training split, with a visible axis "value" (cohorts middle, head, tail, in this order)
/// and a control axis "sham" for the methods that need one. The other splits are empty.
MemorySource training_source(const Workload& workload);

}  // namespace c2al

#pragma once
#include <cstdint>
#include <memory>

#include "core/data/batch.hpp"
#include "core/data/schema.hpp"

namespace c2al {

/// A sequence of batches. Equal arguments to DataSource::open give equal batches.
class BatchStream {
 public:
  virtual ~BatchStream() = default;
  /// Points `batch` at the next samples; false at the end. The last batch may be smaller.
  virtual bool next(BatchView& batch) = 0;
  /// Skips `batches` batches, as after a resume.
  virtual void skip(std::uint64_t batches) = 0;
};

/// How a split is read.
struct StreamOrder {
  bool shuffled = false;   ///< training: batches without p_true and p_bayes
  std::uint64_t seed = 0;  ///< of the run
  std::uint64_t epoch = 0;
  std::uint64_t variant = 0;  ///< another order of the same seed (the plain_replica control)
};

/// Where samples come from: a schema, four splits and their batches.
class DataSource {
 public:
  virtual ~DataSource() = default;
  virtual const Schema& schema() const = 0;
  virtual std::uint64_t size(Split split) const = 0;
  /// Samples of each cohort of an axis in a split.
  virtual std::vector<std::uint64_t> cohort_sizes(Split split, std::size_t axis) const = 0;
  /// @param batch_size  >= 1
  virtual std::unique_ptr<BatchStream> open(Split split, const StreamOrder& order, std::size_t batch_size) const = 0;
};

}  // namespace c2al

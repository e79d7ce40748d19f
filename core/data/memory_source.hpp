#pragma once
#include <array>
#include <memory>
#include <vector>

#include "core/data/data_source.hpp"
#include "core/data/sample_table.hpp"

namespace c2al {

/// A data source whose four splits are held in memory. Shuffled streams follow a Fisher-Yates permutation drawn from
/// (seed, shuffling, epoch, variant); streams in table order point into the table without copying. A stream must not
/// outlive its source.
class MemorySource final : public DataSource {
 public:
  /// Throws RunError, naming the split and the column, when a table disagrees with the schema: number or length of its
  /// columns, a row outside the concatenated table, a cohort index outside its axis, truth given but not announced or
  /// the reverse.
  MemorySource(Schema schema, std::array<SampleTable, split_count> splits);

  const Schema& schema() const override { return schema_; }
  std::uint64_t size(Split split) const override { return table(split).size; }
  std::vector<std::uint64_t> cohort_sizes(Split split, std::size_t axis) const override;
  /// Weights are 1 where the table has none. Throws UsageError for a batch size of 0.
  std::unique_ptr<BatchStream> open(Split split, const StreamOrder& order, std::size_t batch_size) const override;

  const SampleTable& table(Split split) const { return splits_[static_cast<std::size_t>(split)]; }

 private:
  Schema schema_;
  std::array<SampleTable, split_count> splits_;
};

}  // namespace c2al

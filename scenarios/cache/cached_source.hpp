#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/data/data_source.hpp"

namespace c2al {

/// A prepared data set as DataSource. Streams read windows of whole chunks ahead in a thread of their own. A shuffled
/// stream draws the order of the chunks, then shuffles within windows of several chunks, both from (seed, shuffling,
/// epoch, variant): every sample comes exactly once an epoch, and equal arguments give equal batches. A split that fits
/// in one window is shuffled as MemorySource shuffles it.
class CachedSource final : public DataSource {
 public:
  /// Throws RunError naming the file when it is no cache, is damaged, or is of another version.
  /// @param window_rows  rows of a window
  explicit CachedSource(const std::filesystem::path& file, std::size_t window_rows = std::size_t{1} << 20);
  ~CachedSource() override;

  const Schema& schema() const override;
  std::uint64_t size(Split split) const override;
  std::vector<std::uint64_t> cohort_sizes(Split split, std::size_t axis) const override;
  std::unique_ptr<BatchStream> open(Split split, const StreamOrder& order, std::size_t batch_size) const override;

  /// What prepare stored: files, checksums, row counts, rates.
  const std::vector<std::pair<std::string, std::string>>& facts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace c2al

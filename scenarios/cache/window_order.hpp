#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/data/data_source.hpp"

namespace c2al::cache {

/// In which order a split is read: its chunks in windows, and the rows within a window. In file order a window is one
/// chunk. Shuffled, the order of the chunks is drawn from (seed, shuffling, epoch, variant), then that of each window's
/// rows from a stream of its own, so that any window can be read without those before it.
class WindowOrder {
 public:
  /// @param rows        of the split, >= 1
  /// @param chunk_rows  of a whole chunk
  WindowOrder(std::uint64_t rows, std::size_t chunk_rows, std::size_t window_rows, const StreamOrder& order);

  std::size_t windows() const { return starts_.size() - 1; }
  /// Position in the stream of a window's first row; of windows() it is the number of rows.
  std::uint64_t start(std::size_t window) const { return starts_[window]; }
  std::size_t rows_of(std::size_t window) const {
    return static_cast<std::size_t>(starts_[window + 1] - starts_[window]);
  }
  /// The window that holds a position of the stream.
  std::size_t window_at(std::uint64_t position) const;
  /// Its chunks, in the order read.
  std::vector<std::size_t> chunks_of(std::size_t window) const;
  /// Where in the window each row goes, in the order read.
  std::vector<std::uint32_t> places_of(std::size_t window) const;

 private:
  StreamOrder order_;
  std::size_t chunks_per_window_;
  std::vector<std::uint32_t> chunks_;
  std::vector<std::uint64_t> starts_;
};

}  // namespace c2al::cache

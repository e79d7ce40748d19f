#pragma once
#include <algorithm>
#include <cstddef>

namespace c2al {

/// Cuts a batch in chunks and deals them in contiguous runs to lanes: a function of the batch size alone, never of the
/// number of threads, so that sums do not depend on it.
class ChunkSchedule {
 public:
  ChunkSchedule() = default;
  ChunkSchedule(std::size_t samples, std::size_t chunk_rows, std::size_t lanes)
      : samples_(samples),
        rows_(chunk_rows),
        chunks_((samples + chunk_rows - 1) / chunk_rows),
        lanes_(std::min(lanes, chunks_)) {}

  std::size_t chunks() const { return chunks_; }
  /// Lanes that have at least one chunk.
  std::size_t lanes() const { return lanes_; }
  std::size_t first_chunk(std::size_t lane) const { return lane * chunks_ / lanes_; }
  std::size_t begin(std::size_t chunk) const { return chunk * rows_; }
  std::size_t size(std::size_t chunk) const { return std::min(rows_, samples_ - begin(chunk)); }
  /// Samples of the largest chunk.
  std::size_t largest() const { return std::min(rows_, samples_); }

 private:
  std::size_t samples_ = 0, rows_ = 1, chunks_ = 0, lanes_ = 0;
};

}  // namespace c2al

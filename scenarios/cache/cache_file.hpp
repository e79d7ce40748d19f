#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/data/sample_table.hpp"
#include "core/storage/chunked_column.hpp"
#include "scenarios/cache/cache_format.hpp"

namespace c2al::cache {

/// Rows of one split in memory, and where they come from.
struct Window {
  SampleTable table;
  std::vector<std::uint64_t> sample_id;
};

/// A prepared data set's file. HDF5 is used by the constructor only; chunks may be read by several threads at once.
class CacheFile {
 public:
  /// Throws RunError when it is missing, no prepared data set, of another version, or damaged.
  explicit CacheFile(const std::filesystem::path& file);

  const Head& head() const { return head_; }
  std::uint64_t rows(Split split) const { return head_.rows[static_cast<std::size_t>(split)]; }
  /// Rows of a chunk and number of chunks of a split.
  std::size_t chunk_rows(Split split) const;
  std::size_t chunks(Split split) const;
  /// Rows of one chunk; the last one may be shorter.
  std::size_t rows_of(Split split, std::size_t chunk) const;

  /// Memory that reading a chunk needs.
  struct Scratch {
    std::vector<std::vector<std::uint8_t>> columns;
    std::vector<std::uint8_t> packed;
    std::vector<std::int32_t> rows;
    std::vector<float> dense;
    std::vector<std::uint16_t> cohort;
  };
  /// Gives a window room for `rows` rows.
  void make_room(std::size_t rows, Window& window) const;
  /// Reads a chunk; its row r becomes row places[r] of the window. Throws RunError naming column and chunk when the
  /// file is damaged.
  void read_chunk(Split split, std::size_t chunk, const std::uint32_t* places, Window& window, Scratch& scratch) const;

 private:
  struct Columns {
    std::vector<hdf5::StoredColumn> fields, dense, axes;
    hdf5::StoredColumn label;
  };
  void check(const hdf5::StoredColumn& column, std::size_t split, hdf5::StoredColumn::Number number) const;
  [[noreturn]] void fail(const hdf5::StoredColumn& column, std::size_t chunk, std::uint64_t found,
                         std::uint64_t limit) const;

  std::string name_;
  Head head_;
  std::vector<std::int64_t> row_offsets_;
  std::array<Columns, split_count> columns_;
  std::unique_ptr<hdf5::ChunkFile> bytes_;
};

}  // namespace c2al::cache

#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/storage/hdf5.hpp"

/// Columns of numbers of one dimension, stored in chunks. Writing goes through HDF5; reading takes from it only where
/// the chunks lie and then reads the file by itself, so that threads may read without sharing the library, which is not
/// made for threads.
namespace c2al::hdf5 {

/// How a column is cut and packed.
struct ColumnLayout {
  std::size_t size = 0;   ///< elements, >= 1
  std::size_t chunk = 0;  ///< elements of a chunk, 1 .. size
  int compression = 0;    ///< deflate level behind the shuffle filter; 0: neither
};

/// Writes a column chunk by chunk.
class ColumnWriter {
 public:
  /// Creates the dataset in a group that must outlive the writer.
  /// @param type  of the stored elements and of the values passed to append
  /// @param long_name  what the column is called in the data
  ColumnWriter(const Group& group, const std::string& name, hid_t type, const ColumnLayout& layout,
               const std::string& long_name);

  /// Writes the next `count` elements; calls of a whole chunk are the fast ones. Throws RunError.
  void append(const void* values, std::size_t count);
  /// Must be called once all elements are written: chunks may reach the disk as late as here. Throws RunError.
  void finish();

 private:
  const Group& group_;
  std::string name_;
  hid_t type_;
  std::size_t size_, written_ = 0;
  Handle dataset_;
};

/// Where a column's chunks lie in the file.
struct StoredColumn {
  enum class Number { natural, real };
  struct Chunk {
    std::uint64_t address = 0, bytes = 0;
    std::uint32_t filters_left_out = 0;  ///< HDF5's filter mask: bit i set where filter i was not applied
  };
  std::string path;  ///< in the file, for messages
  Number number = Number::natural;
  std::size_t size = 0, chunk = 0, width = 0;  ///< elements, elements of a chunk, bytes of an element
  bool filtered = false;                       ///< shuffle, then deflate
  std::vector<Chunk> chunks;
};

/// Looks a column up. Throws RunError when it is missing, incomplete, or stored in another way than ColumnWriter does.
StoredColumn find_column(const Group& group, const std::string& name);

/// Reads the chunks of columns of one file; may be used by several threads at once.
class ChunkFile {
 public:
  explicit ChunkFile(const std::string& file);
  ~ChunkFile();
  ChunkFile(const ChunkFile&) = delete;
  ChunkFile& operator=(const ChunkFile&) = delete;

  /// The `column.chunk` elements of a chunk, one after the other; those of the last one behind the column's end mean
  /// nothing. `packed` is working memory. Throws RunError when the file is shorter or the chunk is damaged.
  void read(const StoredColumn& column, std::size_t chunk, std::vector<std::uint8_t>& elements,
            std::vector<std::uint8_t>& packed) const;

 private:
  std::string file_;
  int descriptor_;
};

}  // namespace c2al::hdf5

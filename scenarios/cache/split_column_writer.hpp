#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/data/batch.hpp"
#include "core/storage/chunked_column.hpp"

namespace c2al::cache {

/// The four groups /data/SPLIT and how their columns are stored.
struct SplitGroups {
  std::vector<hdf5::Group> groups;  ///< one a split
  std::array<std::uint64_t, split_count> rows{};
  std::size_t chunk_rows = 0;
  int compression = 0;

  hdf5::ColumnLayout layout(std::size_t split) const;
};

/// Writes one column of all four splits, a chunk at a time.
class SplitColumnWriter {
 public:
  /// A column of whole numbers below `values`, in the smallest unsigned type that holds them.
  static SplitColumnWriter naturals(const SplitGroups& splits, const std::string& name, const std::string& long_name,
                                    std::uint64_t values);
  /// A column of float32.
  static SplitColumnWriter reals(const SplitGroups& splits, const std::string& name, const std::string& long_name);

  /// Adds the value of each row to its split.
  template <class T>
  void append(const std::vector<T>& values, const std::vector<std::uint8_t>& split);
  void finish();

 private:
  SplitColumnWriter(const SplitGroups& splits, const std::string& name, const std::string& long_name, hid_t type,
                    std::size_t width);
  template <class Stored, class T>
  void append_as(const std::vector<T>& values, const std::vector<std::uint8_t>& split);
  void flush(std::size_t split);

  struct Part {
    std::unique_ptr<hdf5::ColumnWriter> writer;
    std::vector<std::uint8_t> buffer;
    std::size_t filled = 0, capacity = 0;
  };
  std::size_t width_;
  bool real_;
  std::array<Part, split_count> parts_;
};

}  // namespace c2al::cache

#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/data/batch.hpp"
#include "core/data/schema.hpp"
#include "core/storage/hdf5.hpp"

/// Names and texts of a prepared data set's file; FORMAT.md describes it.
namespace c2al::cache {

inline constexpr std::uint64_t version = 1;

/// What the file says besides its columns.
struct Head {
  Schema schema;
  std::array<std::uint64_t, split_count> rows{};
  std::uint64_t chunk_rows = 0;
  /// (axis, split, cohort) samples
  std::vector<std::array<std::vector<std::uint64_t>, split_count>> cohort_sizes;
  std::vector<std::pair<std::string, std::string>> facts;
};

void write_head(const hdf5::Group& root, const Head& head);
/// Throws RunError when the file is no prepared data set, is of another version, or contradicts itself.
Head read_head(const hdf5::Group& root);

/// "/data/train"
std::string split_path(Split split);
/// "field_003": the name of a column's dataset.
std::string column_name(const char* kind, std::size_t index);

}  // namespace c2al::cache

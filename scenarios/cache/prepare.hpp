#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/datasets/description.hpp"
#include "scenarios/tables/bad_rows.hpp"

namespace c2al {

struct PrepareOptions {
  OnBadRow on_bad_row = OnBadRow::stop;
  int compression = 1;             ///< deflate level of the cache; 0: none
  std::size_t chunk_rows = 65536;  ///< rows of a chunk of the cache
  bool inert_field = true;         ///< adds an inert random visible field and its control axis "sham"
  /// Axes wanted, of those described; empty: all. The first one is mirrored by the inert field.
  std::vector<std::string> axes;
  std::vector<std::string> axis_inputs;  ///< of these, axes whose column also is an input
};

/// What prepare did; printed and stored in the cache.
struct PrepareReport {
  std::uint64_t rows = 0, dropped = 0;
  double positive_rate = 0;
  std::vector<std::string> first_reasons;  ///< of dropped rows
  std::vector<std::pair<std::string, std::string>>
      facts;  ///< files, checksums, rows by split, vocabularies, transforms
  double seconds = 0;
};

/// Called now and then with the rows read so far.
using PrepareProgress = std::function<void(std::uint64_t rows)>;

/// Reads the owner's files once and writes a cache: chunked, columnar HDF5 under a temporary name, renamed at the end.
/// Memory is bounded by vocabularies, joined tables and some chunks, never by rows. Throws RunError and leaves no file
/// behind.
PrepareReport prepare(const DatasetDescription& description, const std::vector<std::filesystem::path>& inputs,
                      const PrepareOptions& options, const std::filesystem::path& output,
                      const PrepareProgress& progress = {});

}  // namespace c2al

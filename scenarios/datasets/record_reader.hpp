#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/datasets/description.hpp"
#include "scenarios/tables/bad_rows.hpp"

namespace c2al {

/// One usable row. Views are valid until the reader moves on.
struct Record {
  std::vector<std::string_view> categorical;  ///< (categorical columns); a missing value is an empty view
  std::vector<double> continuous;             ///< (continuous columns); NaN where missing
  /// (axes) text of the axis's column; empty where missing. One that a group of levels or edges cannot place makes the
  /// row a bad one.
  std::vector<std::string_view> axis;
  float label = 0;
  std::string_view split_key;  ///< text of the split rule's column; empty where it has none
  std::optional<Split> split;  ///< where the file decides: not where the files at hand all name the same split
};

/// Reads the files of a described data set row by row, in bounded memory but for joined tables: label rule, joins,
/// missing values, checks of every used column.
class RecordReader {
 public:
  /// @param inputs  files or folders; in a folder the description's files are looked for by name
  /// Throws RunError naming a missing file, where to get it and its checksum; UsageError when a header differs.
  RecordReader(const DatasetDescription& description, const std::vector<std::filesystem::path>& inputs,
               OnBadRow on_bad_row);
  ~RecordReader();

  /// Columns in the order of Record: those of the main table, then those of the joins in order.
  const std::vector<DatasetColumn>& categorical_columns() const;
  const std::vector<DatasetColumn>& continuous_columns() const;

  /// The next usable row; false at the end of the last file.
  bool next(Record& record);
  /// Begins again with the first file.
  void rewind();

  const BadRows& bad_rows() const;
  std::uint64_t rows_read() const;
  /// File names, checksums, row counts, in the order read; complete after the last row.
  std::vector<std::pair<std::string, std::string>> facts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace c2al

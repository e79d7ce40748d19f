#pragma once
#include <vector>

#include "scenarios/datasets/description.hpp"
#include "scenarios/datasets/record_reader.hpp"

namespace c2al {

/// Where prepare takes its rows from.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  /// Columns in the order of Record.
  virtual const std::vector<DatasetColumn>& categorical_columns() const = 0;
  virtual const std::vector<DatasetColumn>& continuous_columns() const = 0;
  /// The next usable row; false at the end.
  virtual bool next(Record& record) = 0;
  /// Rows read and rows dropped so far, the reasons of the first ones, and where the rows come from.
  virtual std::uint64_t rows_read() const = 0;
  virtual std::uint64_t dropped() const = 0;
  virtual std::vector<std::string> first_reasons() const = 0;
  virtual std::vector<std::pair<std::string, std::string>> facts() const = 0;
};

}  // namespace c2al

#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/cache/axis_encoder.hpp"
#include "scenarios/cache/record_source.hpp"
#include "scenarios/cache/split_assignment.hpp"
#include "scenarios/cache/spool.hpp"
#include "scenarios/cache/vocabulary.hpp"

namespace c2al {

/// A categorical input while rows are read: provisional codes, or ids by hash.
struct SpooledField {
  DatasetColumn column;
  std::size_t source = 0;    ///< index in Record::categorical, or in Record::continuous
  bool from_number = false;  ///< a log-square bucket
  std::size_t spool_column = 0;
  Vocabulary vocabulary;  ///< unused with hash buckets
};

/// A continuous input while rows are read.
struct SpooledNumber {
  DatasetColumn column;
  std::size_t source = 0;        ///< index in Record::continuous
  std::size_t spool_column = 0;  ///< raw values, NaN where missing
};

/// First stage of prepare: records into a spool of fixed-width columns.
class RecordSpooler {
 public:
  /// @param beside  the spool lies in this file's folder
  RecordSpooler(const DatasetDescription& description, const RecordSource& source, const std::filesystem::path& beside,
                std::size_t block_rows);

  void add(const Record& record);
  void finish() { spool_.finish(); }

  // Columns of the spool that every data set has.
  static constexpr std::size_t given_column = 0, key_column = 1, label_column = 2, split_column = 3;

  Spool& spool() { return spool_; }
  SplitAssignment& splits() { return splits_; }
  const std::vector<SpooledField>& fields() const { return fields_; }
  /// Those that enter as numbers.
  const std::vector<SpooledNumber>& numbers() const { return numbers_; }
  /// Those that want an input for missing values; log-square columns among them.
  const std::vector<SpooledNumber>& indicators() const { return indicators_; }
  const std::vector<std::unique_ptr<AxisEncoder>>& axes() const { return axes_; }
  std::size_t axis_column(std::size_t axis) const { return axis_columns_[axis]; }
  std::uint64_t positives() const { return positives_; }

 private:
  std::vector<std::size_t> plan(const DatasetDescription& description, const RecordSource& source);

  bool by_inputs_;
  SplitAssignment splits_;
  std::vector<SpooledField> fields_;
  std::vector<SpooledNumber> numbers_, indicators_;
  std::vector<std::size_t> raw_columns_;  ///< spool column of each of Record::continuous
  std::vector<std::unique_ptr<AxisEncoder>> axes_;
  std::vector<std::size_t> axis_columns_;
  Spool spool_;
  std::vector<Vocabulary::Query> queries_;
  std::uint64_t positives_ = 0;
};

}  // namespace c2al

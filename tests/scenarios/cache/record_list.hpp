#pragma once
#include <limits>
#include <string>
#include <vector>

#include "scenarios/cache/record_source.hpp"

namespace c2al::testing {

/// A row as a test writes it.
struct ListedRow {
  std::vector<std::string> categorical;
  std::vector<double> continuous;
  std::vector<std::string> axis;
  float label = 0;
  std::string split_key;
  std::optional<Split> split = std::nullopt;
};

inline constexpr double missing_number = std::numeric_limits<double>::quiet_NaN();

/// Rows held in memory, as the owner's files would give them.
class RecordList final : public RecordSource {
 public:
  std::vector<DatasetColumn> categorical, continuous;
  std::vector<ListedRow> rows;

  const std::vector<DatasetColumn>& categorical_columns() const override { return categorical; }
  const std::vector<DatasetColumn>& continuous_columns() const override { return continuous; }
  bool next(Record& record) override {
    if (next_ == rows.size()) return false;
    const ListedRow& row = rows[next_++];
    record.categorical.assign(row.categorical.begin(), row.categorical.end());
    record.continuous = row.continuous;
    record.axis.assign(row.axis.begin(), row.axis.end());
    record.label = row.label;
    record.split_key = row.split_key;
    record.split = row.split;
    return true;
  }
  std::uint64_t rows_read() const override { return next_; }
  std::uint64_t dropped() const override { return 0; }
  std::vector<std::string> first_reasons() const override { return {}; }
  std::vector<std::pair<std::string, std::string>> facts() const override { return {{"list", "of a test"}}; }

 private:
  std::size_t next_ = 0;
};

inline DatasetColumn categorical_column(const std::string& name) {
  DatasetColumn column;
  column.name = name;
  return column;
}

inline DatasetColumn continuous_column(const std::string& name, NumericTransform transform) {
  DatasetColumn column;
  column.name = name;
  column.role = ColumnRole::continuous;
  column.transform = transform;
  return column;
}

/// A description without files: what prepare_records looks at.
inline DatasetDescription listed_description() {
  DatasetDescription description;
  description.name = "list";
  description.objective = "click";
  DatasetAxisRule axis;
  axis.name = "side";
  axis.column = "side";
  axis.groups = {{"left", {"l"}}, {"right", {"*"}}};
  axis.cohorts = {"left", "right"};
  description.axes = {axis};
  description.split.by = SplitRule::By::row;
  return description;
}

}  // namespace c2al::testing

#include "scenarios/cache/prepare.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.hpp"
#include "scenarios/cache/prepare_records.hpp"

namespace c2al {

namespace {

/// The owner's files as rows.
class FileRecords final : public RecordSource {
 public:
  FileRecords(const DatasetDescription& description, const std::vector<std::filesystem::path>& inputs,
              OnBadRow on_bad_row)
      : reader_(description, inputs, on_bad_row) {}

  const std::vector<DatasetColumn>& categorical_columns() const override { return reader_.categorical_columns(); }
  const std::vector<DatasetColumn>& continuous_columns() const override { return reader_.continuous_columns(); }
  bool next(Record& record) override { return reader_.next(record); }
  std::uint64_t rows_read() const override { return reader_.rows_read(); }
  std::uint64_t dropped() const override { return reader_.bad_rows().count(); }
  std::vector<std::string> first_reasons() const override { return reader_.bad_rows().first_reasons(); }
  std::vector<std::pair<std::string, std::string>> facts() const override { return reader_.facts(); }

 private:
  RecordReader reader_;
};

DatasetColumn* find_column(DatasetDescription& description, const std::string& name) {
  const auto find = [&](std::vector<DatasetColumn>& columns) -> DatasetColumn* {
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.name == name; });
    return found == columns.end() ? nullptr : &*found;
  };
  if (DatasetColumn* column = find(description.columns)) return column;
  for (DatasetJoin& join : description.joins)
    if (DatasetColumn* column = find(join.take)) return column;
  return nullptr;
}

/// The description with the axes wanted, in that order, and without the inputs they replace.
DatasetDescription with_axes(const DatasetDescription& described, const PrepareOptions& options) {
  DatasetDescription description = described;
  std::vector<std::string> known;
  for (const DatasetAxisRule& rule : described.axes) known.push_back(rule.name);
  if (!options.axes.empty()) description.axes.clear();
  for (const std::string& name : options.axes) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end() || std::count(options.axes.begin(), options.axes.end(), name) > 1)
      throw UsageError(fmt::format("axis '{}': expected different ones of {}", name, fmt::join(known, ", ")));
    description.axes.push_back(described.axes[static_cast<std::size_t>(found - known.begin())]);
  }
  std::vector<std::string> wanted;
  for (const DatasetAxisRule& rule : description.axes) wanted.push_back(rule.name);
  for (const std::string& name : options.axis_inputs)
    if (std::count(wanted.begin(), wanted.end(), name) == 0)
      throw UsageError(fmt::format("axis '{}' as an input: expected one of {}", name, fmt::join(wanted, ", ")));
  // A column behind several axes stays an input as long as one of them says so.
  const auto is_input = [&](const DatasetColumn& column) {
    return std::any_of(description.axes.begin(), description.axes.end(), [&](const DatasetAxisRule& rule) {
      return rule.column == column.name &&
             std::count(options.axis_inputs.begin(), options.axis_inputs.end(), rule.name) > 0;
    });
  };
  for (const DatasetAxisRule& rule : description.axes)
    if (DatasetColumn* column = find_column(description, rule.column); column != nullptr && !is_input(*column))
      column->role = ColumnRole::ignore;
  return description;
}

}  // namespace

PrepareReport prepare(const DatasetDescription& description, const std::vector<std::filesystem::path>& inputs,
                      const PrepareOptions& options, const std::filesystem::path& output,
                      const PrepareProgress& progress) {
  const DatasetDescription wanted = with_axes(description, options);
  FileRecords records(wanted, inputs, options.on_bad_row);
  return prepare_records(wanted, records, options, output, progress);
}

}  // namespace c2al

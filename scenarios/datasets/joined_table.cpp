#include "scenarios/datasets/joined_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/error.hpp"
#include "scenarios/tables/delimited_reader.hpp"
#include "scenarios/tables/printable.hpp"

namespace c2al {

namespace {

constexpr std::size_t block_size = 1 << 20;

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Throws RunError where a continuous column holds no number and stands for no missing value.
void check_number(const std::string& file, const TextRow& row, const DatasetJoin& join, const DatasetColumn& column) {
  if (column.role != ColumnRole::continuous) return;
  const auto position = std::find(join.columns.begin(), join.columns.end(), column.name) - join.columns.begin();
  const std::string_view text = row.fields[static_cast<std::size_t>(position)];
  double value = 0;
  if (text.empty() || parse_number(text, value)) return;
  if (std::find(column.missing.begin(), column.missing.end(), text) != column.missing.end()) return;
  throw RunError(
      fmt::format("{}:{}: column '{}': value {}: expected a number", file, row.line, column.name, printable(text)));
}

}  // namespace

JoinedTable::JoinedTable(const DatasetJoin& join, const std::filesystem::path& file,
                         const std::vector<std::size_t>& wanted)
    : width_(wanted.size()) {
  DelimitedReader reader(file, join.format);
  if (join.format.header) check_header(reader.file(), reader.header(), join.columns);
  const auto key =
      static_cast<std::size_t>(std::find(join.columns.begin(), join.columns.end(), join.key) - join.columns.begin());
  TextRow row;
  for (std::string problem; reader.next(row, problem);) {
    if (!problem.empty()) throw RunError(problem);
    if (row.fields.size() != join.columns.size())
      throw RunError(fmt::format("{}:{}: found {} fields, expected {}", reader.file(), row.line, row.fields.size(),
                                 join.columns.size()));
    const auto number = static_cast<std::uint32_t>(rows_.size());
    if (!rows_.emplace(keep(row.fields[key]), number).second)
      throw RunError(fmt::format("{}:{}: column '{}': value {}: expected a key that no row before has", reader.file(),
                                 row.line, join.key, printable(row.fields[key])));
    for (const DatasetColumn& column : join.take) check_number(reader.file(), row, join, column);
    for (const std::size_t column : wanted) cells_.push_back(keep(row.fields[column]));
  }
}

const std::string_view* JoinedTable::find(std::string_view key) const {
  const auto found = rows_.find(key);
  return found == rows_.end() ? nullptr : cells_.data() + found->second * width_;
}

std::string_view JoinedTable::keep(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() > left_) {
    left_ = std::max(block_size, text.size());
    blocks_.push_back(std::make_unique<char[]>(left_));
    free_ = blocks_.back().get();
  }
  char* const place = free_;
  std::memcpy(place, text.data(), text.size());
  free_ += text.size();
  left_ -= text.size();
  return {place, text.size()};
}

void check_header(const std::string& file, const std::vector<std::string>& header,
                  const std::vector<std::string>& expected) {
  for (std::size_t c = 0; c < std::min(header.size(), expected.size()); ++c) {
    const std::string_view found = without_blanks(header[c]);
    if (!found.empty() && found != expected[c])
      throw UsageError(
          fmt::format("{}: column {} of the header is {}: expected '{}'; this is another table than the "
                      "data set's description says",
                      file, c + 1, printable(found), expected[c]));
  }
  if (header.size() != expected.size())
    throw UsageError(
        fmt::format("{}: the header names {} columns, expected {}; this is another table than the data "
                    "set's description says",
                    file, header.size(), expected.size()));
}

}  // namespace c2al

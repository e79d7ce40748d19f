#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace c2al {

/// The columns of one line of a delimited text file without quoting, blanks around them removed, and where the line is:
/// every complaint is a RunError "FILE:LINE: ...".
class DelimitedRow {
 public:
  /// @param file  for messages; must outlive the row, as must `columns`, the names of the columns
  DelimitedRow(const std::string& file, const std::vector<std::string>& columns) : file_(file), names_(columns) {}

  /// Splits a line, which must outlive the row's use. Throws when the number of columns is wrong.
  void split(std::string_view line, char delimiter, std::uint64_t line_number);

  std::string_view text(std::size_t column) const { return columns_[column]; }
  /// A finite number; anything else throws naming column and value.
  double number(std::size_t column) const;
  /// Throws naming line, column, value and what was expected.
  [[noreturn]] void fail(std::size_t column, const std::string& expected) const;

  std::size_t size() const { return columns_.size(); }

 private:
  const std::string& file_;
  const std::vector<std::string>& names_;
  std::vector<std::string_view> columns_;
  std::uint64_t line_number_ = 0;
};

}  // namespace c2al

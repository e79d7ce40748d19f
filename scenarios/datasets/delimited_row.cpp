#include "scenarios/datasets/delimited_row.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "core/error.hpp"

namespace c2al {

namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

void DelimitedRow::split(std::string_view line, char delimiter, std::uint64_t line_number) {
  line_number_ = line_number;
  columns_.clear();
  for (std::size_t start = 0;;) {
    const std::size_t end = line.find(delimiter, start);
    columns_.push_back(trim(line.substr(start, end == std::string_view::npos ? end : end - start)));
    if (end == std::string_view::npos) break;
    start = end + 1;
  }
  if (columns_.size() != names_.size())
    throw RunError(
        fmt::format("{}:{}: found {} columns, expected {}", file_, line_number_, columns_.size(), names_.size()));
}

double DelimitedRow::number(std::size_t column) const {
  const std::string_view text = columns_[column];
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    fail(column, "a finite number");
  return value;
}

void DelimitedRow::fail(std::size_t column, const std::string& expected) const {
  throw RunError(fmt::format("{}:{}: column {} ({}) is '{}': expected {}", file_, line_number_, column, names_[column],
                             columns_[column], expected));
}

}  // namespace c2al

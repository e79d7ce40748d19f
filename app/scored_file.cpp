#include "app/scored_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>

#include "core/error.hpp"

namespace c2al {

namespace {

namespace fs = std::filesystem;

/// Where a complaint points to.
struct Place {
  const fs::path& file;
  std::size_t line = 0;
  [[noreturn]] void fail(const std::string& what) const {
    throw RunError(fmt::format("{}:{}: {}", file.string(), line, what));
  }
};

/// Cells of one line; quotes as in RFC 4180, except that a cell ends with its line.
std::vector<std::string> split(const std::string& line, const Place& place) {
  std::vector<std::string> cells(1);
  enum class Cell { plain, quoted, closed } cell = Cell::plain;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (cell == Cell::quoted) {
      if (c != '"')
        cells.back() += c;
      else if (i + 1 < line.size() && line[i + 1] == '"')
        cells.back() += line[++i];
      else
        cell = Cell::closed;
    } else if (c == ',') {
      cells.emplace_back();
      cell = Cell::plain;
    } else if (cell == Cell::closed) {
      place.fail(fmt::format("'{}' follows the closing quote of cell {}, expected a comma", c, cells.size()));
    } else if (c == '"' && cells.back().empty()) {
      cell = Cell::quoted;
    } else {
      cells.back() += c;
    }
  }
  if (cell == Cell::quoted) place.fail("a quoted cell does not end on its line");
  return cells;
}

double parse_number(const std::string& text, const char* column, const char* expected, double low, double high,
                    const Place& place) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc() || stop != end || !(value >= low && value <= high))
    place.fail(fmt::format("column '{}' is '{}', expected {}", column, text, expected));
  return value;
}

/// Positions of the known columns.
struct Columns {
  std::size_t label = 0, prediction = 0;
  std::optional<std::size_t> weight, cohort;
  std::size_t count = 0;
};

Columns read_header(const std::vector<std::string>& names, const Place& place) {
  const auto find = [&](const std::string& name) -> std::optional<std::size_t> {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    if (std::find(found + 1, names.end(), name) != names.end())
      place.fail(fmt::format("the header names column '{}' twice", name));
    return static_cast<std::size_t>(found - names.begin());
  };
  for (const std::string& name : names)
    if (name != "label" && name != "prediction" && name != "weight" && name != "cohort")
      place.fail(fmt::format(
          "unknown column '{}' in the header: expected label, prediction and optionally weight, cohort", name));
  const auto label = find("label"), prediction = find("prediction");
  if (!label || !prediction)
    place.fail(
        fmt::format("the header '{}' has no column '{}'", fmt::join(names, ","), label ? "prediction" : "label"));
  return {*label, *prediction, find("weight"), find("cohort"), names.size()};
}

/// The next line without its end; false at the end of the file.
bool next_line(std::ifstream& in, std::string& line, Place& place) {
  if (!std::getline(in, line)) return false;
  ++place.line;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return true;
}

}  // namespace

ScoredFile read_scored_file(const fs::path& file) {
  if (fs::is_directory(file)) throw RunError(fmt::format("{}: is a folder, expected a CSV file", file.string()));
  std::ifstream in(file, std::ios::binary);
  if (!in) throw RunError(fmt::format("{}: cannot be read", file.string()));
  Place place{file};
  std::string line;
  if (!next_line(in, line, place))
    throw RunError(fmt::format("{}: is empty, expected a header with the columns label and prediction", file.string()));
  if (line.rfind("\xef\xbb\xbf", 0) == 0) line.erase(0, 3);
  const Columns columns = read_header(split(line, place), place);

  ScoredFile scored;
  ScoredSamples& samples = scored.samples;
  std::map<std::string, std::uint16_t> cohorts;
  if (columns.cohort) scored.schema.axes.push_back({"cohort", {}, false, false});
  while (next_line(in, line, place)) {
    if (line.empty() && in.peek() == std::ifstream::traits_type::eof()) break;
    const std::vector<std::string> cells = split(line, place);
    if (cells.size() != columns.count)
      place.fail(fmt::format("{} columns found, expected {}", cells.size(), columns.count));
    const double label = parse_number(cells[columns.label], "label", "0 or 1", 0, 1, place);
    if (label != 0 && label != 1)
      place.fail(fmt::format("column 'label' is '{}', expected 0 or 1", cells[columns.label]));
    const double p =
        parse_number(cells[columns.prediction], "prediction", "a probability between 0 and 1", 0, 1, place);
    samples.label.push_back(static_cast<float>(label));
    samples.logit.push_back(std::log(p) - std::log1p(-p));
    if (columns.weight)
      samples.weight.push_back(
          static_cast<float>(parse_number(cells[*columns.weight], "weight", "a number of at least 0", 0, 1e30, place)));
    if (columns.cohort) {
      const std::string& name = cells[*columns.cohort];
      auto& names = scored.schema.axes[0].cohorts;
      const auto [entry, is_new] = cohorts.emplace(name, static_cast<std::uint16_t>(names.size()));
      if (is_new) {
        if (names.size() == 65535) place.fail("column 'cohort' has more than 65,535 different values");
        names.push_back(name);
      }
      samples.cohort.push_back(entry->second);
    }
  }
  if (samples.label.empty()) throw RunError(fmt::format("{}: has a header but no row", file.string()));
  return scored;
}

}  // namespace c2al

#include "results/terminal_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace c2al {

namespace {

constexpr std::string_view shades = " .:-=+*#%@";
constexpr std::size_t most_rows = 32, most_columns = 96, bar_bins = 16, bar_width = 50;

std::pair<double, double> finite_range(std::span<const double> values) {
  double lower = std::numeric_limits<double>::infinity(), upper = -lower;
  for (const double value : values)
    if (std::isfinite(value)) {
      lower = std::min(lower, value);
      upper = std::max(upper, value);
    }
  return {lower, upper};
}

/// Means of the blocks that a grid of cells cuts the matrix into.
std::vector<double> averaged(std::span<const double> values, std::size_t rows, std::size_t columns,
                             std::size_t cell_rows, std::size_t cell_columns) {
  std::vector<double> cells(cell_rows * cell_columns, 0.0), counts(cells.size(), 0.0);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      const std::size_t cell = r * cell_rows / rows * cell_columns + c * cell_columns / columns;
      cells[cell] += values[r * columns + c];
      ++counts[cell];
    }
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] /= counts[i];
  return cells;
}

}  // namespace

std::string heat_map(std::span<const double> values, std::size_t rows, std::size_t columns) {
  if (rows == 0 || columns == 0) return "(empty)\n";
  const std::size_t cell_rows = std::min(rows, most_rows), cell_columns = std::min(columns, most_columns);
  const std::vector<double> cells = averaged(values, rows, columns, cell_rows, cell_columns);
  const auto [lower, upper] = finite_range(cells);
  std::string text;
  for (std::size_t r = 0; r < cell_rows; ++r) {
    text += '|';
    for (std::size_t c = 0; c < cell_columns; ++c) {
      const double value = cells[r * cell_columns + c];
      if (!std::isfinite(value)) {
        text += '!';
        continue;
      }
      const double position = upper > lower ? (value - lower) / (upper - lower) : 0.5;
      text +=
          shades[std::min(static_cast<std::size_t>(position * static_cast<double>(shades.size())), shades.size() - 1)];
    }
    text += "|\n";
  }
  if (lower > upper) return text + "no finite value\n";
  text += fmt::format("'{}' {:.4g} ... '{}' {:.4g}", shades.front(), lower, shades.back(), upper);
  if (cell_rows < rows || cell_columns < columns)
    text += fmt::format(", averaged to {} x {} cells", cell_rows, cell_columns);
  return text + "\n";
}

std::string bar_histogram(std::span<const double> values) {
  const auto [lower, upper] = finite_range(values);
  if (lower > upper) return "no finite value\n";
  const double width = upper > lower ? (upper - lower) / static_cast<double>(bar_bins) : 1.0;
  std::vector<std::size_t> counts(bar_bins, 0);
  for (const double value : values)
    if (std::isfinite(value)) ++counts[std::min(static_cast<std::size_t>((value - lower) / width), bar_bins - 1)];
  const std::size_t most = *std::max_element(counts.begin(), counts.end());
  std::string text;
  for (std::size_t bin = 0; bin < bar_bins; ++bin)
    text += fmt::format("{:>12.4g} |{:<{}}| {}\n", lower + static_cast<double>(bin) * width,
                        std::string(counts[bin] * bar_width / most, '#'), bar_width, counts[bin]);
  return text;
}

}  // namespace c2al

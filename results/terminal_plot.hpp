#pragma once
#include <cstddef>
#include <span>
#include <string>

namespace c2al {

/// Pictures made of characters, at most 96 columns wide, each line ended by a newline.

/// A matrix in ten shades from its smallest to its largest finite value, with a legend; larger ones are averaged down
/// to at most 32 x 96 cells. NaN is shown as "!".
std::string heat_map(std::span<const double> values, std::size_t rows, std::size_t columns);

/// 16 equal-width bins with bars and counts; NaN and infinities are left out.
std::string bar_histogram(std::span<const double> values);

}  // namespace c2al

#include "core/evaluation/ascending_order.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <utility>

namespace c2al {

namespace {

constexpr std::size_t digits = sizeof(double), digit_values = 256;

struct Entry {
  std::uint64_t key;
  std::uint32_t position;
};

/// An integer that orders as the value does.
std::uint64_t ordered_key(double value) {
  constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);  // -0 becomes 0
  return (bits & sign) != 0 ? ~bits : bits | sign;
}

std::size_t digit_of(std::uint64_t key, std::size_t digit) { return (key >> (8 * digit)) & (digit_values - 1); }

}  // namespace

std::vector<std::uint32_t> ascending_order(std::span<const double> values) {
  std::vector<Entry> entries(values.size()), moved(values.size());
  std::array<std::array<std::size_t, digit_values>, digits> count{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    entries[i] = {ordered_key(values[i]), static_cast<std::uint32_t>(i)};
    for (std::size_t d = 0; d < digits; ++d) ++count[d][digit_of(entries[i].key, d)];
  }
  for (std::size_t d = 0; d < digits && !entries.empty(); ++d) {
    // Digits that all keys share, as the low ones of numbers that were floats, order nothing.
    if (count[d][digit_of(entries.front().key, d)] == entries.size()) continue;
    std::array<std::size_t, digit_values> next;
    std::size_t sum = 0;
    for (std::size_t v = 0; v < digit_values; ++v) {
      next[v] = sum;
      sum += count[d][v];
    }
    for (const Entry& entry : entries) moved[next[digit_of(entry.key, d)]++] = entry;
    std::swap(entries, moved);
  }
  std::vector<std::uint32_t> order(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = entries[i].position;
  return order;
}

}  // namespace c2al

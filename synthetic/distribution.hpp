#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace c2al::synthetic {

/// Zipf's law over a vocabulary: id k (rank k + 1) has probability proportional to (k + 1)^-exponent. Sums to 1.
std::vector<double> zipf(std::uint32_t vocabulary, double exponent);

/// Draws from a discrete distribution in constant time from one random word (Walker's alias method). The high part of
/// word * size picks a column, the low part decides between the column and its alias, so that the probability of each
/// id is met within 2^-31.
class AliasTable {
 public:
  AliasTable() = default;
  /// @param probabilities  non-negative, summing to 1; at least one
  explicit AliasTable(std::span<const double> probabilities);

  /// The id that a uniform 32-bit word selects.
  std::int32_t operator()(std::uint32_t word) const noexcept {
    const std::uint64_t scaled = static_cast<std::uint64_t>(word) * threshold_.size();
    const auto column = static_cast<std::size_t>(scaled >> 32);
    return static_cast<std::uint32_t>(scaled) < threshold_[column] ? static_cast<std::int32_t>(column) : alias_[column];
  }
  /// The ids that `size` words select.
  void select(const std::uint32_t* words, std::size_t size, std::int32_t* ids) const noexcept;

 private:
  std::vector<std::uint32_t> threshold_;  ///< (size) the column keeps low parts below it
  std::vector<std::int32_t> alias_;       ///< (size)
};

}  // namespace c2al::synthetic

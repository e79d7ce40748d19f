#include "synthetic/distribution.hpp"

#include <cmath>
#include <limits>

namespace c2al::synthetic {

std::vector<double> zipf(std::uint32_t vocabulary, double exponent) {
  std::vector<double> probability(vocabulary);
  double sum = 0;
  for (std::uint32_t k = 0; k < vocabulary; ++k) {
    probability[k] = std::pow(k + 1.0, -exponent);
    sum += probability[k];
  }
  for (double& p : probability) p /= sum;
  return probability;
}

AliasTable::AliasTable(std::span<const double> probabilities)
    : threshold_(probabilities.size(), std::numeric_limits<std::uint32_t>::max()), alias_(probabilities.size()) {
  const std::size_t size = probabilities.size();
  std::vector<double> filled(size);  // mass of each column, in units of a full column
  std::vector<std::size_t> under, over;
  for (std::size_t k = 0; k < size; ++k) {
    alias_[k] = static_cast<std::int32_t>(k);
    filled[k] = probabilities[k] * static_cast<double>(size);
    (filled[k] < 1 ? under : over).push_back(k);
  }
  while (!under.empty() && !over.empty()) {
    const std::size_t small = under.back(), large = over.back();
    under.pop_back();
    threshold_[small] = static_cast<std::uint32_t>(filled[small] * 0x1p32);
    alias_[small] = static_cast<std::int32_t>(large);
    filled[large] -= 1 - filled[small];
    if (filled[large] < 1) {
      over.pop_back();
      under.push_back(large);
    }
  }
}

void AliasTable::select(const std::uint32_t* __restrict words, std::size_t size,
                        std::int32_t* __restrict ids) const noexcept {
  // Unconditional loads and 32-bit positions, which vector units gather by.
  const std::uint32_t* const threshold = threshold_.data();
  const std::int32_t* const alias = alias_.data();
  const auto columns = static_cast<std::uint32_t>(threshold_.size());
  for (std::size_t s = 0; s < size; ++s) {
    const std::uint64_t scaled = static_cast<std::uint64_t>(words[s]) * columns;
    const auto column = static_cast<std::int32_t>(scaled >> 32);
    const std::uint32_t limit = threshold[column];
    const std::int32_t other = alias[column];
    ids[s] = static_cast<std::uint32_t>(scaled) < limit ? column : other;
  }
}

}  // namespace c2al::synthetic

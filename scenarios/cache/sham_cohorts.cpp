#include "scenarios/cache/sham_cohorts.hpp"

#include <algorithm>
#include <numeric>

namespace c2al {

ShamCohorts::ShamCohorts(const std::vector<std::uint64_t>& sizes, std::uint64_t seed)
    : cumulative_(sizes), stream_(seed, StreamPurpose::samples, name_hash("sham")) {
  std::partial_sum(cumulative_.begin(), cumulative_.end(), cumulative_.begin());
}

void ShamCohorts::draw(std::size_t rows, std::vector<std::uint16_t>& cohorts) {
  cohorts.resize(rows);
  for (std::uint16_t& cohort : cohorts)
    cohort = static_cast<std::uint16_t>(
        std::upper_bound(cumulative_.begin(), cumulative_.end(), stream_.below(cumulative_.back())) -
        cumulative_.begin());
}

}  // namespace c2al

#pragma once
#include <cstdint>
#include <vector>

#include "core/data/random_stream.hpp"

namespace c2al {

/// The inert field's cohorts: drawn a row at a time, independently of everything, with the shares another axis has
/// among the training rows.
class ShamCohorts {
 public:
  /// @param sizes  training rows of each cohort of the axis that is mirrored
  ShamCohorts(const std::vector<std::uint64_t>& sizes, std::uint64_t seed);
  /// Cohorts of the next `rows` rows.
  void draw(std::size_t rows, std::vector<std::uint16_t>& cohorts);

 private:
  std::vector<std::uint64_t> cumulative_;
  RandomStream stream_;
};

}  // namespace c2al

#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/data/data_source.hpp"
#include "core/training/method.hpp"

namespace c2al {

/// Some samples of the test split, held in memory.
struct ProbeSamples {
  std::vector<std::uint64_t> ids;  ///< (P) positions in the test split, ascending
  std::vector<std::int32_t> rows;
  std::vector<float> dense, label;
  std::vector<std::uint16_t> cohort;  ///< (P, axes)
  BatchView view;                     ///< of the columns above; evaluation weights and truth are left out

  ProbeSamples() = default;
  ProbeSamples(ProbeSamples&&) = default;
  ProbeSamples(const ProbeSamples&) = delete;
};

/// Chooses and gathers the probe samples: a quarter from the head cohort of the pair, a quarter from the tail cohort
/// (all there are when they are fewer), the rest from the whole split; none twice. Equal arguments give equal samples.
/// @param count  P; the whole split when it is smaller
ProbeSamples choose_probe_samples(const DataSource& source, const CohortPair& pair, std::size_t count,
                                  std::uint64_t seed);

}  // namespace c2al

#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "results/statistics.hpp"

namespace c2al {

/// Losses of one method's runs on one fixed test set: S training seeds, N rows.
struct FixedSetLosses {
  std::size_t seeds = 0, rows = 0;
  std::span<const float> method, reference;  ///< (S, N) cross entropy times the row's evaluation weight
};

/// The mean over training seeds of 100 (sum loss - sum reference loss) / sum reference loss, the relative change of
/// normalised entropy in percent, with the uncertainty of both the seeds and the test rows: rows and seeds are
/// resampled with replacement, independently of each other (the crossed, or pigeonhole, bootstrap; Owen 2007),
/// `replicates` times. The interval holds the replicates' middle 95 %; smallest_resolvable is 2.80 of their standard
/// deviations, the effect found four times in five by a two-sided 5 % test; below it the reading is unresolved,
/// whatever the interval. n, mean, median, signs and the sign test are those of the seeds; t_test_p is the normal
/// approximation. Everything but the counts is NaN with fewer than two seeds or rows.
PairedDifference crossed_bootstrap(const FixedSetLosses& losses, std::size_t replicates = 1000,
                                   std::uint64_t seed = 20261124);

}  // namespace c2al

#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace c2al {

/// Division of all samples into bins of equal mass of their logit. Equal logits share a bin, so that a bin may hold
/// more than its part; bins that no sample falls into are left out.
struct PooledBins {
  std::vector<std::uint16_t> bin;  ///< (N) of each sample
  /// (bins) Share of all samples below the bin's middle, ascending: where the bin lies in units of the pooled quantile.
  /// Without ties neighbours are 1/bins apart.
  std::vector<double> position;

  std::size_t size() const { return position.size(); }
};

/// @param logit  (N) finite
/// @param bins   1 .. 65535, asked for
PooledBins pooled_bins(std::span<const float> logit, std::size_t bins);

/// Counts by cohort and bin, (cohorts, bins.size()).
/// @param membership  (N) cohort of each sample, below cohorts
std::vector<double> cohort_histograms(const PooledBins& bins, std::span<const std::uint16_t> membership,
                                      std::size_t cohorts);

}  // namespace c2al

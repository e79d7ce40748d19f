#include "core/cohorts/pooled_bins.hpp"

#include <algorithm>
#include <numeric>

namespace c2al {

PooledBins pooled_bins(std::span<const float> logit, std::size_t bins) {
  const std::size_t n = logit.size();
  std::vector<std::uint32_t> sorted(n);
  std::iota(sorted.begin(), sorted.end(), 0u);
  std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) { return logit[a] < logit[b]; });

  PooledBins result;
  result.bin.resize(n);
  std::size_t current = bins;  // as asked for; no bin yet
  std::size_t first = 0;       // rank of the current bin's first sample
  for (std::size_t i = 0; i < n;) {
    std::size_t end = i;
    while (end < n && logit[sorted[end]] == logit[sorted[i]]) ++end;
    // Twice the middle rank of the tied samples: an integer, so that no rounding moves a bin's edge.
    const std::size_t asked = (i + end) * bins / (2 * n);
    if (asked != current) {
      current = asked;
      first = i;
      result.position.push_back(0);
    }
    for (std::size_t j = i; j < end; ++j)
      result.bin[sorted[j]] = static_cast<std::uint16_t>(result.position.size() - 1);
    result.position.back() = 0.5 * static_cast<double>(first + end) / static_cast<double>(n);
    i = end;
  }
  return result;
}

std::vector<double> cohort_histograms(const PooledBins& bins, std::span<const std::uint16_t> membership,
                                      std::size_t cohorts) {
  std::vector<double> counts(cohorts * bins.size(), 0.0);
  for (std::size_t i = 0; i < membership.size(); ++i) counts[membership[i] * bins.size() + bins.bin[i]] += 1;
  return counts;
}

}  // namespace c2al

#include "core/cohorts/divergences.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace c2al {

SmoothedHistogram::SmoothedHistogram(std::span<const double> counts) : share(counts.size()), log_share(counts.size()) {
  constexpr double smoothing = 0.5;
  const double total =
      std::accumulate(counts.begin(), counts.end(), 0.0) + smoothing * static_cast<double>(counts.size());
  double squares = 0;
  for (std::size_t b = 0; b < counts.size(); ++b) {
    share[b] = (counts[b] + smoothing) / total;
    log_share[b] = std::log(share[b]);
    squares += share[b] * share[b];
  }
  norm = std::sqrt(squares);
}

Divergences divergences(const SmoothedHistogram& p, const SmoothedHistogram& q, std::span<const double> position) {
  Divergences d;
  double js = 0, dot = 0, excess = 0;
  for (std::size_t b = 0; b < position.size(); ++b) {
    const double ratio = p.log_share[b] - q.log_share[b];
    d.kl += p.share[b] * ratio;
    d.kl_reverse -= q.share[b] * ratio;
    const double log_mean = std::log(0.5 * (p.share[b] + q.share[b]));
    js += 0.5 * (p.share[b] * (p.log_share[b] - log_mean) + q.share[b] * (q.log_share[b] - log_mean));
    dot += p.share[b] * q.share[b];
    excess += p.share[b] - q.share[b];
    if (b + 1 < position.size()) d.wasserstein += std::abs(excess) * (position[b + 1] - position[b]);
  }
  // Equal histograms leave rounding errors of either sign.
  d.kl = std::max(d.kl, 0.0);
  d.kl_reverse = std::max(d.kl_reverse, 0.0);
  d.jensen_shannon = std::sqrt(std::max(js, 0.0));
  d.cosine = std::max(1 - dot / (p.norm * q.norm), 0.0);
  return d;
}

}  // namespace c2al

#pragma once
#include <span>
#include <vector>

namespace c2al {

/// How far the predictions of two cohorts lie apart (paper, section 3.2.1), from their histograms P and Q over the
/// bins of the pooled logit.
struct Divergences {
  double kl = 0;              ///< sum P log(P/Q), nats
  double kl_reverse = 0;      ///< sum Q log(Q/P), nats
  double jensen_shannon = 0;  ///< distance: root of the divergence in nats; symmetric, 0 .. sqrt(log 2)
  double wasserstein = 0;     ///< Wasserstein-1 in units of the pooled quantile: 0 .. 1
  double cosine = 0;          ///< 1 - cosine of the angle between P and Q
};

/// A histogram prepared for comparison: every bin's count raised by 1/2, then normalised.
struct SmoothedHistogram {
  /// @param counts  (bins)
  explicit SmoothedHistogram(std::span<const double> counts);
  std::vector<double> share, log_share;
  double norm = 0;  ///< root of the sum of squared shares
};

/// @param position  (bins) of the bins in units of the pooled quantile, ascending
Divergences divergences(const SmoothedHistogram& p, const SmoothedHistogram& q, std::span<const double> position);

}  // namespace c2al

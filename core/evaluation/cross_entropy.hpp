#pragma once
#include <algorithm>
#include <cmath>

namespace c2al {

/// What the functions below take from a logit z, so that several of them cost one exponential and one logarithm.
class LogitTerms {
 public:
  explicit LogitTerms(double z) : z_(z), e_(std::exp(-std::abs(z))), log1p_(std::log1p(e_)) {}

  /// Cross entropy, in nats, of the prediction sigmoid(z) under a probability y of the label 1; y is in [0, 1]. A side
  /// of probability 0 costs nothing, even against a certain prediction.
  double cross_entropy(double y) const {
    return (y > 0 ? y * (std::max(-z_, 0.0) + log1p_) : 0.0) + (y < 1 ? (1 - y) * (std::max(z_, 0.0) + log1p_) : 0.0);
  }
  double sigmoid() const { return z_ >= 0 ? 1 / (1 + e_) : e_ / (1 + e_); }

 private:
  double z_, e_, log1p_;
};

inline double sigmoid(double z) { return LogitTerms(z).sigmoid(); }

inline double cross_entropy(double y, double z) { return LogitTerms(z).cross_entropy(y); }

}  // namespace c2al

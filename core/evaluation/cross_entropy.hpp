#pragma once
#include <algorithm>
#include <cmath>

namespace c2al {

/// log(1 + exp(z)) without overflow; exact at both infinities.
inline double softplus(double z) { return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))); }

inline double sigmoid(double z) {
  const double e = std::exp(-std::abs(z));
  return z >= 0 ? 1 / (1 + e) : e / (1 + e);
}

/// Cross entropy, in nats, of the prediction sigmoid(z) under a probability y of the label 1; y is in [0, 1]. A side of
/// probability 0 costs nothing, even against a certain prediction.
inline double cross_entropy(double y, double z) {
  return (y > 0 ? y * softplus(-z) : 0.0) + (y < 1 ? (1 - y) * softplus(z) : 0.0);
}

}  // namespace c2al

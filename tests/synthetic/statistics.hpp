#pragma once
#include <cmath>
#include <cstddef>
#include <vector>

namespace c2al::synthetic {

/// Largest |z| a correct generator may show. Seeds are fixed, so a test does not turn from green to red by chance; with
/// some thousand z-scores in all, one beyond 4.5 would be a 1 % event.
inline constexpr double z_bound = 4.5;

/// Mean and its standard error from a sample.
class SampleMean {
 public:
  void add(double value) {
    ++count_;
    const double difference = value - mean_;
    mean_ += difference / count_;
    squares_ += difference * (value - mean_);
  }
  double count() const { return count_; }
  double mean() const { return mean_; }
  double variance() const { return squares_ / count_; }
  double error() const { return std::sqrt(variance() / count_); }
  /// Distance from a known expectation in standard errors.
  double z(double expected) const { return (mean_ - expected) / error(); }

 private:
  double count_ = 0, mean_ = 0, squares_ = 0;
};

/// z-score of a count out of n draws of probability p.
inline double binomial_z(double count, double n, double p) { return (count - n * p) / std::sqrt(n * p * (1 - p)); }

/// z-score of the variance of values against a known one, by the fourth moment of the sample.
inline double variance_z(const std::vector<double>& values, double expected) {
  SampleMean mean, square;
  for (const double v : values) mean.add(v);
  for (const double v : values) square.add((v - mean.mean()) * (v - mean.mean()));
  return square.z(expected);
}

inline double logit(double p) { return std::log(p / (1 - p)); }

/// Cross entropy of a prediction p against a probability or label y, in nats.
inline double cross_entropy(double y, double p) { return -y * std::log(p) - (1 - y) * std::log1p(-p); }

}  // namespace c2al::synthetic

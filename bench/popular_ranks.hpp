#pragma once
#include <cmath>
#include <cstdint>

#include "core/data/random_stream.hpp"

namespace c2al {

/// Ranks 0 .. n-1 with p(r) ~ (r+1)^-exponent, exponent > 0 and not 1: rejection-inversion, exact and without a table
/// (Hormann and Derflinger, ACM Transactions on Modeling and Computer Simulation 6, 1996).
class PopularRanks {
 public:
  PopularRanks(std::uint64_t n, double exponent)
      : n_(static_cast<double>(n)),
        exponent_(exponent),
        upper_(integral(n_ + 0.5)),
        lower_(integral(1.5) - 1),
        sure_(2 - inverse(integral(2.5) - power(2))) {}

  std::uint64_t operator()(RandomStream& random) const {
    for (;;) {
      const double u = upper_ + random.uniform() * (lower_ - upper_), x = inverse(u);
      const double k = std::fmin(std::fmax(std::floor(x + 0.5), 1), n_);
      if (k - x <= sure_ || u >= integral(k + 0.5) - power(k)) return static_cast<std::uint64_t>(k) - 1;
    }
  }

 private:
  double power(double x) const { return std::pow(x, -exponent_); }
  double integral(double x) const { return std::pow(x, 1 - exponent_) / (1 - exponent_); }
  double inverse(double y) const { return std::pow((1 - exponent_) * y, 1 / (1 - exponent_)); }

  double n_, exponent_, upper_, lower_, sure_;
};

}  // namespace c2al

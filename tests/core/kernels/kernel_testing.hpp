#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/data/random_stream.hpp"
#include "core/kernels/execution.hpp"

namespace c2al::kernels::testing {

/// Scalar and execution space a typed test runs with.
template <class T, class E>
struct Case {
  using Scalar = T;
  using Exec = E;
};

using Cases =
    ::testing::Types<Case<float, CallingThread>, Case<double, CallingThread>,
                     Case<float, Kokkos::DefaultHostExecutionSpace>, Case<double, Kokkos::DefaultHostExecutionSpace>>;

/// Uniform in +-scale.
template <class T>
std::vector<T> random_vector(std::size_t n, std::uint64_t stream, double scale = 1) {
  RandomStream random(7, StreamPurpose::samples, stream);
  std::vector<T> values(n);
  for (T& value : values) value = static_cast<T>(scale * (2 * random.uniform() - 1));
  return values;
}

/// Largest difference over the largest magnitude of `expected` (the convention of c2al verify); NaN if any is.
template <class T>
double relative_error(const std::vector<T>& actual, const std::vector<T>& expected) {
  if (actual.size() != expected.size()) return INFINITY;
  double difference = 0, scale = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double delta = std::fabs(static_cast<double>(actual[i]) - static_cast<double>(expected[i]));
    if (std::isnan(delta)) return NAN;
    difference = std::max(difference, delta);
    scale = std::max(scale, std::fabs(static_cast<double>(expected[i])));
  }
  return scale > 0 ? difference / scale : difference;
}

/// Rounding of sums over a few hundred terms in T, relative to the largest entry: n eps with n = 128.
template <class T>
inline constexpr double sum_tolerance = sizeof(T) == sizeof(float) ? 128 * 6e-8 : 128 * 1.1e-16;

}  // namespace c2al::kernels::testing

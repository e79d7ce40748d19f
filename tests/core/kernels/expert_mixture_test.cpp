#include "core/kernels/expert_mixture.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/core/kernels/kernel_testing.hpp"

namespace c2al::kernels {
namespace {

using testing::random_vector;
using testing::relative_error;
using testing::sum_tolerance;

template <class C>
class ExpertMixture : public ::testing::Test {
 protected:
  using T = typename C::Scalar;
  typename C::Exec exec;
};
TYPED_TEST_SUITE(ExpertMixture, testing::Cases);

TYPED_TEST(ExpertMixture, SoftmaxIsThePlainOne) {
  using T = typename TypeParam::Scalar;
  for (const std::size_t R : {0u, 1u, 7u})
    for (const std::size_t n : {1u, 2u, 5u}) {
      const std::vector<T> scores = random_vector<T>(R * n, 1, 6);
      std::vector<T> p = scores, expected(R * n);
      softmax_rows(this->exec, R, n, p.data());
      for (std::size_t b = 0; b < R; ++b) {
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) sum += std::exp(static_cast<double>(scores[b * n + i]));
        for (std::size_t i = 0; i < n; ++i)
          expected[b * n + i] = static_cast<T>(std::exp(static_cast<double>(scores[b * n + i])) / sum);
      }
      EXPECT_LE(relative_error(p, expected), sum_tolerance<T>) << R << " " << n;
    }
}

TYPED_TEST(ExpertMixture, SoftmaxOfLargeScoresIsFiniteAndOfNaNIsNaN) {
  using T = typename TypeParam::Scalar;
  const T nan = std::numeric_limits<T>::quiet_NaN();
  std::vector<T> p = {T(1e30), T(-1e30), T(0), T(-1e30), T(-1e30), T(-1e30), T(0), nan, T(1)};
  softmax_rows(this->exec, 3, 3, p.data());
  EXPECT_EQ(p[0], T(1));
  EXPECT_EQ(p[1], T(0));
  for (std::size_t i = 3; i < 6; ++i) EXPECT_NEAR(p[i], 1.0 / 3, 1e-6);
  for (std::size_t i = 6; i < 9; ++i) EXPECT_TRUE(std::isnan(p[i])) << i;
}

// L = sum_b c_b . (sum_i p_bi z_b,e(i)), p = softmax(s): against central differences of a plain loop.
TYPED_TEST(ExpertMixture, MixtureAndItsGradientsEqualAPlainLoopAndDifferences) {
  using T = typename TypeParam::Scalar;
  const std::size_t R = 5, experts = 4, width = 19;
  const std::vector<std::size_t> seen = {0, 1, 3};
  const std::size_t n = seen.size();
  const std::vector<T> scores = random_vector<T>(R * n, 1), z = random_vector<T>(R * experts * width, 2),
                       c = random_vector<T>(R * width, 3);
  const auto mix = [&](const std::vector<double>& s, const std::vector<double>& x) {
    std::vector<double> out(R * width);
    for (std::size_t b = 0; b < R; ++b) {
      double sum = 0;
      for (std::size_t i = 0; i < n; ++i) sum += std::exp(s[b * n + i]);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < width; ++j)
          out[b * width + j] += std::exp(s[b * n + i]) / sum * x[(b * experts + seen[i]) * width + j];
    }
    return out;
  };
  const auto loss = [&](const std::vector<double>& s, const std::vector<double>& x) {
    const std::vector<double> out = mix(s, x);
    double sum = 0;
    for (std::size_t i = 0; i < out.size(); ++i) sum += static_cast<double>(c[i]) * out[i];
    return sum;
  };

  std::vector<T> p = scores, out(R * width, std::numeric_limits<T>::quiet_NaN());
  softmax_rows(this->exec, R, n, p.data());
  for (std::size_t i = 0; i < n; ++i)
    add_expert(this->exec, R, experts, width, seen[i], z.data(), n, i, p.data(), i == 0 ? T(0) : T(1), out.data());
  const std::vector<double> s(scores.begin(), scores.end()), x(z.begin(), z.end()), mixed = mix(s, x);
  EXPECT_LE(relative_error(out, std::vector<T>(mixed.begin(), mixed.end())), sum_tolerance<T>);

  const T factor = T(-0.5);
  std::vector<T> dz(z.size(), T(0)), ds(R * n, std::numeric_limits<T>::quiet_NaN());
  for (std::size_t i = 0; i < n; ++i)
    add_expert_backward(this->exec, R, experts, width, seen[i], z.data(), n, i, p.data(), factor, c.data(), dz.data(),
                        ds.data());
  softmax_rows_backward(this->exec, R, n, p.data(), ds.data());
  const double step = 1e-6, tolerance = sizeof(T) == sizeof(float) ? 1e-5 : 1e-8;
  for (std::size_t i = 0; i < s.size(); ++i) {
    std::vector<double> above = s, below = s;
    above[i] += step;
    below[i] -= step;
    EXPECT_NEAR(ds[i], (loss(above, x) - loss(below, x)) / (2 * step), tolerance) << "score " << i;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::vector<double> above = x, below = x;
    above[i] += step;
    below[i] -= step;
    EXPECT_NEAR(dz[i], static_cast<double>(factor) * (loss(s, above) - loss(s, below)) / (2 * step), tolerance) << i;
  }
}

TYPED_TEST(ExpertMixture, OwnHeadsReadAndWriteTheirOwnTaskAlone) {
  using T = typename TypeParam::Scalar;
  for (const std::size_t H : {1u, 16u, 37u}) {
    const std::size_t R = 6, tasks = 3, t = 1;
    const std::vector<T> h = random_vector<T>(R * H, 1), weight = random_vector<T>(H, 2),
                         residual = random_vector<T>(R * tasks, 3);
    const T bias = T(0.25), factor = T(-2);
    std::vector<T> logits(R * tasks, T(7)), dh(R * H), expected_logits(R * tasks, T(7)), expected_dh(R * H);
    for (std::size_t b = 0; b < R; ++b) {
      double sum = bias;
      for (std::size_t j = 0; j < H; ++j) {
        sum += static_cast<double>(h[b * H + j]) * static_cast<double>(weight[j]);
        expected_dh[b * H + j] = factor * residual[b * tasks + t] * weight[j];
      }
      expected_logits[b * tasks + t] = static_cast<T>(sum);
    }
    own_head_forward(this->exec, R, tasks, t, H, h.data(), weight.data(), &bias, logits.data());
    own_head_backward(this->exec, R, tasks, t, H, factor, residual.data(), weight.data(), dh.data());
    EXPECT_LE(relative_error(logits, expected_logits), sum_tolerance<T>);
    EXPECT_LE(relative_error(dh, expected_dh), sum_tolerance<T>);
  }
}

}  // namespace
}  // namespace c2al::kernels

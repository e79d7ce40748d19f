#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "core/data/random_stream.hpp"
#include "core/kernels/activation.hpp"
#include "core/kernels/layer_norm.hpp"
#include "core/kernels/loss.hpp"
#include "core/kernels/reference_dense.hpp"
#include "core/kernels/task_head.hpp"

namespace c2al::kernels {
namespace {

using Numbers = std::vector<double>;

Numbers random_numbers(std::size_t n, std::uint64_t stream) {
  RandomStream random(1, StreamPurpose::samples, stream);
  Numbers values(n);
  // Numbers that float holds exactly, so that both precisions start alike.
  for (double& value : values) value = static_cast<float>(random.normal());
  return values;
}

/// A matrix whose rows are `stride` apart, with NaN in the gaps: what a kernel must not read shows, and what it must
/// not write is checked.
template <class T>
class Strided {
 public:
  Strided(std::size_t rows, std::size_t columns, std::size_t stride, const Numbers& values)
      : rows_(rows), columns_(columns), stride_(stride), data_(rows * stride, std::numeric_limits<T>::quiet_NaN()) {
    for (std::size_t i = 0; i < rows * columns; ++i)
      data_[i / columns * stride + i % columns] = static_cast<T>(values[i]);
  }
  T* data() { return data_.data(); }
  std::size_t stride() const { return stride_; }

  void expect_near(const Numbers& expected, double tolerance, const char* what) const {
    for (std::size_t b = 0; b < rows_; ++b)
      for (std::size_t j = 0; j < stride_; ++j) {
        const T found = data_[b * stride_ + j];
        if (j < columns_)
          EXPECT_NEAR(found, expected[b * columns_ + j], tolerance) << what << " " << b << " " << j;
        else
          EXPECT_TRUE(std::isnan(found)) << what << ": wrote past row " << b;
      }
  }

 private:
  std::size_t rows_, columns_, stride_;
  std::vector<T> data_;
};

template <class T>
Strided<T> vector_of(const Numbers& values) {
  return Strided<T>(1, values.size(), values.size(), values);
}

template <class T, class Exec>
struct Setting {
  using Scalar = T;
  using Space = Exec;
  /// A few roundings of sums of about a hundred numbers of size 1.
  static constexpr double tolerance = sizeof(T) == 4 ? 2e-4 : 1e-12;
};

template <class S>
class DenseKernels : public ::testing::Test {
 protected:
  using T = typename S::Scalar;
  typename S::Space exec;

  template <class F>
  void for_each_shape(const F& f) {
    for (const std::size_t rows : {0u, 1u, 2u, 17u})
      for (const std::size_t columns : {1u, 5u, 16u, 31u, 32u, 72u, 432u}) {
        SCOPED_TRACE(::testing::Message() << rows << " x " << columns);
        f(rows, columns);
      }
  }
};
using Settings = ::testing::Types<Setting<float, CallingThread>, Setting<double, CallingThread>,
                                  Setting<float, Kokkos::DefaultHostExecutionSpace>,
                                  Setting<double, Kokkos::DefaultHostExecutionSpace>>;
TYPED_TEST_SUITE(DenseKernels, Settings);

TYPED_TEST(DenseKernels, BiasReluAndItsBackwardPass) {
  using T = typename TypeParam::Scalar;
  this->for_each_shape([&](std::size_t R, std::size_t n) {
    const Numbers z = random_numbers(R * n, 1), bias = random_numbers(n, 2), dh = random_numbers(R * n, 3);
    Strided<T> found(R, n, n + 3, z), added(R, n, n + 3, z), gradient(R, n, n + 1, dh);
    Strided<T> b = vector_of<T>(bias), sum = vector_of<T>(Numbers(n, NAN)), again = vector_of<T>(Numbers(n, 2.0));
    add_bias_relu(this->exec, R, n, b.data(), found.data(), found.stride());
    const Numbers h = reference::bias_relu(R, n, z, bias);
    found.expect_near(h, TypeParam::tolerance, "relu");
    add_bias(this->exec, R, n, b.data(), added.data(), added.stride());
    Numbers shifted = z;
    for (std::size_t i = 0; i < R * n; ++i) shifted[i] += bias[i % n];
    added.expect_near(shifted, TypeParam::tolerance, "bias");

    relu_backward(this->exec, R, n, found.data(), found.stride(), gradient.data(), gradient.stride(), T(0), sum.data());
    const Numbers dz = reference::relu_backward(h, dh);
    gradient.expect_near(dz, 0, "dz");
    Numbers expected = reference::column_sum(R, n, dz);
    sum.expect_near(expected, TypeParam::tolerance, "column sums, overwriting NaN");
    // The mask leaves what it made alone, so that the sums of a second pass are the same.
    Strided<T> scaled = vector_of<T>(Numbers(n, 2.0));
    relu_backward(this->exec, R, n, found.data(), found.stride(), gradient.data(), gradient.stride(), T(-0.5),
                  scaled.data());
    Numbers expected_scaled = expected;
    for (double& value : expected_scaled) value -= 1;
    scaled.expect_near(expected_scaled, TypeParam::tolerance, "column sums beside -0.5 times the old ones");
    column_sum(this->exec, R, n, gradient.data(), gradient.stride(), T(1), again.data());
    for (double& value : expected) value += 2;
    again.expect_near(expected, TypeParam::tolerance, "column sums, added");
  });
}

TYPED_TEST(DenseKernels, ReluKeepsNaN) {
  using T = typename TypeParam::Scalar;
  std::vector<T> z{std::numeric_limits<T>::quiet_NaN(), T(-1), T(1e15), -std::numeric_limits<T>::infinity()};
  const std::vector<T> bias(4, T(0));
  add_bias_relu(this->exec, 1, 4, bias.data(), z.data(), 4);
  EXPECT_TRUE(std::isnan(z[0]));
  EXPECT_EQ(z[1], T(0));
  EXPECT_EQ(z[2], T(1e15));
  EXPECT_EQ(z[3], T(0));
}

TYPED_TEST(DenseKernels, LayerNormWithAndWithoutBiasAndCross) {
  using T = typename TypeParam::Scalar;
  for (const bool with_bias : {false, true})
    for (const bool with_cross : {false, true})
      this->for_each_shape([&](std::size_t R, std::size_t D) {
        const Numbers s = random_numbers(R * D, 1), x = random_numbers(R * D, 2), product = random_numbers(R * D, 3),
                      bias = random_numbers(D, 4), cross_bias = random_numbers(D, 5), gamma = random_numbers(D, 6),
                      beta = random_numbers(D, 7), dout = random_numbers(R * D, 8);
        Numbers u = s;
        for (std::size_t i = 0; i < R * D; ++i) {
          if (with_bias) u[i] += bias[i % D];
          if (with_cross) u[i] += x[i] * (product[i] + cross_bias[i % D]) + x[i];
        }
        const reference::LayerNormResult expected = reference::layer_norm(R, D, u, gamma, beta);

        Strided<T> sum(R, D, D + 5, s), in(R, D, D, x), p(R, D, D, product), out(R, D, D, Numbers(R * D, 0));
        Strided<T> b = vector_of<T>(bias), c = vector_of<T>(cross_bias), g = vector_of<T>(gamma),
                   shift = vector_of<T>(beta), rstd = vector_of<T>(Numbers(R, 0));
        const CrossTerm<T> cross = with_cross ? CrossTerm<T>{p.data(), c.data()} : CrossTerm<T>{};
        add_cross_layer_norm(this->exec, R, D, sum.data(), sum.stride(), with_bias ? b.data() : nullptr, in.data(),
                             cross, g.data(), shift.data(), rstd.data(), out.data());
        // A row of few numbers may have a small variance, whose root magnifies rounding.
        const double tolerance = TypeParam::tolerance * (D < 16 ? 10 : 1);
        sum.expect_near(expected.xhat, tolerance, "xhat");
        out.expect_near(expected.out, tolerance, "out");
        if (D > 1) rstd.expect_near(expected.rstd, tolerance, "rstd");

        const Numbers du = reference::layer_norm_backward(R, D, dout, expected, gamma);
        Numbers dproduct(R * D), dx(R * D), dgamma(D), dbeta(D), dbias(D), dcross(D);
        for (std::size_t i = 0; i < R * D; ++i) {
          if (with_cross) dproduct[i] = du[i] * x[i];
          if (with_cross) dx[i] = du[i] * (product[i] + cross_bias[i % D] + 1);
          dgamma[i % D] += dout[i] * expected.xhat[i];
          dbeta[i % D] += dout[i];
          dbias[i % D] += du[i];
          dcross[i % D] += dproduct[i];
        }
        Strided<T> d(R, D, D, dout), found_du(R, D, D + 2, Numbers(R * D, 0)), found_dp(R, D, D, Numbers(R * D, 0)),
            found_dx(R, D, D, Numbers(R * D, NAN));
        Strided<T> found_dgamma = vector_of<T>(Numbers(D, NAN)), found_dbeta = vector_of<T>(Numbers(D, NAN)),
                   found_dbias = vector_of<T>(Numbers(D, NAN)), found_dcross = vector_of<T>(Numbers(D, NAN));
        add_cross_layer_norm_backward(
            this->exec, R, D, d.data(), sum.data(), sum.stride(), rstd.data(), g.data(), in.data(), cross,
            found_du.data(), found_du.stride(), found_dp.data(), found_dx.data(), T(0),
            {found_dgamma.data(), found_dbeta.data(), with_bias ? found_dbias.data() : nullptr,
             with_cross ? found_dcross.data() : nullptr});
        // With one column rstd is 316, and du the difference of equal numbers.
        const double scale = D == 1 ? 1e4 : D < 16 ? 100 : 1;
        found_du.expect_near(du, TypeParam::tolerance * scale, "du");
        found_dp.expect_near(dproduct, TypeParam::tolerance * scale, "dproduct");
        found_dx.expect_near(dx, TypeParam::tolerance * scale, "dx");
        found_dgamma.expect_near(dgamma, tolerance, "dgamma");
        found_dbeta.expect_near(dbeta, tolerance, "dbeta");
        if (with_bias) found_dbias.expect_near(dbias, TypeParam::tolerance * scale, "dbias");
        if (with_cross) found_dcross.expect_near(dcross, TypeParam::tolerance * scale, "dcross");

        // A second pass takes -0.5 times the sums of the first and adds its own.
        add_cross_layer_norm_backward(
            this->exec, R, D, d.data(), sum.data(), sum.stride(), rstd.data(), g.data(), in.data(), cross,
            found_du.data(), found_du.stride(), found_dp.data(), found_dx.data(), T(-0.5),
            {found_dgamma.data(), found_dbeta.data(), with_bias ? found_dbias.data() : nullptr,
             with_cross ? found_dcross.data() : nullptr});
        for (Numbers* sums : {&dgamma, &dbeta, &dbias, &dcross})
          for (double& value : *sums) value *= 0.5;
        found_dgamma.expect_near(dgamma, tolerance, "dgamma, accumulated");
        found_dbeta.expect_near(dbeta, tolerance, "dbeta, accumulated");
        if (with_bias) found_dbias.expect_near(dbias, TypeParam::tolerance * scale, "dbias, accumulated");
        if (with_cross) found_dcross.expect_near(dcross, TypeParam::tolerance * scale, "dcross, accumulated");
      });
}

TYPED_TEST(DenseKernels, LayerNormOfLargeNumbers) {
  using T = typename TypeParam::Scalar;
  // A common offset of 1000 times the spread: a one-pass variance would lose it in float.
  const std::size_t D = 64;
  const Numbers spread = random_numbers(D, 1), ones(D, 1.0), zeros(D, 0.0);
  Numbers u = spread;
  for (double& value : u) value = static_cast<float>(value + 1000);
  const reference::LayerNormResult expected = reference::layer_norm(1, D, u, ones, zeros);
  Strided<T> s(1, D, D, u), out(1, D, D, zeros), g = vector_of<T>(ones), b = vector_of<T>(zeros);
  T rstd = 0;
  add_cross_layer_norm<T>(this->exec, 1, D, s.data(), D, nullptr, nullptr, {}, g.data(), b.data(), &rstd, out.data());
  out.expect_near(expected.out, sizeof(T) == 4 ? 1e-3 : 1e-11, "out");
}

TYPED_TEST(DenseKernels, TaskHeadsAndTheirGradients) {
  using T = typename TypeParam::Scalar;
  for (const std::size_t tasks : {1u, 3u})
    this->for_each_shape([&](std::size_t B, std::size_t H) {
      const Numbers h = random_numbers(B * H, 1), weight = random_numbers(tasks * H, 2),
                    bias = random_numbers(tasks, 3), residual = random_numbers(B * tasks, 4);
      const std::vector<T> coefficient{T(0.5), T(0), T(-2)};
      Strided<T> x(B, H, H, h), w(tasks, H, H, weight),
          b = vector_of<T>(bias), r(B, tasks, tasks, residual), logits(B, tasks, tasks, Numbers(B * tasks, NAN)),
          dh(B, H, H, Numbers(B * H, NAN)), dw(tasks, H, H, Numbers(tasks * H, NAN)),
          db = vector_of<T>(Numbers(tasks, NAN));
      task_head_forward(this->exec, B, tasks, H, x.data(), w.data(), b.data(), logits.data());
      logits.expect_near(reference::task_heads(B, tasks, H, h, weight, bias), TypeParam::tolerance, "logits");

      Numbers expected_dh(B * H), expected_dw(tasks * H), expected_db(tasks);
      for (std::size_t i = 0; i < B; ++i)
        for (std::size_t t = 0; t < tasks; ++t) {
          const double slope = static_cast<double>(coefficient[t]) * residual[i * tasks + t];
          expected_db[t] += slope;
          for (std::size_t j = 0; j < H; ++j) {
            expected_dh[i * H + j] += slope * weight[t * H + j];
            expected_dw[t * H + j] += slope * h[i * H + j];
          }
        }
      task_head_backward(this->exec, B, tasks, H, coefficient.data(), r.data(), w.data(), dh.data());
      task_head_gradient(this->exec, B, tasks, H, coefficient.data(), r.data(), x.data(), T(0), dw.data(), db.data());
      dh.expect_near(expected_dh, TypeParam::tolerance, "dh");
      dw.expect_near(expected_dw, TypeParam::tolerance, "dweight");
      db.expect_near(expected_db, TypeParam::tolerance, "dbias");
      task_head_gradient(this->exec, B, tasks, H, coefficient.data(), r.data(), x.data(), T(1), dw.data(), db.data());
      for (Numbers* sum : {&expected_dw, &expected_db})
        for (double& value : *sum) value *= 2;
      dw.expect_near(expected_dw, TypeParam::tolerance, "dweight, added");
      db.expect_near(expected_db, TypeParam::tolerance, "dbias, added");
    });
}

TYPED_TEST(DenseKernels, TasksOfCoefficientZeroCannotSpoilTheOthers) {
  using T = typename TypeParam::Scalar;
  const std::vector<T> coefficient{T(1), T(0)}, residual{T(1), std::numeric_limits<T>::quiet_NaN()}, h{T(2), T(3)};
  const std::vector<T> weight{T(1), T(2), std::numeric_limits<T>::infinity(), T(1)};
  std::vector<T> dh(2), dw(4), db(2);
  task_head_backward(this->exec, 1, 2, 2, coefficient.data(), residual.data(), weight.data(), dh.data());
  task_head_gradient(this->exec, 1, 2, 2, coefficient.data(), residual.data(), h.data(), T(0), dw.data(), db.data());
  EXPECT_EQ(dh, (std::vector<T>{1, 2}));
  EXPECT_EQ(dw, (std::vector<T>{2, 3, 0, 0}));
  EXPECT_EQ(db, (std::vector<T>{1, 0}));
}

TYPED_TEST(DenseKernels, CrossEntropyWithLogits) {
  using T = typename TypeParam::Scalar;
  const std::size_t tasks = 2;
  const std::vector<T> logits{T(0), T(1.5), T(-3), T(8), T(-0.25), T(2)};
  const std::vector<float> target{0, 1, 0, 1, 0.5f, 0}, weight{1, 2, 0, 0.5f, 1, 3};
  for (const bool weighted : {false, true}) {
    std::vector<T> residual(6);
    std::vector<double> loss(6);
    cross_entropy_with_logits(this->exec, 3, tasks, logits.data(), target.data(), weighted ? weight.data() : nullptr,
                              residual.data(), loss.data());
    for (std::size_t b = 0; b < 3; ++b)
      for (std::size_t t = 0; t < tasks; ++t) {
        const double z = logits[b * tasks + t], y = target[t * 3 + b], w = weighted ? weight[t * 3 + b] : 1.0;
        EXPECT_NEAR(loss[t * 3 + b], w * reference::cross_entropy(z, y), 1e-6);
        EXPECT_NEAR(residual[b * tasks + t], w * (1 / (1 + std::exp(-z)) - y) / 3, 1e-7);
      }
  }
}

TYPED_TEST(DenseKernels, CrossEntropyOfHostileLogits) {
  using T = typename TypeParam::Scalar;
  const std::vector<T> logits{T(1e15), T(-1e15), T(1e15), T(-1e15), std::numeric_limits<T>::quiet_NaN()};
  const std::vector<float> target{1, 0, 0, 1, 1};
  std::vector<T> residual(5);
  std::vector<double> loss(5);
  cross_entropy_with_logits<T>(this->exec, 5, 1, logits.data(), target.data(), nullptr, residual.data(), loss.data());
  EXPECT_EQ(loss[0], 0);
  EXPECT_EQ(loss[1], 0);
  EXPECT_NEAR(loss[2], 1e15, 1e8);
  EXPECT_NEAR(loss[3], 1e15, 1e8);
  EXPECT_TRUE(std::isnan(loss[4]));
  EXPECT_EQ(residual[0], T(0));
  EXPECT_EQ(residual[1], T(0));
  EXPECT_NEAR(residual[2], 0.2, 1e-7);
  EXPECT_NEAR(residual[3], -0.2, 1e-7);
  EXPECT_TRUE(std::isnan(residual[4]));
}

TEST(LaneSum, IsTheSumOfAnyNumberOfTerms) {
  for (std::size_t n = 0; n < 70; ++n)
    EXPECT_EQ(lane_sum<double>(n, [](std::size_t i) { return static_cast<double>(i); }),
              static_cast<double>(n) * (static_cast<double>(n) - 1) / 2);
}

}  // namespace
}  // namespace c2al::kernels

#include "core/kernels/fm_attention.hpp"

#include <limits>
#include <ostream>

#include "core/kernels/reference.hpp"
#include "tests/core/kernels/kernel_testing.hpp"

namespace c2al::kernels {
namespace {

using namespace kernels::testing;

constexpr FmForm forms[] = {FmForm::covariance, FmForm::pairwise};

/// A batch with room to spare between samples, to catch a kernel that ignores a leading dimension.
template <class T>
struct Batch {
  FmForm form;
  std::size_t B, m, d, k, y_size, ldE, ldY, ldG;
  std::vector<T> E, Y, N, G, dE, dY;

  Batch(FmForm form, std::size_t B, std::size_t m, std::size_t d, std::size_t k, bool shared, double scale = 1)
      : form(form),
        B(B),
        m(m),
        d(d),
        k(k),
        y_size((form == FmForm::covariance ? d : m) * k),
        ldE(m * d + 3),
        ldY(shared ? 0 : y_size + 2),
        ldG(y_size + 1),
        E(random_vector<T>(B * ldE, 1, scale)),
        Y(random_vector<T>(shared ? y_size : B * ldY, 2)),
        N(random_vector<T>(B * ldG, 3)),
        G(random_vector<T>(B * ldG, 4)),
        dE(random_vector<T>(B * ldE, 5)),
        dY(random_vector<T>(Y.size(), 6)) {}

  template <class Exec>
  void forward(const Exec& exec) {
    fm_attention_forward(exec, form, B, m, d, k, E.data(), ldE, Y.data(), ldY, G.data(), ldG);
  }
  template <class Exec>
  void backward(const Exec& exec) {
    fm_attention_backward(exec, form, B, m, d, k, E.data(), ldE, Y.data(), ldY, N.data(), ldG, dE.data(), ldE,
                          dY.data(), ldY);
  }
  template <class Exec>
  void scalar(const Exec& exec) {
    fm_attention_forward_scalar(exec, form, B, m, d, k, E.data(), ldE, Y.data(), ldY, G.data(), ldG);
    fm_attention_backward_scalar(exec, form, B, m, d, k, E.data(), ldE, Y.data(), ldY, N.data(), ldG, dE.data(), ldE,
                                 dY.data(), ldY);
  }
  void plain_loops() {
    reference::fm_attention_forward(form, B, m, d, k, E.data(), ldE, Y.data(), ldY, G.data(), ldG);
    reference::fm_attention_backward(form, B, m, d, k, E.data(), ldE, Y.data(), ldY, N.data(), ldG, dE.data(), ldE,
                                     dY.data(), ldY);
  }
  friend std::ostream& operator<<(std::ostream& out, const Batch& o) {
    return out << (o.form == FmForm::covariance ? "covariance" : "pairwise") << " B " << o.B << " m " << o.m << " d "
               << o.d << " k " << o.k << (o.ldY == 0 ? " shared Y" : "");
  }
};

/// Outputs agree; the numbers between samples take part and must have been left alone.
template <class T>
void expect_equal(const Batch<T>& actual, const Batch<T>& expected) {
  EXPECT_LT(relative_error(actual.G, expected.G), sum_tolerance<T>) << expected;
  EXPECT_LT(relative_error(actual.dE, expected.dE), sum_tolerance<T>) << expected;
  EXPECT_LT(relative_error(actual.dY, expected.dY), sum_tolerance<T>) << expected;
}

struct Sizes {
  std::size_t B, m, d, k;
};
/// Every compiled instance, sizes without one, odd sizes, blocks of rows with and without remainder, empty and single
/// batches, more samples than a host thread takes at a time.
constexpr Sizes all_sizes[] = {{5, 9, 8, 4},    {3, 13, 16, 4},  {3, 12, 8, 8}, {3, 13, 16, 8}, {4, 27, 16, 16},
                               {3, 26, 32, 16}, {2, 25, 32, 32}, {3, 7, 5, 3},  {2, 1, 1, 1},   {2, 11, 24, 40},
                               {2, 39, 17, 37}, {1, 9, 8, 4},    {0, 9, 8, 4},  {150, 9, 8, 4}, {70, 6, 4, 6}};

template <class C>
class FmAttention : public ::testing::Test {};
TYPED_TEST_SUITE(FmAttention, Cases);

TYPED_TEST(FmAttention, AgreesWithThePlainLoops) {
  using T = typename TypeParam::Scalar;
  for (const FmForm form : forms)
    for (const Sizes s : all_sizes)
      for (const bool shared : {false, true}) {
        Batch<T> actual(form, s.B, s.m, s.d, s.k, shared), expected = actual;
        actual.forward(typename TypeParam::Exec{});
        actual.backward(typename TypeParam::Exec{});
        expected.plain_loops();
        expect_equal(actual, expected);
      }
}

TYPED_TEST(FmAttention, TheScalarFormForDevicesAgreesWithThePlainLoops) {
  using T = typename TypeParam::Scalar;
  for (const FmForm form : forms)
    for (const Sizes s : all_sizes)
      for (const bool shared : {false, true}) {
        Batch<T> actual(form, s.B, s.m, s.d, s.k, shared), expected = actual;
        actual.scalar(typename TypeParam::Exec{});
        expected.plain_loops();
        expect_equal(actual, expected);
      }
}

TYPED_TEST(FmAttention, HugeEmbeddings) {
  using T = typename TypeParam::Scalar;
  for (const FmForm form : forms) {
    Batch<T> actual(form, 4, 9, 8, 4, false, 1e15), expected = actual;
    actual.forward(typename TypeParam::Exec{});
    actual.backward(typename TypeParam::Exec{});
    expected.plain_loops();
    expect_equal(actual, expected);
  }
}

TYPED_TEST(FmAttention, ZeroEmbeddingsGiveZeroOutputAndNoGradient) {
  using T = typename TypeParam::Scalar;
  for (const FmForm form : forms) {
    Batch<T> batch(form, 3, 9, 8, 4, true, 0);
    const Batch<T> before = batch;
    batch.forward(typename TypeParam::Exec{});
    batch.backward(typename TypeParam::Exec{});
    for (std::size_t b = 0; b < batch.B; ++b)
      for (std::size_t i = 0; i < batch.y_size; ++i) EXPECT_EQ(batch.G[b * batch.ldG + i], T(0));
    EXPECT_EQ(batch.dE, before.dE);
    EXPECT_EQ(batch.dY, before.dY);
  }
}

TYPED_TEST(FmAttention, NaNStaysInItsSample) {
  using T = typename TypeParam::Scalar;
  for (const FmForm form : forms) {
    Batch<T> batch(form, 3, 9, 8, 4, false);
    batch.E[1 * batch.ldE + 10] = std::numeric_limits<T>::quiet_NaN();
    batch.forward(typename TypeParam::Exec{});
    batch.backward(typename TypeParam::Exec{});
    for (std::size_t b = 0; b < 3; ++b) {
      const auto some_nan = [b](const std::vector<T>& values, std::size_t stride, std::size_t size) {
        const auto first = values.begin() + static_cast<std::ptrdiff_t>(b * stride);
        return std::any_of(first, first + static_cast<std::ptrdiff_t>(size), [](T x) { return std::isnan(x); });
      };
      EXPECT_EQ(some_nan(batch.G, batch.ldG, batch.y_size), b == 1);
      EXPECT_EQ(some_nan(batch.dE, batch.ldE, batch.m * batch.d), b == 1);
      EXPECT_EQ(some_nan(batch.dY, batch.ldY, batch.y_size), b == 1);
    }
  }
}

TYPED_TEST(FmAttention, BytesDependNeitherOnTheExecutionSpaceNorOnTheCutOfTheBatch) {
  using T = typename TypeParam::Scalar;
  for (const FmForm form : forms)
    for (const bool shared : {false, true}) {
      Batch<T> whole(form, 150, 9, 8, 4, shared), cut = whole;
      whole.forward(typename TypeParam::Exec{});
      whole.backward(typename TypeParam::Exec{});
      constexpr std::size_t first = 37;
      for (const std::size_t begin : {std::size_t{0}, first}) {
        const std::size_t count = begin == 0 ? first : cut.B - first;
        fm_attention_forward(CallingThread{}, form, count, cut.m, cut.d, cut.k, cut.E.data() + begin * cut.ldE, cut.ldE,
                             cut.Y.data() + begin * cut.ldY, cut.ldY, cut.G.data() + begin * cut.ldG, cut.ldG);
        fm_attention_backward(CallingThread{}, form, count, cut.m, cut.d, cut.k, cut.E.data() + begin * cut.ldE,
                              cut.ldE, cut.Y.data() + begin * cut.ldY, cut.ldY, cut.N.data() + begin * cut.ldG, cut.ldG,
                              cut.dE.data() + begin * cut.ldE, cut.ldE, cut.dY.data() + begin * cut.ldY, cut.ldY);
      }
      EXPECT_EQ(whole.G, cut.G);
      EXPECT_EQ(whole.dE, cut.dE);
      EXPECT_EQ(whole.dY, cut.dY);
    }
}

/// L = sum of N * G over all samples, whose gradients the backward pass returns.
double loss(Batch<double> batch) {
  batch.forward(CallingThread{});
  double sum = 0;
  for (std::size_t b = 0; b < batch.B; ++b)
    for (std::size_t i = 0; i < batch.y_size; ++i) sum += batch.N[b * batch.ldG + i] * batch.G[b * batch.ldG + i];
  return sum;
}

TEST(FmAttentionGradient, AgreesWithCentralDifferences) {
  for (const FmForm form : forms)
    for (const Sizes s : {Sizes{2, 5, 8, 4}, Sizes{2, 3, 7, 2}})
      for (const bool shared : {false, true}) {
        Batch<double> batch(form, s.B, s.m, s.d, s.k, shared);
        std::fill(batch.dE.begin(), batch.dE.end(), 0.0);
        std::fill(batch.dY.begin(), batch.dY.end(), 0.0);
        batch.backward(CallingThread{});
        // L is quadratic in E and linear in Y: central differences are exact up to rounding, about 1e-15 L / h.
        constexpr double h = 1e-3, tolerance = 1e-10;
        const auto check = [&](std::vector<double> Batch<double>::*operand, const std::vector<double>& gradient) {
          for (std::size_t i = 0; i < gradient.size(); ++i) {
            Batch<double> up = batch, down = batch;
            (up.*operand)[i] += h;
            (down.*operand)[i] -= h;
            EXPECT_NEAR(gradient[i], (loss(up) - loss(down)) / (2 * h), tolerance) << batch << " at " << i;
          }
        };
        check(&Batch<double>::E, batch.dE);
        check(&Batch<double>::Y, batch.dY);
      }
}

}  // namespace
}  // namespace c2al::kernels

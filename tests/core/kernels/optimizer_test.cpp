#include "core/kernels/optimizer.hpp"

#include <limits>

#include "core/kernels/reference.hpp"
#include "tests/core/kernels/kernel_testing.hpp"

namespace c2al::kernels {
namespace {

using namespace kernels::testing;

UpdateRule make_rule(OptimizerKind kind) {
  UpdateRule rule;
  rule.kind = kind;
  rule.learning_rate = 0.01;
  rule.embedding_learning_rate = 0.05;
  rule.epsilon = kind == OptimizerKind::adam ? 1e-8 : 1e-10;
  return rule;
}

constexpr OptimizerKind kinds[] = {OptimizerKind::adam, OptimizerKind::adagrad, OptimizerKind::row_wise_adagrad,
                                   OptimizerKind::sgd};
/// A few operations a step in T, three steps.
template <class T>
constexpr double tolerance = sizeof(T) == sizeof(float) ? 2e-6 : 4e-15;

template <class C>
class Optimizer : public ::testing::Test {};
TYPED_TEST_SUITE(Optimizer, Cases);

TYPED_TEST(Optimizer, ThreeDenseStepsAgreeWithThePlainLoop) {
  using T = typename TypeParam::Scalar;
  for (const OptimizerKind kind : kinds)
    for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{37}, std::size_t{1000}}) {
      auto p = random_vector<T>(n, 1), expected_p = p;
      std::vector<T> m(n), v(n), expected_m(n), expected_v(n);
      const bool adam = kind == OptimizerKind::adam, sgd = kind == OptimizerKind::sgd;
      UpdateRule rule = make_rule(kind);
      for (rule.step = 1; rule.step <= 3; ++rule.step) {
        const auto g = random_vector<T>(n, 10 + rule.step);
        dense_update(typename TypeParam::Exec{}, rule, n, p.data(), g.data(), adam ? m.data() : nullptr,
                     sgd ? nullptr : v.data());
        reference::dense_update(rule, n, expected_p.data(), g.data(), adam ? expected_m.data() : nullptr,
                                sgd ? nullptr : expected_v.data());
      }
      EXPECT_LT(relative_error(p, expected_p), tolerance<T>);
      EXPECT_LT(relative_error(m, expected_m), tolerance<T>);
      EXPECT_LT(relative_error(v, expected_v), tolerance<T>);
    }
}

TYPED_TEST(Optimizer, ThreeRowStepsAgreeWithThePlainLoopAndLeaveOtherRowsAlone) {
  using T = typename TypeParam::Scalar;
  const std::vector<std::int32_t> rows[] = {{4, 0, 9}, {9, 2}, {}};
  for (const OptimizerKind kind : kinds)
    for (const std::size_t d : {std::size_t{1}, std::size_t{5}, std::size_t{8}, std::size_t{16}, std::size_t{32}}) {
      constexpr std::size_t V = 11;
      const bool adam = kind == OptimizerKind::adam, sgd = kind == OptimizerKind::sgd;
      const std::size_t accumulators = kind == OptimizerKind::row_wise_adagrad ? V : V * d;
      auto table = random_vector<T>(V * d, 1), expected_table = table;
      const auto start = table;
      std::vector<T> m(V * d), v(accumulators), expected_m(V * d), expected_v(accumulators);
      UpdateRule rule = make_rule(kind);
      for (rule.step = 1; rule.step <= 3; ++rule.step) {
        const auto& touched = rows[rule.step - 1];
        const auto g = random_vector<T>(touched.size() * d, 20 + rule.step);
        row_update(typename TypeParam::Exec{}, rule, touched.size(), d, touched.data(), g.data(), table.data(),
                   adam ? m.data() : nullptr, sgd ? nullptr : v.data());
        reference::row_update(rule, touched.size(), d, touched.data(), g.data(), expected_table.data(),
                              adam ? expected_m.data() : nullptr, sgd ? nullptr : expected_v.data());
      }
      EXPECT_LT(relative_error(table, expected_table), tolerance<T>) << "d " << d;
      EXPECT_LT(relative_error(m, expected_m), tolerance<T>) << "d " << d;
      EXPECT_LT(relative_error(v, expected_v), tolerance<T>) << "d " << d;
      for (const std::size_t row : {1, 3, 5, 6, 7, 8, 10})
        for (std::size_t a = 0; a < d; ++a) EXPECT_EQ(table[row * d + a], start[row * d + a]);
    }
}

TYPED_TEST(Optimizer, AdamTakesBiasCorrectionAndEpsilonAsTorchDoes) {
  // One step from zero moments with g = 1e-8: m^ = g and v^ = g^2, so a dense parameter moves by lr g / (g + eps) =
  // lr / 2; a row by lr g / (g + eps / sqrt(1 - b2)), eps not being corrected.
  using T = typename TypeParam::Scalar;
  UpdateRule rule = make_rule(OptimizerKind::adam);
  rule.learning_rate = rule.embedding_learning_rate = 1;
  const T g = T(1e-8);
  T p = T(0), m = T(0), v = T(0);
  dense_update(typename TypeParam::Exec{}, rule, 1, &p, &g, &m, &v);
  EXPECT_NEAR(p, -0.5, 1e-6);
  p = m = v = T(0);
  const std::int32_t row = 0;
  row_update(typename TypeParam::Exec{}, rule, 1, 1, &row, &g, &p, &m, &v);
  EXPECT_NEAR(p, -1 / (1 + 1 / std::sqrt(1 - 0.999)), 1e-6);
}

TYPED_TEST(Optimizer, RowWiseAdagradKeepsTheMeanSquareOfTheRow) {
  using T = typename TypeParam::Scalar;
  UpdateRule rule = make_rule(OptimizerKind::row_wise_adagrad);
  rule.embedding_learning_rate = 1;
  const std::int32_t row = 1;
  const std::vector<T> g = {T(3), T(4)};
  std::vector<T> table(4), v(2);
  row_update(typename TypeParam::Exec{}, rule, 1, 2, &row, g.data(), table.data(), static_cast<T*>(nullptr), v.data());
  EXPECT_EQ(v[0], T(0));
  EXPECT_NEAR(v[1], 12.5, 1e-6);
  EXPECT_NEAR(table[2], -3 / std::sqrt(12.5), 1e-6);
  EXPECT_NEAR(table[3], -4 / std::sqrt(12.5), 1e-6);
}

TYPED_TEST(Optimizer, ZeroAndHugeGradientsStayFiniteAndNaNShows) {
  using T = typename TypeParam::Scalar;
  for (const OptimizerKind kind : {OptimizerKind::adam, OptimizerKind::adagrad}) {
    const std::vector<T> g = {T(0), T(1e15), T(-1e15), std::numeric_limits<T>::quiet_NaN()};
    std::vector<T> p(4, T(1)), m(4), v(4);
    dense_update(typename TypeParam::Exec{}, make_rule(kind), 4, p.data(), g.data(), m.data(), v.data());
    EXPECT_EQ(p[0], T(1));
    EXPECT_NEAR(p[1], 1 - 0.01, 1e-6);  // both rules move by the learning rate at their first step
    EXPECT_NEAR(p[2], 1 + 0.01, 1e-6);
    EXPECT_TRUE(std::isnan(p[3]));
  }
}

}  // namespace
}  // namespace c2al::kernels

// Loss-weighting methods against steps worked by hand. Tasks: primary of weight 1, head cohort 0.5, tail cohort 0.25.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/baselines/world.hpp"

namespace c2al {
namespace {

using Vector = std::vector<double>;

std::unique_ptr<Method> method(const std::string& name, std::map<std::string, Settings::Value> more = {}) {
  static const synthetic::GeneratedData data = testing::contract_world();
  more["lambda_head"] = 0.5;
  more["lambda_tail"] = 0.25;
  return make_method(name, testing::contract_context(*data.source), Settings("test", std::move(more)));
}

/// The method's answer to one step; trunk and heads must agree.
Vector answer(Method& m, std::uint64_t step, const Vector& losses, const Vector& gram = {}) {
  Vector trunk(losses.size(), 1.0), heads(losses.size(), 1.0);
  m.coefficients({step, 0, 0, losses, gram}, trunk, heads);
  EXPECT_EQ(trunk, heads);
  return trunk;
}

void expect_near(const Vector& found, const Vector& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-9) << "task " << i;
}

TEST(UncertaintyWeighting, ThreeStepsByHand) {
  const auto m =
      method("uncertainty_weighting", {{"weight_learning_rate", 0.1}, {"likelihood", std::string("regression")}});
  // s = 0: every coefficient is 1/2. Then s_t -= 0.1 (1/2 - w_t L_t / 2): with w L = 0.8, 0.2, 0.1 the gradients are
  // 0.1, 0.4, 0.45.
  expect_near(answer(*m, 0, {0.8, 0.4, 0.4}), {0.5, 0.5, 0.5});
  const Vector s1 = {-0.01, -0.04, -0.045};
  const Vector c1 = {0.5 * std::exp(0.01), 0.5 * std::exp(0.04), 0.5 * std::exp(0.045)};
  expect_near(answer(*m, 1, {0.6, 0.4, 0.2}), c1);
  // w L = 0.6, 0.2, 0.05.
  const Vector s2 = {s1[0] - 0.1 * (0.5 - 0.6 * c1[0]), s1[1] - 0.1 * (0.5 - 0.2 * c1[1]),
                     s1[2] - 0.1 * (0.5 - 0.05 * c1[2])};
  expect_near(answer(*m, 2, {0.6, 0.4, 0.2}), {0.5 * std::exp(-s2[0]), 0.5 * std::exp(-s2[1]), 0.5 * std::exp(-s2[2])});
}

TEST(UncertaintyWeighting, SettlesWhereTheCoefficientIsOneOverTwiceTheLoss) {
  const auto m = method("uncertainty_weighting", {{"weight_learning_rate", 0.5}});
  Vector c;
  for (std::uint64_t step = 0; step < 2000; ++step) c = answer(*m, step, {0.25, 0.1, 0.2});
  expect_near(c, {1 / (2 * 0.25), 1 / (2 * 0.05), 1 / (2 * 0.05)});
}

TEST(UncertaintyWeighting, ClassificationBeginsWithTheWholeLoss) {
  const auto m = method("uncertainty_weighting", {{"weight_learning_rate", 0.1}});
  expect_near(answer(*m, 0, {0.8, 0.4, 0.4}), {1, 1, 1});
  // s_t -= 0.1 (1/2 - w_t L_t): w L = 0.8, 0.2, 0.1.
  expect_near(answer(*m, 1, {0.6, 0.4, 0.2}), {std::exp(-0.03), std::exp(0.03), std::exp(0.04)});
}

TEST(Gradnorm, TakesATasksFirstPositiveLossForItsInitialOne) {
  const auto m = method("gradnorm", {{"alpha", 1.0}, {"weight_learning_rate", 0.1}});
  const Vector gram = {9, 0, 0, 0, 2.25, 0, 0, 0, 1};
  // Without its cohort in the batch the tail's loss is 0: two tasks share the mean norm 2.25, and 2 is their weights'
  // sum.
  expect_near(answer(*m, 0, {0.8, 0.4, 0}, gram), {1, 1, 1});
  const double rest = 0.7 + 1.15;
  const Vector w1 = {1.4 / rest, 2.3 / rest, 1};
  expect_near(answer(*m, 1, {0.8, 0.4, 0.2}, gram), w1);
  // Now all rates are 1: norms 2.270270, 1.864865, 1, their mean 1.711712.
  const Vector raw = {w1[0] - 0.3, w1[1] - 0.15, 1.1};
  const double sum = raw[0] + raw[1] + raw[2];
  expect_near(answer(*m, 2, {0.8, 0.4, 0.2}, gram), {3 * raw[0] / sum, 3 * raw[1] / sum, 3 * raw[2] / sum});
}

TEST(DynamicWeightAverage, PeriodsByHand) {
  const auto m = method("dynamic_weight_average", {{"period", std::int64_t{2}}, {"temperature", 0.5}});
  // Means of the first two periods: 1.0, 0.5, 0.2, then 0.5, 0.5, 0.3: ratios 0.5, 1, 1.5.
  const std::vector<Vector> losses = {{1.2, 0.6, 0.3}, {0.8, 0.4, 0.1}, {0.6, 0.5, 0.2}, {0.4, 0.5, 0.4}};
  for (std::uint64_t step = 0; step < 4; ++step) expect_near(answer(*m, step, losses[step]), {1, 1, 1});
  const double e1 = std::exp(1.0), e2 = std::exp(2.0), e3 = std::exp(3.0), sum = e1 + e2 + e3;
  const Vector third = {3 * e1 / sum, 3 * e2 / sum, 3 * e3 / sum};
  // Means of the third period: 0.5, 0.25, 0.3: ratios to the second 1, 0.5, 1.
  expect_near(answer(*m, 4, {0.6, 0.25, 0.3}), third);
  expect_near(answer(*m, 5, {0.4, 0.25, 0.3}), third);
  const double sum2 = 2 * e2 + e1;
  expect_near(answer(*m, 6, {1, 1, 1}), {3 * e2 / sum2, 3 * e1 / sum2, 3 * e2 / sum2});
}

TEST(Gradnorm, ThreeStepsByHand) {
  const auto m = method("gradnorm", {{"alpha", 1.0}, {"weight_learning_rate", 0.1}});
  ASSERT_EQ(m->needs(0).gram, GradientScope::last_shared_layer);
  // Norms 3, 1.5, 1 of the weighted losses' gradients.
  const Vector gram = {9, 0, 0, 0, 2.25, 0, 0, 0, 1};
  // Step 0: all rates are 1, every target is the mean norm 1.8333: w = 1 - 0.3, 1 + 0.15, 1 + 0.1; their sum 2.95
  // becomes 3.
  expect_near(answer(*m, 0, {0.8, 0.4, 0.2}, gram), {1, 1, 1});
  const Vector w1 = {0.7 * 3 / 2.95, 1.15 * 3 / 2.95, 1.1 * 3 / 2.95};
  // Step 1: loss ratios 0.5, 1, 1.5, their mean 1. Weighted norms 2.1356, 1.7542, 1.1186, mean 1.6695; targets 0.8347,
  // 1.6695, 2.5042: excess +, +, -.
  expect_near(answer(*m, 1, {0.4, 0.4, 0.3}, gram), w1);
  const Vector raw = {w1[0] - 0.3, w1[1] - 0.15, w1[2] + 0.1};
  const double sum = raw[0] + raw[1] + raw[2];
  expect_near(answer(*m, 2, {0.4, 0.4, 0.3}, gram), {3 * raw[0] / sum, 3 * raw[1] / sum, 3 * raw[2] / sum});
}

}  // namespace
}  // namespace c2al

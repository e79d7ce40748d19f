#include "core/evaluation/attention_statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/data/random_stream.hpp"

namespace c2al {
namespace {

std::vector<double> gaussian(std::size_t n) {
  RandomStream stream(1, StreamPurpose::samples);
  std::vector<double> x(n);
  for (double& v : x) v = stream.normal();
  return x;
}

TEST(Concentration, OfAGaussian) {
  const auto s = concentration(gaussian(200000));
  EXPECT_NEAR(s.gini, std::sqrt(2.0) - 1, 0.005);
  EXPECT_NEAR(s.excess_kurtosis, 0, 0.06);
  EXPECT_NEAR(s.near_zero_share, std::erf(0.1 / std::sqrt(2.0)), 0.003);
}

TEST(Concentration, OfOneNumberAmongZeros) {
  std::vector<double> x(20, 0.0);
  x[7] = -3;
  const auto s = concentration(x, 4, 5);
  EXPECT_NEAR(s.gini, 1 - 1.0 / 20, 1e-14);
  EXPECT_NEAR(s.entropy, 0, 1e-14);
  EXPECT_NEAR(s.hoyer, 1, 1e-14);
  EXPECT_NEAR(s.near_zero_share, 19.0 / 20, 1e-14);
  EXPECT_NEAR(s.effective_rank, 1, 1e-6);
}

TEST(Concentration, OfEqualMagnitudes) {
  const auto s = concentration(std::vector<double>{2, -2, 2, -2});
  EXPECT_NEAR(s.gini, 0, 1e-14);
  EXPECT_NEAR(s.entropy, 1, 1e-14);
  EXPECT_NEAR(s.hoyer, 0, 1e-14);
  EXPECT_DOUBLE_EQ(s.rms, 2);
  EXPECT_EQ(s.near_zero_share, 0);
  EXPECT_TRUE(std::isnan(s.effective_rank));
}

TEST(Concentration, IsFreeOfScale) {
  auto x = gaussian(60);
  const auto a = concentration(x, 6, 10);
  for (double& v : x) v *= 1e-9;
  const auto b = concentration(x, 6, 10);
  EXPECT_NEAR(a.gini, b.gini, 1e-12);
  EXPECT_NEAR(a.entropy, b.entropy, 1e-12);
  EXPECT_NEAR(a.hoyer, b.hoyer, 1e-12);
  EXPECT_NEAR(a.excess_kurtosis, b.excess_kurtosis, 1e-9);
  EXPECT_EQ(a.near_zero_share, b.near_zero_share);
  EXPECT_NEAR(b.rms, 1e-9 * a.rms, 1e-20);
  EXPECT_NEAR(a.effective_rank, b.effective_rank, 1e-9);
}

TEST(Concentration, EffectiveRankOfTheIdentityAndOfItsTallForm) {
  const std::vector<double> identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  EXPECT_NEAR(concentration(identity, 3, 3).effective_rank, 3, 1e-9);
  const std::vector<double> tall = {1, 0, 0, 1, 0, 0};
  EXPECT_NEAR(concentration(tall, 3, 2).effective_rank, 2, 1e-9);
  const std::vector<double> wide = {1, 0, 0, 0, 1, 0};
  EXPECT_NEAR(concentration(wide, 2, 3).effective_rank, 2, 1e-9);
}

TEST(Concentration, IsUndefinedForNothingAndForZeros) {
  EXPECT_TRUE(std::isnan(concentration({}).gini));
  EXPECT_TRUE(std::isnan(concentration(std::vector<double>(5, 0.0)).gini));
  EXPECT_TRUE(std::isnan(concentration(std::vector<double>{4.0}).gini));
  EXPECT_TRUE(std::isnan(concentration(std::vector<double>{4.0, 4.0}).excess_kurtosis));
}

TEST(Concentration, MeanSkipsSamplesWhereItIsUndefined) {
  // One-hot, zeros, even: the mean of Gini is over the first and the last.
  const std::vector<double> x = {1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1};
  EXPECT_NEAR(mean_concentration(x, 3, 2, 2).gini, (0.75 + 0) / 2, 1e-14);
  EXPECT_TRUE(std::isnan(mean_concentration(std::vector<double>(4, 0.0), 1, 2, 2).gini));
}

TEST(DeadShare, CountsUnitsThatNeverFire) {
  const std::vector<double> x = {0, 1, 0, 0, 2, 0};  // (2 samples, 3 units)
  EXPECT_NEAR(dead_share(x, 2, 3), 2.0 / 3, 1e-15);
  EXPECT_TRUE(std::isnan(dead_share({}, 0, 3)));
}

}  // namespace
}  // namespace c2al

#include "results/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/data/random_stream.hpp"

namespace c2al {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Quantiles as printed by scipy.stats.t.ppf, and in every table of Student's t.
TEST(Statistics, StudentQuantiles) {
  EXPECT_NEAR(t_quantile(0.975, 7), 2.3646242515927844, 1e-10);
  EXPECT_NEAR(t_quantile(0.80, 7), 0.8960296443137517, 1e-10);
  EXPECT_NEAR(t_quantile(0.975, 1), 12.706204736174698, 1e-8);
  EXPECT_NEAR(t_quantile(0.975, 1e6), 1.9599664, 1e-5);
}

TEST(Statistics, PairedDifferenceByHand) {
  // mean -2, deviations -1, 0, 1, 0: sd = sqrt(2/3), standard error sqrt(1/6); t_0.975(3) = 3.1824463, t_0.80 =
  // 0.9784723.
  const std::vector<double> differences = {-3, -2, -1, -2};
  const PairedDifference result = paired_difference(differences);
  const double se = std::sqrt(1.0 / 6.0);
  EXPECT_EQ(result.n, 4u);
  EXPECT_DOUBLE_EQ(result.mean, -2);
  EXPECT_DOUBLE_EQ(result.median, -2);
  EXPECT_NEAR(result.standard_error, se, 1e-15);
  EXPECT_NEAR(result.low, -2 - 3.182446305284263 * se, 1e-10);
  EXPECT_NEAR(result.high, -2 + 3.182446305284263 * se, 1e-10);
  EXPECT_NEAR(result.smallest_resolvable, (3.182446305284263 + 0.9784723123633045) * se, 1e-9);
  EXPECT_EQ(result.negative, 4u);
  EXPECT_EQ(result.positive, 0u);
  EXPECT_DOUBLE_EQ(result.sign_test_p, 0.125);
  // scipy.stats.ttest_1samp([-3, -2, -1, -2], 0): t = -4.898979485566356, p = 0.016276506...
  EXPECT_NEAR(result.t_test_p, 0.01628, 1e-5);
  EXPECT_EQ(result.reading, Reading::gain);
}

TEST(Statistics, ReadingFollowsTheInterval) {
  const std::vector<double> gain = {-1.1, -0.9, -1.0};
  const std::vector<double> harm = {1.1, 0.9, 1.0};
  const std::vector<double> open = {-1.0, 0.9, 0.2};
  EXPECT_EQ(paired_difference(gain).reading, Reading::gain);
  EXPECT_EQ(paired_difference(harm).reading, Reading::harm);
  EXPECT_EQ(paired_difference(open).reading, Reading::unresolved);
  EXPECT_STREQ(to_string(Reading::gain), "gain");
  EXPECT_STREQ(to_string(Reading::harm), "harm");
  EXPECT_STREQ(to_string(Reading::unresolved), "unresolved");
}

TEST(Statistics, OnePairResolvesNothing) {
  const std::vector<double> one = {-5};
  const PairedDifference result = paired_difference(one);
  EXPECT_EQ(result.n, 1u);
  EXPECT_DOUBLE_EQ(result.mean, -5);
  EXPECT_TRUE(std::isnan(result.standard_error));
  EXPECT_TRUE(std::isnan(result.low));
  EXPECT_TRUE(std::isnan(result.smallest_resolvable));
  EXPECT_EQ(result.reading, Reading::unresolved);
}

TEST(Statistics, NoPairIsUndefined) {
  const PairedDifference result = paired_difference({});
  EXPECT_EQ(result.n, 0u);
  EXPECT_TRUE(std::isnan(result.mean));
  EXPECT_TRUE(std::isnan(result.sign_test_p));
  EXPECT_EQ(result.reading, Reading::unresolved);
}

TEST(Statistics, UndefinedPairsAreCountedNotUsed) {
  const std::vector<double> differences = {-1, nan, -3, 0};
  const PairedDifference result = paired_difference(differences);
  EXPECT_EQ(result.n, 3u);
  EXPECT_EQ(result.undefined, 1u);
  EXPECT_EQ(result.zero, 1u);
  EXPECT_NEAR(result.mean, -4.0 / 3.0, 1e-15);
  EXPECT_DOUBLE_EQ(result.median, -1);
}

TEST(Statistics, InfiniteDifferenceIsUnresolvedButShown) {
  const std::vector<double> differences = {-1, std::numeric_limits<double>::infinity(), -3};
  const PairedDifference result = paired_difference(differences);
  EXPECT_TRUE(std::isinf(result.mean));
  EXPECT_TRUE(std::isnan(result.low));
  EXPECT_EQ(result.reading, Reading::unresolved);
}

TEST(Statistics, IdenticalRunsDifferByNothing) {
  const std::vector<double> zeros = {0, 0, 0};
  const PairedDifference result = paired_difference(zeros);
  EXPECT_EQ(result.zero, 3u);
  EXPECT_DOUBLE_EQ(result.low, 0);
  EXPECT_DOUBLE_EQ(result.high, 0);
  EXPECT_DOUBLE_EQ(result.t_test_p, 1);
  EXPECT_EQ(result.reading, Reading::unresolved);
}

// scipy.stats.binomtest(1, 8).pvalue = 0.0703125; (0, 8): 0.0078125.
TEST(Statistics, ExactSignTest) {
  EXPECT_DOUBLE_EQ(sign_test(1, 7), 0.0703125);
  EXPECT_DOUBLE_EQ(sign_test(7, 1), 0.0703125);
  EXPECT_DOUBLE_EQ(sign_test(8, 0), 0.0078125);
  EXPECT_DOUBLE_EQ(sign_test(4, 4), 1.0);
  EXPECT_TRUE(std::isnan(sign_test(0, 0)));
}

TEST(Statistics, HolmByHand) {
  // Sorted .01 .02 .03 .04 with factors 4 3 2 1: .04 .06 .06 .06.
  const std::vector<double> p = {0.04, 0.01, nan, 0.03, 0.02};
  const std::vector<double> adjusted = holm_adjusted(p);
  EXPECT_DOUBLE_EQ(adjusted[1], 0.04);
  EXPECT_DOUBLE_EQ(adjusted[4], 0.06);
  EXPECT_DOUBLE_EQ(adjusted[3], 0.06);
  EXPECT_DOUBLE_EQ(adjusted[0], 0.06);
  EXPECT_TRUE(std::isnan(adjusted[2]));
}

// 4000 experiments of 8 normal differences: the interval covers the true mean in 95 % of them (binomial standard
// deviation 0.34 %; four of them allowed), and the smallest resolvable effect is found in about 80 %.
TEST(Statistics, IntervalCoversAndPowerHolds) {
  constexpr int experiments = 4000, seeds = 8;
  constexpr double mean = -0.3, sd = 0.7;
  RandomStream random(7, StreamPurpose::method);
  int covered = 0, found = 0;
  // The true spread's smallest resolvable effect, by the same formula.
  const double effect = (t_quantile(0.975, seeds - 1) + t_quantile(0.80, seeds - 1)) * sd / std::sqrt(double(seeds));
  for (int i = 0; i < experiments; ++i) {
    std::vector<double> differences(seeds), shifted(seeds);
    for (int s = 0; s < seeds; ++s) {
      const double noise = sd * random.normal();
      differences[s] = mean + noise;
      shifted[s] = -effect + noise;
    }
    const PairedDifference result = paired_difference(differences);
    covered += result.low <= mean && mean <= result.high;
    found += paired_difference(shifted).reading == Reading::gain;
  }
  EXPECT_NEAR(covered / double(experiments), 0.95, 4 * std::sqrt(0.95 * 0.05 / experiments));
  // The formula is the usual approximation of the non-central t: within three points of 80 % for 8 seeds.
  EXPECT_NEAR(found / double(experiments), 0.80, 0.03);
}

}  // namespace
}  // namespace c2al

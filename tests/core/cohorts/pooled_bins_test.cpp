#include "core/cohorts/pooled_bins.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/data/random_stream.hpp"

namespace c2al {
namespace {

std::vector<std::size_t> masses(const PooledBins& bins) {
  std::vector<std::size_t> counts(bins.size(), 0);
  for (const std::uint16_t b : bins.bin) ++counts.at(b);
  return counts;
}

TEST(PooledBins, HoldEqualMassWithoutTies) {
  RandomStream stream(1, StreamPurpose::samples);
  std::vector<float> logit;
  for (int i = 0; i < 1003; ++i) logit.push_back(static_cast<float>(stream.normal()));
  const PooledBins bins = pooled_bins(logit, 50);
  ASSERT_EQ(bins.size(), 50u);
  for (const std::size_t mass : masses(bins)) {
    EXPECT_GE(mass, 1003u / 50);
    EXPECT_LE(mass, 1003u / 50 + 1);
  }
  for (std::size_t b = 0; b < 50; ++b) EXPECT_NEAR(bins.position[b], (b + 0.5) / 50, 1.0 / 1003);
}

TEST(PooledBins, FollowTheOrderOfTheLogits) {
  const PooledBins bins = pooled_bins(std::vector<float>{3, -1, 2, 0}, 4);
  EXPECT_EQ(bins.bin, (std::vector<std::uint16_t>{3, 0, 2, 1}));
}

TEST(PooledBins, EqualLogitsShareABin) {
  // 60 % of the samples have one logit: they take one bin, and the bins they would have filled do not exist.
  std::vector<float> logit(100, 0.0f);
  for (int i = 0; i < 20; ++i) {
    logit[static_cast<std::size_t>(i)] = static_cast<float>(i - 30);
    logit[static_cast<std::size_t>(99 - i)] = static_cast<float>(30 - i);
  }
  const PooledBins bins = pooled_bins(logit, 10);
  EXPECT_EQ(masses(bins), (std::vector<std::size_t>{10, 10, 60, 10, 10}));
  EXPECT_NEAR(bins.position[2], 0.5, 1e-15);
  for (std::size_t i = 20; i < 80; ++i) EXPECT_EQ(bins.bin[i], 2);
}

TEST(PooledBins, OneLogitIsOneBin) {
  const PooledBins bins = pooled_bins(std::vector<float>(7, 1.5f), 50);
  ASSERT_EQ(bins.size(), 1u);
  EXPECT_EQ(bins.position[0], 0.5);
}

TEST(PooledBins, CountByCohort) {
  const PooledBins bins = pooled_bins(std::vector<float>{0, 1, 2, 3}, 2);
  EXPECT_EQ(cohort_histograms(bins, std::vector<std::uint16_t>{0, 2, 2, 2}, 3),
            (std::vector<double>{1, 0, 0, 0, 1, 2}));
}

}  // namespace
}  // namespace c2al

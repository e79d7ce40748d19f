#include "core/cohorts/divergences.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/data/random_stream.hpp"

namespace c2al {
namespace {

using Counts = std::vector<double>;

std::vector<double> positions(std::size_t bins) {
  std::vector<double> position;
  for (std::size_t b = 0; b < bins; ++b) position.push_back((static_cast<double>(b) + 0.5) / static_cast<double>(bins));
  return position;
}

Divergences compare(const Counts& p, const Counts& q) {
  return divergences(SmoothedHistogram(p), SmoothedHistogram(q), positions(p.size()));
}

TEST(Divergences, ByHandWithOneHalfAddedToEveryBin) {
  // P = (3.5, 0.5) / 4, Q = (0.5, 1.5) / 2.
  const double p0 = 0.875, p1 = 0.125, q0 = 0.25, q1 = 0.75;
  const Divergences d = compare({3, 0}, {0, 1});
  EXPECT_NEAR(d.kl, p0 * std::log(p0 / q0) + p1 * std::log(p1 / q1), 1e-15);
  EXPECT_NEAR(d.kl_reverse, q0 * std::log(q0 / p0) + q1 * std::log(q1 / p1), 1e-15);
  const double m0 = (p0 + q0) / 2, m1 = (p1 + q1) / 2;
  EXPECT_NEAR(
      d.jensen_shannon,
      std::sqrt((p0 * std::log(p0 / m0) + p1 * std::log(p1 / m1) + q0 * std::log(q0 / m0) + q1 * std::log(q1 / m1)) /
                2),
      1e-15);
  EXPECT_NEAR(d.wasserstein, (p0 - q0) * 0.5, 1e-15);
  EXPECT_NEAR(d.cosine, 1 - (p0 * q0 + p1 * q1) / std::hypot(p0, p1) / std::hypot(q0, q1), 1e-15);
}

TEST(Divergences, VanishForEqualHistograms) {
  const Divergences d = compare({5, 0, 12, 7}, {5, 0, 12, 7});
  EXPECT_EQ(d.kl, 0);
  EXPECT_EQ(d.kl_reverse, 0);
  EXPECT_NEAR(d.jensen_shannon, 0, 1e-7);  // the root of a rounding error
  EXPECT_EQ(d.wasserstein, 0);
  EXPECT_NEAR(d.cosine, 0, 1e-15);
}

TEST(Divergences, KeepTheirSignsSymmetriesAndBounds) {
  RandomStream stream(4, StreamPurpose::samples);
  for (int trial = 0; trial < 200; ++trial) {
    Counts p(20), q(20);
    for (double& c : p) c = static_cast<double>(stream.below(30));
    for (double& c : q) c = static_cast<double>(stream.below(3));
    const Divergences d = compare(p, q), reverse = compare(q, p);
    EXPECT_GT(d.kl, 0);
    EXPECT_NEAR(d.kl, reverse.kl_reverse, 1e-14);
    EXPECT_NEAR(d.jensen_shannon, reverse.jensen_shannon, 1e-14);
    EXPECT_LE(d.jensen_shannon, std::sqrt(std::log(2.0)));
    EXPECT_NEAR(d.wasserstein, reverse.wasserstein, 1e-14);
    EXPECT_GT(d.cosine, 0);
    EXPECT_LE(d.cosine, 1);
  }
}

TEST(Divergences, DisjointHistogramsApproachTheBounds) {
  // 1e9 samples: the 1/2 a bin no longer matters.
  const Divergences d = compare({1e9, 0}, {0, 1e9});
  EXPECT_NEAR(d.jensen_shannon, std::sqrt(std::log(2.0)), 1e-6);
  EXPECT_NEAR(d.cosine, 1, 1e-6);
}

TEST(Divergences, WassersteinIsTheShift) {
  Counts p(20, 0.0), q(20, 0.0);
  for (std::size_t b = 0; b < 10; ++b) p[b] = q[b + 5] = 1e9;
  EXPECT_NEAR(compare(p, q).wasserstein, 5.0 / 20, 1e-8);
}

TEST(Divergences, WassersteinKnowsHowFarBinsLieApart) {
  // Jensen-Shannon does not: to it any two disjoint bins are as far apart as any others.
  const Counts low = {1e9, 0, 0, 0}, near = {0, 1e9, 0, 0}, far = {0, 0, 0, 1e9};
  EXPECT_NEAR(compare(low, far).wasserstein, 3 * compare(low, near).wasserstein, 1e-8);
  EXPECT_NEAR(compare(low, far).jensen_shannon, compare(low, near).jensen_shannon, 1e-12);
}

TEST(Divergences, WassersteinMeasuresBetweenThePositionsGiven) {
  // Ties leave bins unevenly apart.
  const SmoothedHistogram p(Counts{1e9, 0, 0}), q(Counts{0, 1e9, 0}), r(Counts{0, 0, 1e9});
  const std::vector<double> position = {0.05, 0.15, 0.6};
  EXPECT_NEAR(divergences(p, q, position).wasserstein, 0.1, 1e-8);
  EXPECT_NEAR(divergences(q, r, position).wasserstein, 0.45, 1e-8);
}

}  // namespace
}  // namespace c2al

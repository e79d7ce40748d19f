#include "results/histogram.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

namespace c2al {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(Histogram, EveryValueFallsBetweenTheEdgesOfItsBin) {
  std::vector<double> values;
  for (int i = 0; i <= 640; ++i) values.push_back(i / 10.0);
  const Histogram h = histogram(values);
  EXPECT_EQ(h.lower, 0);
  EXPECT_EQ(h.upper, 64);
  const std::vector<double> edges = h.edges();
  ASSERT_EQ(edges.size(), 65u);
  EXPECT_EQ(edges.front(), 0);
  EXPECT_EQ(edges.back(), 64);
  EXPECT_EQ(h.counts[0], 10u);   // 0, 0.1 ... 0.9
  EXPECT_EQ(h.counts[63], 11u);  // the upper edge belongs to the last bin
  EXPECT_EQ(std::accumulate(h.counts.begin(), h.counts.end(), std::uint64_t{0}), 641u);
}

TEST(Histogram, ValuesThatAreAllEqualAreKept) {
  const Histogram h = histogram(std::vector<double>(7, 3.0));
  EXPECT_EQ(h.lower, 2.5);
  EXPECT_EQ(h.upper, 3.5);
  EXPECT_EQ(std::accumulate(h.counts.begin(), h.counts.end(), std::uint64_t{0}), 7u);
}

TEST(Histogram, NothingFiniteHasNoLimits) {
  const Histogram h = histogram(std::vector<double>{nan, std::numeric_limits<double>::infinity()});
  EXPECT_TRUE(std::isnan(h.lower));
  EXPECT_EQ(std::accumulate(h.counts.begin(), h.counts.end(), std::uint64_t{0}), 0u);
}

TEST(PredictionDensities, IntegrateToOneByCohortAndFollowTheWeights) {
  const std::vector<float> logit = {-1, 0, 0, 1, 1}, weight = {1, 1, 1, 1, 4};
  const std::vector<std::uint16_t> cohort = {0, 0, 1, 1, 1};
  const PredictionDensities d = prediction_densities(logit, weight, cohort, "age", {"young", "old", "nobody"});
  EXPECT_EQ(d.cohorts, (std::vector<std::string>{"overall", "age/young", "age/old", "age/nobody"}));
  const double width = d.edges[1] - d.edges[0];
  for (std::size_t row = 0; row < 3; ++row)
    EXPECT_NEAR(std::accumulate(d.density[row].begin(), d.density[row].end(), 0.0) * width, 1, 1e-12);
  EXPECT_NEAR(d.density[0][63] * width, 5.0 / 8, 1e-12);
  EXPECT_NEAR(d.density[2][63] * width, 5.0 / 6, 1e-12);
  EXPECT_EQ(d.density[1][63], 0);
  for (const double density : d.density[3]) EXPECT_TRUE(std::isnan(density));
}

}  // namespace
}  // namespace c2al

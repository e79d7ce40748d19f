#include "results/crossed_bootstrap.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace c2al {
namespace {

/// Losses of 1 for the reference, of 1 + effect + row part + seed part + noise for the method.
struct Made {
  std::size_t seeds, rows;
  std::vector<float> method, reference;

  Made(std::size_t seeds_, std::size_t rows_, double effect, double row_sd, double seed_sd, double noise,
       unsigned random_seed)
      : seeds(seeds_), rows(rows_), reference(seeds * rows, 1.0f) {
    std::mt19937 random(random_seed);
    std::normal_distribution<double> normal;
    std::vector<double> row(rows);
    for (double& r : row) r = row_sd * normal(random);
    for (std::size_t s = 0; s < seeds; ++s) {
      const double of_seed = seed_sd * normal(random);
      for (std::size_t i = 0; i < rows; ++i)
        method.push_back(static_cast<float>(1 + effect + row[i] + of_seed + noise * normal(random)));
    }
  }
  FixedSetLosses view() const { return {seeds, rows, method, reference}; }
};

TEST(CrossedBootstrap, HasTheSeedsOwnMeanAndCounts) {
  const Made made(8, 200, -0.01, 0.1, 0.01, 0.05, 1);
  const PairedDifference d = crossed_bootstrap(made.view());
  double mean = 0;
  for (std::size_t s = 0; s < 8; ++s) {
    double sum = 0;
    for (std::size_t i = 0; i < 200; ++i) sum += made.method[s * 200 + i];
    mean += 100 * (sum / 200 - 1) / 8;
  }
  EXPECT_NEAR(d.mean, mean, 1e-9);
  EXPECT_EQ(d.n, 8u);
  EXPECT_EQ(d.negative + d.positive + d.zero, 8u);
  EXPECT_LT(d.low, d.mean);
  EXPECT_GT(d.high, d.mean);
}

TEST(CrossedBootstrap, AddsTheVarianceOfRowsAndOfSeeds) {
  // Var = row_sd^2 / rows + seed_sd^2 / seeds, in percent of a reference loss of 1.
  const Made rows_only(30, 400, 0, 0.2, 0, 0, 2), seeds_only(30, 400, 0, 0, 0.02, 0, 3),
      both(30, 400, 0, 0.2, 0.02, 0, 4);
  const double of_rows = 100 * 0.2 / std::sqrt(400.0), of_seeds = 100 * 0.02 / std::sqrt(30.0);
  EXPECT_NEAR(crossed_bootstrap(rows_only.view()).standard_error, of_rows, 0.15 * of_rows);
  EXPECT_NEAR(crossed_bootstrap(seeds_only.view()).standard_error, of_seeds, 0.35 * of_seeds);
  const double together = std::hypot(of_rows, of_seeds);
  EXPECT_NEAR(crossed_bootstrap(both.view()).standard_error, together, 0.25 * together);
  // The seeds alone do not see that the rows are a sample.
  EXPECT_LT(paired_difference(std::vector<double>(30, 0.5)).standard_error, 1e-12);
}

TEST(CrossedBootstrap, CoversTheTruthAboutNineteenTimesInTwenty) {
  int covered = 0;
  constexpr int trials = 100;
  for (int trial = 0; trial < trials; ++trial) {
    const Made made(20, 150, 0.03, 0.2, 0.02, 0.05, 100 + static_cast<unsigned>(trial));
    const PairedDifference d = crossed_bootstrap(made.view(), 300);
    covered += d.low <= 3 && 3 <= d.high;
  }
  EXPECT_GE(covered, 86);
}

TEST(CrossedBootstrap, IsUnresolvedBelowTheSmallestResolvableEffect) {
  const Made clear(20, 400, -0.2, 0.1, 0.01, 0.01, 5), small(20, 400, -0.012, 0.1, 0.001, 0.001, 6);
  const PairedDifference found = crossed_bootstrap(clear.view()), lost = crossed_bootstrap(small.view());
  EXPECT_EQ(found.reading, Reading::gain);
  EXPECT_GT(std::abs(found.mean), found.smallest_resolvable);
  EXPECT_LT(std::abs(lost.mean), lost.smallest_resolvable);
  EXPECT_EQ(lost.reading, Reading::unresolved);
}

TEST(CrossedBootstrap, RepeatsItselfAndLeavesTooLittleUndefined) {
  const Made made(4, 50, 0.01, 0.1, 0.01, 0.01, 7);
  EXPECT_EQ(crossed_bootstrap(made.view()).low, crossed_bootstrap(made.view()).low);
  EXPECT_NE(crossed_bootstrap(made.view(), 1000, 1).low, crossed_bootstrap(made.view(), 1000, 2).low);
  const Made one(1, 50, 0.01, 0.1, 0.01, 0.01, 8);
  EXPECT_TRUE(std::isnan(crossed_bootstrap(one.view()).low));
  EXPECT_EQ(crossed_bootstrap(one.view()).reading, Reading::unresolved);
}

}  // namespace
}  // namespace c2al

#include "synthetic/calibration.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/data/random_stream.hpp"
#include "synthetic/truth.hpp"

namespace c2al::synthetic {
namespace {

double mean_rate(const std::vector<double>& logits, double intercept) {
  double sum = 0;
  for (const double logit : logits) sum += sigmoid(intercept + logit);
  return sum / static_cast<double>(logits.size());
}

TEST(SolveIntercept, MeetsTheRate) {
  RandomStream stream(1, StreamPurpose::world);
  for (const double spread : {0.1, 1.0, 5.0, 40.0})
    for (const double rate : {1e-4, 0.02, 0.1, 0.5, 0.97}) {
      std::vector<double> logits(20000);
      for (double& logit : logits) logit = spread * stream.normal() + 3;
      // The intercept is found within 1e-10 and the rate's slope in it is at most 1/4.
      EXPECT_NEAR(mean_rate(logits, solve_intercept(logits, rate)), rate, 1e-10) << spread << ", " << rate;
    }
}

TEST(SolveIntercept, IsTheLogitOfTheRateWhereNothingVaries) {
  EXPECT_NEAR(solve_intercept(std::vector<double>(10, 0.0), 0.25), std::log(1.0 / 3), 1e-9);
  EXPECT_NEAR(solve_intercept(std::vector<double>(10, 2.0), 0.5), -2.0, 1e-9);
}

TEST(Sigmoid, IsAccurateInBothTails) {
  EXPECT_DOUBLE_EQ(sigmoid(0), 0.5);
  EXPECT_DOUBLE_EQ(sigmoid(2), 0.88079707797788243);
  EXPECT_NEAR(sigmoid(-40) / 4.248354255291589e-18, 1, 1e-14);
  EXPECT_EQ(sigmoid(800), 1);
  EXPECT_EQ(sigmoid(-800), 0);
}

}  // namespace
}  // namespace c2al::synthetic

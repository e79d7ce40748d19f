#include "core/cohorts/excess_ne.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "core/data/random_stream.hpp"

namespace c2al {
namespace {

/// Samples whose labels follow a logit that is linear in h.
struct Samples {
  std::size_t width;
  std::vector<float> h, logit, label;
  std::vector<std::uint32_t> members;

  /// @param truth, baseline  (width) weights of h; both logits have the intercept -1
  Samples(std::size_t size, const std::vector<double>& truth, const std::vector<double>& baseline)
      : width(truth.size()), members(size) {
    RandomStream stream(11, StreamPurpose::samples);
    std::iota(members.begin(), members.end(), 0u);
    for (std::size_t i = 0; i < size; ++i) {
      double z = -1, predicted = -1;
      for (std::size_t j = 0; j < width; ++j) {
        h.push_back(static_cast<float>(stream.normal()));
        z += truth[j] * h.back();
        predicted += baseline[j] * h.back();
      }
      logit.push_back(static_cast<float>(predicted));
      label.push_back(stream.uniform() < 1 / (1 + std::exp(-z)) ? 1.0f : 0.0f);
    }
  }

  double excess(const RefitSettings& settings = {}) const {
    return excess_ne(members, logit, label, h, width, settings);
  }
};

TEST(ExcessNe, IsLargeWhereTheCohortNeedsAnotherDirection) {
  const Samples samples(10000, {0, 1.5, 0}, {1.5, 0, 0});
  EXPECT_GT(samples.excess(), 0.2);
}

TEST(ExcessNe, IsNearZeroWhereTheBaselineIsRight) {
  const Samples samples(10000, {1.5, 0, 0}, {1.5, 0, 0});
  // Four parameters fitted to 8,000 samples cost about 4 / (2 * 8000) nats, 0.0005 of NE; the bound is ten times that.
  EXPECT_NEAR(samples.excess(), 0, 0.005);
}

TEST(ExcessNe, SeesAWrongIntercept) {
  Samples samples(10000, {1, 0}, {1, 0});
  for (float& z : samples.logit) z += 1;
  EXPECT_GT(samples.excess(), 0.05);
}

TEST(ExcessNe, RewardsNoOverfitting) {
  // 60 units of noise and 400 samples: scored in sample, the refitted head would beat the baseline by far.
  const std::vector<double> nothing(60, 0.0);
  const Samples samples(400, nothing, nothing);
  EXPECT_LT(samples.excess({5, 1e-3, 0}), -0.1);
  // The default ridge keeps most of the harm out.
  EXPECT_LT(samples.excess(), 0);
  EXPECT_GT(samples.excess(), -0.1);
}

TEST(ExcessNe, DoesNotDependOnTheScaleOfH) {
  Samples samples(2000, {0, 1}, {1, 0});
  const double excess = samples.excess();
  for (std::size_t i = 0; i < samples.h.size(); i += 2) samples.h[i] *= 1024;  // exact in binary
  EXPECT_NEAR(samples.excess(), excess, 1e-10);
}

TEST(ExcessNe, AnOverwhelmingRidgeKeepsTheBaseline) {
  const Samples samples(2000, {0, 1}, {1, 0});
  EXPECT_NEAR(samples.excess({5, 1e9, 0}), 0, 1e-5);
}

TEST(ExcessNe, IgnoresUnitsThatAreConstantInTheCohort) {
  Samples samples(2000, {0, 1}, {1, 0});
  const double excess = samples.excess();
  std::vector<float> wider;
  for (std::size_t i = 0; i < 2000; ++i) {
    wider.insert(wider.end(), {samples.h[2 * i], samples.h[2 * i + 1], 0.0f, 3.0f});
  }
  EXPECT_NEAR(excess_ne(samples.members, samples.logit, samples.label, wider, 4, {}), excess, 1e-10);
}

TEST(ExcessNe, LooksAtTheMembersOnly) {
  Samples samples(2000, {0, 1}, {1, 0});
  samples.members.resize(1000);
  const double excess = samples.excess();
  for (std::size_t i = 1000; i < 2000; ++i) samples.label[i] = 1 - samples.label[i];
  EXPECT_EQ(samples.excess(), excess);
}

TEST(ExcessNe, SurvivesSeparableSamples) {
  Samples samples(200, {0}, {0});
  for (std::size_t i = 0; i < 200; ++i) samples.label[i] = samples.h[i] > 0 ? 1.0f : 0.0f;
  EXPECT_GT(samples.excess({5, 1e-3, 0}), 0.9);
}

TEST(ExcessNe, IsUndefinedForOneClassAndForNobody) {
  Samples samples(50, {0}, {0});
  samples.label.assign(50, 0.0f);
  EXPECT_TRUE(std::isnan(samples.excess()));
  samples.members.clear();
  EXPECT_TRUE(std::isnan(samples.excess()));
}

}  // namespace
}  // namespace c2al

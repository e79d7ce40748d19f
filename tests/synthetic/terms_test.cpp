// The terms of the logit, seen from outside: logit(p_true) - intercept of worlds that have one of them.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "core/error.hpp"
#include "synthetic/calibration.hpp"
#include "tests/synthetic/statistics.hpp"
#include "tests/synthetic/worlds.hpp"

namespace c2al::synthetic {
namespace {

constexpr SplitSizes train_only{200000, 0, 0, 0, false};

/// Preset A's fields with every strength, bias and multiplier set to nothing.
WorldConfig silent_world() {
  WorldConfig world = preset_a();
  world.linear_strength = world.global_strength = 0;
  for (CohortConfig& cohort : world.axes[0].cohorts) cohort.bias = cohort.specific_strength = 0;
  return world;
}

/// Logit without intercept of each training sample of a cohort of the first axis, or of all (-1).
std::vector<double> terms(const GeneratedData& data, int cohort = -1) {
  const SampleTable& table = data.source->table(Split::train);
  std::vector<double> values;
  for (std::size_t s = 0; s < table.size; ++s)
    if (cohort < 0 || table.cohort[s * table.axes] == cohort)
      values.push_back(logit(table.p_true[s]) - data.summary.intercept);
  return values;
}

double mean_z(const std::vector<double>& values, double expected) {
  SampleMean mean;
  for (const double v : values) mean.add(v);
  return mean.z(expected);
}

TEST(Terms, ASilentWorldHasTheBaseRateEverywhere) {
  const GeneratedData data = generate(silent_world(), {1000, 0, 0, 0, false}, 1);
  for (const double p : data.source->table(Split::train).p_true) ASSERT_NEAR(p, 0.1, 1e-9);
}

TEST(Terms, TheLinearTermHasItsStrength) {
  WorldConfig world = silent_world();
  world.linear_strength = 0.6;
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const GeneratedData data = generate(world, train_only, seed);
    const std::vector<double> values = terms(data);
    EXPECT_LT(std::abs(mean_z(values, 0)), z_bound);
    EXPECT_LT(std::abs(variance_z(values, 0.36)), z_bound);
    EXPECT_NEAR(data.summary.linear_variance, 0.36, 0.02);
    EXPECT_EQ(data.summary.global_variance, 0);
  }
}

TEST(Terms, TheLinearTermIsASumOverFields) {
  WorldConfig world = tiny_world(2, {});
  world.linear_strength = 1;
  const GeneratedData data = generate(world, train_only, 1);
  const SampleTable& table = data.source->table(Split::train);
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> value;
  for (std::size_t s = 0; s < table.size; ++s)
    value[{id_of(*data.source, table, s, 0), id_of(*data.source, table, s, 1)}] = logit(table.p_true[s]);
  EXPECT_NEAR(value.at({0, 0}) + value.at({1, 1}), value.at({0, 1}) + value.at({1, 0}), 1e-9);
  EXPECT_GT(std::abs(value.at({0, 0}) - value.at({1, 1})), 1e-3);
}

TEST(Terms, TheGlobalInteractionsHaveTheirStrength) {
  WorldConfig world = silent_world();
  world.global_strength = 0.8;
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const GeneratedData data = generate(world, train_only, seed);
    const std::vector<double> values = terms(data);
    EXPECT_LT(std::abs(mean_z(values, 0)), z_bound);
    EXPECT_LT(std::abs(variance_z(values, 0.64)), z_bound);
    EXPECT_NEAR(data.summary.global_variance, 0.64, 0.05);
  }
}

TEST(Terms, CohortOnlyInteractionsHaveTheirStrengthInTheirCohortAlone) {
  for (const bool private_latents : {false, true}) {
    WorldConfig world = silent_world();
    world.axes[0].private_latents = private_latents;
    world.axes[0].cohorts[1].specific_strength = 2;
    world.axes[0].cohorts[2].specific_strength = 0.5;
    const GeneratedData data = generate(world, train_only, 4);
    for (const double value : terms(data, 0)) ASSERT_NEAR(value, 0, 1e-9);
    EXPECT_LT(std::abs(mean_z(terms(data, 1), 0)), z_bound);
    EXPECT_LT(std::abs(variance_z(terms(data, 1), 4)), z_bound);
    EXPECT_LT(std::abs(variance_z(terms(data, 2), 0.25)), z_bound);
    EXPECT_EQ(data.summary.specific_variance[0][0], 0);
    // Measured on some 9,000 and 4,000 samples.
    EXPECT_NEAR(data.summary.specific_variance[0][1], 4, 0.6);
    EXPECT_NEAR(data.summary.specific_variance[0][2], 0.25, 0.06);
  }
}

TEST(Terms, StrengthsHoldForLargeVocabulariesAndRanks) {
  WorldConfig world = silent_world();
  world.global_strength = 1;
  world.vocabulary_min = 2000;
  world.vocabulary_max = 5000;
  world.latent_rank = 7;
  EXPECT_LT(std::abs(variance_z(terms(generate(world, train_only, 5)), 1)), z_bound);
}

TEST(Terms, TermsAddUp) {
  // Linear and cohort-only terms are independent draws, but of the same ids: only their sum's mean is known exactly.
  WorldConfig linear = silent_world(), specific = silent_world(), both = silent_world();
  linear.linear_strength = both.linear_strength = 0.6;
  specific.axes[0].cohorts[1].specific_strength = both.axes[0].cohorts[1].specific_strength = 2;
  const std::vector<double> a = terms(generate(linear, train_only, 6)), b = terms(generate(specific, train_only, 6)),
                            sum = terms(generate(both, train_only, 6));
  for (std::size_t s = 0; s < sum.size(); ++s) ASSERT_NEAR(sum[s], a[s] + b[s], 1e-9);
}

TEST(Terms, BiasIsAddedToTheLogit) {
  WorldConfig world = silent_world();
  world.axes[0].cohorts[1].bias = 1;
  world.axes[0].cohorts[2].bias = -1;
  const GeneratedData data = generate(world, train_only, 7);
  const double expected[] = {0, 1, -1};
  for (int c = 0; c < 3; ++c)
    for (const double value : terms(data, c)) ASSERT_NEAR(value, expected[c], 1e-9);
}

/// Logit without intercept by input (first `fields` fields) and cohorts of both axes.
using Answers = std::map<std::vector<std::int32_t>, std::map<std::pair<int, int>, double>>;

Answers answers(const GeneratedData& data, std::size_t fields) {
  const SampleTable& table = data.source->table(Split::train);
  Answers result;
  for (std::size_t s = 0; s < table.size; ++s) {
    const int second = table.axes > 1 ? table.cohort[s * table.axes + 1] : 0;
    result[input_of(table, s, fields)][{table.cohort[s * table.axes], second}] =
        logit(table.p_true[s]) - data.summary.intercept;
  }
  return result;
}

TEST(Terms, MultipliersOfAllAxesScaleTheGlobalInteractions) {
  AxisConfig flip = even_axis("flip"), half = even_axis("half");
  flip.cohorts[1].global_multiplier = -1;
  half.cohorts[1].global_multiplier = 0.5;
  WorldConfig world = tiny_world(3, {flip, half});
  world.global_strength = 0.8;
  world.global_pairs = 3;
  const GeneratedData data = generate(world, train_only, 8);
  for (const auto& [input, by_cohort] : answers(data, 3)) {
    ASSERT_EQ(by_cohort.size(), 4u);
    const double plain = by_cohort.at({0, 0});
    EXPECT_GT(std::abs(plain), 1e-6);
    EXPECT_NEAR(by_cohort.at({1, 0}), -plain, 1e-9);
    EXPECT_NEAR(by_cohort.at({0, 1}), 0.5 * plain, 1e-9);
    EXPECT_NEAR(by_cohort.at({1, 1}), -0.5 * plain, 1e-9);
  }
  // E of the squared product of multipliers is 1 * (1 + 0.25) / 2.
  EXPECT_NEAR(data.summary.global_variance, 0.64 * 0.625, 0.02);
}

TEST(Terms, InConflictTheSecondCohortsInteractionsAreMinusTheFirsts) {
  AxisConfig axis = even_axis("value");
  axis.cohorts[0].specific_strength = 1;
  axis.cohorts[1].specific_strength = 1.5;
  axis.specific_pairs = 3;
  axis.conflict_of = "first";
  axis.conflict_with = "second";
  for (const bool private_latents : {false, true}) {
    axis.private_latents = private_latents;
    for (const auto& [input, by_cohort] : answers(generate(tiny_world(3, {axis}), train_only, 9), 3))
      EXPECT_NEAR(by_cohort.at({1, 0}), -1.5 * by_cohort.at({0, 0}), 1e-9);
  }
}

/// Correlation over inputs, each counted once, between the cohorts' only terms.
double cohort_correlation(const AxisConfig& axis, std::size_t rank, std::uint64_t seed) {
  WorldConfig world = tiny_world(2, {axis});
  world.vocabulary_min = world.vocabulary_max = 6;
  world.latent_rank = rank;
  SampleMean first, second;
  std::vector<std::pair<double, double>> values;
  for (const auto& [input, by_cohort] : answers(generate(world, train_only, seed), 2)) {
    values.emplace_back(by_cohort.at({0, 0}), by_cohort.at({1, 0}));
    first.add(values.back().first);
    second.add(values.back().second);
  }
  double product = 0;
  for (const auto& [a, b] : values) product += (a - first.mean()) * (b - second.mean());
  return product / static_cast<double>(values.size()) / std::sqrt(first.variance() * second.variance());
}

TEST(Terms, CohortsShareTheGlobalLatentsOrHaveTheirOwn) {
  AxisConfig axis = even_axis("value");
  axis.cohorts[0].specific_strength = axis.cohorts[1].specific_strength = 1;
  double of_rank_two = 0;
  for (const std::uint64_t seed : {1u, 2u, 3u, 4u}) {
    // With one pair of rank 1 the term is u_i a v_j: shared latents leave no freedom but the sign.
    axis.private_latents = false;
    EXPECT_NEAR(std::abs(cohort_correlation(axis, 1, seed)), 1, 1e-9);
    of_rank_two = std::max(of_rank_two, std::abs(cohort_correlation(axis, 2, seed)));
    axis.private_latents = true;
    EXPECT_LT(std::abs(cohort_correlation(axis, 1, seed)), 0.95);
  }
  EXPECT_LT(of_rank_two, 0.999);  // own matrices differ
}

TEST(Terms, TheBaseRateIsMet) {
  for (const double rate : {0.02, 0.1, 0.4}) {
    WorldConfig world = preset_a();
    world.base_rate = rate;
    for (const std::uint64_t seed : {1u, 2u}) {
      const GeneratedData data = generate(world, train_only, seed);
      const SampleTable& table = data.source->table(Split::train);
      SampleMean p;
      for (const double value : table.p_true) p.add(value);
      // The intercept is solved on a sample of the same population, whose error adds.
      const double error = std::sqrt(p.variance() * (1.0 / 200000 + 1.0 / calibration_samples));
      EXPECT_LT(std::abs(p.mean() - rate) / error, z_bound) << rate;
      EXPECT_LT(error / rate, 0.01) << rate;
    }
  }
}

}  // namespace
}  // namespace c2al::synthetic

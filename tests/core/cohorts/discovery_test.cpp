#include "core/cohorts/discovery.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "core/error.hpp"
#include "tests/core/cohorts/small_input.hpp"

namespace c2al {
namespace {

using testing::SmallInput;

const PairRow& pair_of(const DiscoveryTable& table, std::size_t axis, std::size_t a, std::size_t b) {
  for (const PairRow& pair : table.pairs)
    if (pair.axis == axis && std::minmax(pair.first, pair.second) == std::minmax(a, b)) return pair;
  throw std::out_of_range("no such pair");
}

const CohortRow& cohort_of(const DiscoveryTable& table, std::size_t axis, std::size_t cohort) {
  for (const CohortRow& row : table.cohorts)
    if (row.axis == axis && row.cohort == cohort) return row;
  throw std::out_of_range("no such cohort");
}

/// A baseline that knows everything: logit -1 + h0 + shift(sample).
void predict_truth(SmallInput& world, const std::function<double(std::size_t)>& shift) {
  const auto z = [&world, &shift](std::size_t i) { return -1 + world.h(i, 0) + shift(i); };
  world.set_predictions(z, z);
}

/// Axis "inert" differs in nothing; axis "rate" differs in its base rate, which the baseline knows; axis "needy" has a
/// cohort (c1) that follows another direction of h, which the baseline does not know.
SmallInput three_axes() {
  SmallInput world(12000);
  world.add_axis("inert", {0.5, 0.5});
  world.add_axis("rate", {0.6, 0.4});
  world.add_axis("needy", {0.7, 0.3});
  const auto logit = [&](std::size_t i) { return -1 + world.h(i, 0) + 0.8 * world.membership[1][i]; };
  const auto truth = [&](std::size_t i) {
    return world.membership[2][i] == 1 ? logit(i) - world.h(i, 0) + world.h(i, 1) : logit(i);
  };
  world.set_predictions(logit, truth);
  return world;
}

TEST(Discovery, MembersDrawnAtRandomHaveZScoresAroundZero) {
  SmallInput world(4000);
  for (int axis = 0; axis < 12; ++axis) world.add_axis(fmt::format("axis{}", axis), {0.5, 0.5});
  predict_truth(world, [](std::size_t) { return 0.0; });
  const DiscoveryTable table = world.discover();
  ASSERT_EQ(table.pairs.size(), 12u);
  for (const auto member :
       {&PairRow::kl, &PairRow::kl_reverse, &PairRow::jensen_shannon, &PairRow::wasserstein, &PairRow::cosine}) {
    double mean = 0;
    for (const PairRow& pair : table.pairs) mean += (pair.*member).z / 12;
    // Standard error of the mean of 12 such scores: 0.29.
    EXPECT_NEAR(mean, 0, 1.2);
    for (const PairRow& pair : table.pairs) EXPECT_LT(std::abs((pair.*member).z), 5);
  }
}

TEST(Discovery, ShiftedPredictionsHaveLargeZScores) {
  SmallInput world(4000);
  const std::size_t axis = world.add_axis("value", {0.8, 0.2});
  predict_truth(world, [&](std::size_t i) { return world.membership[axis][i]; });
  const PairRow pair = world.discover().pairs.at(0);
  for (const auto member :
       {&PairRow::kl, &PairRow::kl_reverse, &PairRow::jensen_shannon, &PairRow::wasserstein, &PairRow::cosine})
    EXPECT_GT((pair.*member).z, 10);
}

TEST(Discovery, SmallCohortsRaiseTheValueButNotTheZScore) {
  SmallInput world(6000);
  const std::size_t axis = world.add_axis("random", {0.49, 0.49, 0.02});
  predict_truth(world, [](std::size_t) { return 0.0; });
  const DiscoveryTable table = world.discover();
  const Divergence large = pair_of(table, axis, 0, 1).jensen_shannon, small = pair_of(table, axis, 0, 2).jensen_shannon;
  EXPECT_GT(small.value, 2 * large.value);
  EXPECT_LT(std::abs(small.z), 4);
  EXPECT_LT(std::abs(large.z), 4);
}

TEST(Discovery, ChoosingByTheValueFallsForSmallCohortsWhereTheZScoreDoesNot) {
  SmallInput world(6000);
  world.add_axis("random", {0.98, 0.02});
  const std::size_t real = world.add_axis("real", {0.5, 0.5});
  predict_truth(world, [&](std::size_t i) { return 0.2 * world.membership[real][i]; });
  DiscoverySettings settings;
  settings.minimum_cohort = 50;
  const DiscoveryTable by_z = world.discover(settings);
  EXPECT_EQ(by_z.pairs[by_z.chosen].axis, real);
  settings.choose_by_z = false;
  const DiscoveryTable by_value = world.discover(settings);
  EXPECT_NE(by_value.pairs[by_value.chosen].axis, real);
}

TEST(Discovery, TheHeadHasTheHigherMeanPrediction) {
  SmallInput world(4000);
  const std::size_t axis = world.add_axis("value", {0.3, 0.4, 0.3});
  const double shift[] = {0.0, -1.0, 1.0};
  predict_truth(world, [&](std::size_t i) { return shift[world.membership[axis][i]]; });
  const DiscoveryTable table = world.discover();
  ASSERT_TRUE(table.has_choice);
  const PairRow& chosen = table.pairs[table.chosen];
  EXPECT_EQ(chosen.first, 2u);
  EXPECT_EQ(chosen.second, 1u);
  for (const PairRow& pair : table.pairs)
    EXPECT_GE(cohort_of(table, axis, pair.first).mean_prediction, cohort_of(table, axis, pair.second).mean_prediction);
}

TEST(Discovery, DivergenceChoosesTheBaseRateAndExcessNeTheNeedyAxis) {
  SmallInput world = three_axes();
  for (const auto criterion :
       {DivergenceCriterion::kl, DivergenceCriterion::kl_reverse, DivergenceCriterion::jensen_shannon,
        DivergenceCriterion::wasserstein, DivergenceCriterion::cosine}) {
    DiscoverySettings settings;
    settings.criterion = criterion;
    const DiscoveryTable table = world.discover(settings);
    ASSERT_TRUE(table.has_choice);
    EXPECT_EQ(table.pairs[table.chosen].axis, 1u);
  }
  DiscoverySettings settings;
  settings.criterion = DivergenceCriterion::excess_ne;
  const DiscoveryTable table = world.discover(settings);
  ASSERT_TRUE(table.has_choice);
  EXPECT_EQ(table.pairs[table.chosen].axis, 2u);
  // A head of its own reaches the truth here, so that the estimate can be held against the oracle. The oracle is an
  // expectation, the estimate is scored by labels: the difference of two losses of about 0.5 nats per sample over 3,600
  // samples has a standard error near 0.01 nats, 0.016 of NE.
  const CohortRow& needy = cohort_of(table, 2, 1);
  EXPECT_NEAR(needy.excess_ne_estimated, needy.excess_ne_oracle, 0.06);
  EXPECT_GT(needy.excess_ne_estimated, 0.15);
  EXPECT_NEAR(cohort_of(table, 2, 0).excess_ne_estimated, 0, 0.01);
  EXPECT_NEAR(cohort_of(table, 2, 0).excess_ne_oracle, 0, 1e-6);
}

TEST(Discovery, TheTruthHasNoInfluenceOnTheChoice) {
  for (const auto criterion : {DivergenceCriterion::jensen_shannon, DivergenceCriterion::excess_ne}) {
    DiscoverySettings settings;
    settings.criterion = criterion;
    SmallInput world = three_axes();
    const DiscoveryTable with_truth = world.discover(settings);
    world.input.p_true.clear();
    world.input.p_bayes.clear();
    const DiscoveryTable without = world.discover(settings);
    EXPECT_EQ(with_truth.chosen, without.chosen);
    for (std::size_t k = 0; k < with_truth.pairs.size(); ++k) {
      EXPECT_EQ(with_truth.pairs[k].jensen_shannon.value, without.pairs[k].jensen_shannon.value);
      EXPECT_EQ(with_truth.pairs[k].jensen_shannon.z, without.pairs[k].jensen_shannon.z);
    }
    for (std::size_t k = 0; k < with_truth.cohorts.size(); ++k) {
      EXPECT_EQ(with_truth.cohorts[k].excess_ne_estimated, without.cohorts[k].excess_ne_estimated);
      EXPECT_FALSE(std::isnan(with_truth.cohorts[k].excess_ne_oracle));
      EXPECT_TRUE(std::isnan(without.cohorts[k].excess_ne_oracle));
    }
  }
}

TEST(Discovery, ControlAxesAndSmallCohortsAreListedButNeverChosen) {
  SmallInput world(4000);
  const std::size_t control = world.add_axis("control", {0.5, 0.5}, true);
  const std::size_t value = world.add_axis("value", {0.55, 0.05, 0.4});
  predict_truth(world, [&](std::size_t i) {
    return 2.0 * world.membership[control][i] + (world.membership[value][i] == 1 ? 2.0 : 0.0);
  });
  DiscoverySettings settings;
  settings.minimum_cohort = 500;
  DiscoveryTable table = world.discover(settings);
  ASSERT_EQ(table.pairs.size(), 4u);
  EXPECT_FALSE(pair_of(table, control, 0, 1).eligible);
  EXPECT_FALSE(pair_of(table, value, 0, 1).eligible);
  EXPECT_FALSE(pair_of(table, value, 1, 2).eligible);
  EXPECT_TRUE(pair_of(table, value, 0, 2).eligible);
  ASSERT_TRUE(table.has_choice);
  EXPECT_EQ(&table.pairs[table.chosen], &pair_of(table, value, 0, 2));

  settings.minimum_cohort = 100;
  table = world.discover(settings);
  EXPECT_EQ(table.pairs[table.chosen].first, 1u);

  settings.minimum_cohort = 4000;
  EXPECT_FALSE(world.discover(settings).has_choice);
}

TEST(Discovery, TheLeastDivergentPairIsEligibleToo) {
  SmallInput world(6000);
  const std::size_t control = world.add_axis("control", {0.5, 0.5}, true);
  // Shifts 0, 1, 2.2 and, in a cohort too small, 0: the two nearest of the others are 1 and 0.
  const std::size_t value = world.add_axis("value", {0.35, 0.35, 0.27, 0.03});
  const double shift[] = {0.0, 1.0, 2.2, 0.0};
  predict_truth(world, [&](std::size_t i) { return shift[world.membership[value][i]]; });
  for (const auto criterion :
       {DivergenceCriterion::kl, DivergenceCriterion::kl_reverse, DivergenceCriterion::jensen_shannon,
        DivergenceCriterion::wasserstein, DivergenceCriterion::cosine, DivergenceCriterion::excess_ne}) {
    DiscoverySettings settings;
    settings.criterion = criterion;
    settings.choose_by_z = false;
    const DiscoveryTable table = world.discover(settings);
    ASSERT_LT(pair_of(table, control, 0, 1).kl.value, pair_of(table, value, 0, 1).kl.value);
    ASSERT_LT(pair_of(table, value, 0, 3).kl.value, pair_of(table, value, 0, 1).kl.value);
    const auto least = least_divergent(table);
    ASSERT_TRUE(least.has_value());
    EXPECT_EQ(&table.pairs[*least], &pair_of(table, value, 0, 1));
    EXPECT_EQ(table.pairs[*least].first, 1u);
  }
  DiscoverySettings settings;
  settings.minimum_cohort = 6000;
  EXPECT_FALSE(least_divergent(world.discover(settings)).has_value());
}

TEST(Discovery, AnEmptyCohortIsListedAsUndefinedAndPairedWithNobody) {
  SmallInput world(2000);
  world.add_axis("value", {0.5, 0.5, 0.0});
  predict_truth(world, [](std::size_t) { return 0.0; });
  const DiscoveryTable table = world.discover();
  EXPECT_EQ(table.pairs.size(), 1u);
  const CohortRow& empty = cohort_of(table, 0, 2);
  EXPECT_EQ(empty.samples, 0);
  for (const double value :
       {empty.base_rate, empty.mean_prediction, empty.ne, empty.excess_ne_estimated, empty.excess_ne_oracle})
    EXPECT_TRUE(std::isnan(value));
}

TEST(Discovery, EqualLogitsHaveNoDivergenceAndNoZScore) {
  SmallInput world(2000);
  world.add_axis("value", {0.5, 0.5});
  world.set_predictions([](std::size_t) { return -1.0; }, [](std::size_t) { return -1.0; });
  const DiscoveryTable table = world.discover();
  EXPECT_NEAR(table.pairs[0].jensen_shannon.value, 0, 1e-7);
  EXPECT_TRUE(std::isnan(table.pairs[0].jensen_shannon.z));
  EXPECT_FALSE(table.has_choice);
}

TEST(Discovery, RepeatsAndDoesNotDependOnOtherAxes) {
  SmallInput world(2000);
  world.add_axis("value", {0.4, 0.6});
  predict_truth(world, [&](std::size_t i) { return 0.1 * world.membership[0][i]; });
  const Divergence first = world.discover().pairs[0].jensen_shannon;
  EXPECT_EQ(world.discover().pairs[0].jensen_shannon.z, first.z);
  world.add_axis("another", {0.5, 0.5});
  EXPECT_EQ(pair_of(world.discover(), 0, 0, 1).jensen_shannon.z, first.z);
  world.input.seed = 8;
  EXPECT_NE(world.discover().pairs[0].jensen_shannon.z, first.z);
  EXPECT_EQ(world.discover().pairs[0].jensen_shannon.value, first.value);
}

TEST(Discovery, EveryAxisHasPermutationsOfItsOwn) {
  SmallInput world(2000);
  world.add_axis("value", {0.4, 0.6});
  world.add_axis("copy", {0.4, 0.6});
  world.membership[1] = world.membership[0];
  predict_truth(world, [&](std::size_t i) { return 0.1 * world.membership[0][i]; });
  const DiscoveryTable table = world.discover();
  EXPECT_EQ(table.pairs[0].jensen_shannon.value, table.pairs[1].jensen_shannon.value);
  EXPECT_NE(table.pairs[0].jensen_shannon.z, table.pairs[1].jensen_shannon.z);
}

TEST(Discovery, RefusesSettingsOutOfRange) {
  SmallInput world(100);
  world.add_axis("value", {0.5, 0.5});
  const auto expect_usage_error = [&](auto change) {
    DiscoverySettings settings;
    change(settings);
    EXPECT_THROW(world.discover(settings), UsageError);
  };
  expect_usage_error([](DiscoverySettings& s) { s.bins = 1; });
  expect_usage_error([](DiscoverySettings& s) { s.permutations = 1; });
  expect_usage_error([](DiscoverySettings& s) { s.folds = 1; });
  expect_usage_error([](DiscoverySettings& s) { s.ridge = 0; });
}

TEST(Discovery, RefusesInputItCannotScore) {
  SmallInput world(100);
  world.add_axis("value", {0.5, 0.5});
  const auto expect_run_error = [&](const std::string& part, auto damage) {
    SmallInput damaged = world;
    damage(damaged.input);
    try {
      damaged.discover();
      ADD_FAILURE() << "accepted: " << part;
    } catch (const RunError& error) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  };
  expect_run_error("logit of sample 3 is nan", [](DiscoveryInput& i) { i.logit[3] = std::nanf(""); });
  expect_run_error("h of sample 2, unit 1 is inf", [](DiscoveryInput& i) { i.h[5] = INFINITY; });
  expect_run_error("'label' has 99 values, expected 100", [](DiscoveryInput& i) { i.label.pop_back(); });
  expect_run_error("label of sample 4 is 2", [](DiscoveryInput& i) { i.label[4] = 2; });
  expect_run_error("label of sample 4 is nan", [](DiscoveryInput& i) { i.label[4] = std::nanf(""); });
  expect_run_error("'p_bayes' of the scored samples has 1 values, expected 100", [](DiscoveryInput& i) {
    i.p_true.assign(100, 0.5);
    i.p_bayes = {0.5};
  });
  expect_run_error("no samples", [](DiscoveryInput& i) { i = DiscoveryInput{}; });
}

TEST(Discovery, RefusesACohortTheSchemaDoesNotName) {
  SmallInput world(100);
  world.add_axis("value", {0.5, 0.5});
  world.membership[0][6] = 2;
  try {
    world.discover();
    ADD_FAILURE();
  } catch (const RunError& error) {
    EXPECT_STREQ(error.what(), "discovery: cohort of sample 6 on axis 'value' is 2, expected 0 .. 1");
  }
}

TEST(Discovery, ExcessNeIsNotChosenForCohortsOfOneClass) {
  SmallInput world(2000);
  world.add_axis("value", {0.5, 0.5});
  predict_truth(world, [](std::size_t) { return 0.0; });
  for (std::size_t i = 0; i < world.input.size; ++i)
    if (world.membership[0][i] == 1) world.input.label[i] = 0;
  DiscoverySettings settings;
  settings.criterion = DivergenceCriterion::excess_ne;
  const DiscoveryTable table = world.discover(settings);
  EXPECT_TRUE(table.pairs.at(0).eligible);
  EXPECT_FALSE(table.has_choice);
}

}  // namespace
}  // namespace c2al

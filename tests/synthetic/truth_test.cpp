// p_bayes: what is left of p_true when cohorts are hidden.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "tests/synthetic/statistics.hpp"
#include "tests/synthetic/worlds.hpp"

namespace c2al::synthetic {
namespace {

constexpr SplitSizes train_only{300000, 0, 0, 0, false};

WorldConfig preset_d() {
  WorldConfig world = preset_a();
  world.axes = {hidden_axis(4, 20, 0.8)};
  return world;
}

/// Two ids a field; hidden axes with biases and interactions of both kinds.
WorldConfig small_hidden_world(std::size_t proxies, std::size_t hidden_axes) {
  AxisConfig visible = even_axis("device");
  visible.cohorts[1].bias = 0.7;
  visible.cohorts[1].global_multiplier = -0.5;
  std::vector<AxisConfig> axes = {visible};
  for (std::size_t h = 0; h < hidden_axes; ++h) {
    AxisConfig axis = even_axis(h == 0 ? "tenure" : "income");
    axis.visible = false;
    axis.proxies = proxies;
    axis.proxy_vocabulary = 3;
    axis.proxy_fidelity = 0.9;
    axis.cohorts[0].share = 0.7;
    axis.cohorts[1].share = 0.3;
    axis.cohorts[1].bias = h == 0 ? 2 : -1;
    axis.cohorts[1].specific_strength = 1;
    axis.cohorts[1].global_multiplier = -1;
    axes.push_back(axis);
  }
  WorldConfig world = tiny_world(2, axes);
  world.vocabulary_max = 2;
  world.linear_strength = 0.5;
  world.global_strength = 0.8;
  world.base_rate = 0.3;
  return world;
}

TEST(Truth, BothProbabilitiesAreEqualWhenEveryAxisIsVisible) {
  const GeneratedData data = generate(preset_a(), {1000, 0, 0, 1000, true}, 1);
  EXPECT_EQ(data.source->table(Split::train).p_true, data.source->table(Split::train).p_bayes);
  EXPECT_EQ(data.source->table(Split::test).p_true, data.source->table(Split::test).p_bayes);
}

TEST(Truth, BayesIsAFunctionOfTheInputAndTheMeanOfTheTruthGivenIt) {
  for (const std::size_t hidden_axes : {1u, 2u}) {
    const GeneratedData data = generate(small_hidden_world(2, hidden_axes), train_only, 2);
    const SampleTable& table = data.source->table(Split::train);
    struct Group {
      double p_bayes;
      SampleMean p_true;
    };
    std::map<std::vector<std::int32_t>, Group> groups;
    for (std::size_t s = 0; s < table.size; ++s) {
      Group& group = groups.try_emplace(input_of(table, s, table.fields), Group{table.p_bayes[s], {}}).first->second;
      ASSERT_NEAR(group.p_bayes, table.p_bayes[s], 1e-13);
      group.p_true.add(table.p_true[s]);
    }
    ASSERT_EQ(groups.size(), hidden_axes == 1 ? 8u * 9 : 8u * 81);
    for (const auto& [input, group] : groups) {
      if (group.p_true.count() < 50) continue;  // too few for a z-score of a two-valued variable
      EXPECT_LT(std::abs(group.p_true.z(group.p_bayes)), z_bound) << group.p_true.count() << " samples";
    }
  }
}

TEST(Truth, WithoutProxiesTheCohortsSharesAreThePosterior) {
  const GeneratedData data = generate(small_hidden_world(0, 1), train_only, 3);
  const SampleTable& table = data.source->table(Split::train);
  std::map<std::vector<std::int32_t>, std::map<int, double>> p_true;
  std::map<std::vector<std::int32_t>, double> p_bayes;
  for (std::size_t s = 0; s < table.size; ++s) {
    const auto input = input_of(table, s, table.fields);
    p_true[input][table.cohort[s * table.axes + 1]] = table.p_true[s];
    p_bayes[input] = table.p_bayes[s];
  }
  ASSERT_EQ(p_bayes.size(), 8u);
  for (const auto& [input, p] : p_bayes) EXPECT_NEAR(p, 0.7 * p_true[input].at(0) + 0.3 * p_true[input].at(1), 1e-12);
}

TEST(Truth, TwoHiddenAxesWithoutProxiesMixAllCombinations) {
  const GeneratedData data = generate(small_hidden_world(0, 2), train_only, 4);
  const SampleTable& table = data.source->table(Split::train);
  std::map<std::vector<std::int32_t>, std::map<std::pair<int, int>, double>> p_true;
  std::map<std::vector<std::int32_t>, double> p_bayes;
  for (std::size_t s = 0; s < table.size; ++s) {
    const auto input = input_of(table, s, table.fields);
    p_true[input][{table.cohort[s * table.axes + 1], table.cohort[s * table.axes + 2]}] = table.p_true[s];
    p_bayes[input] = table.p_bayes[s];
  }
  for (const auto& [input, p] : p_bayes) {
    const auto& q = p_true[input];
    EXPECT_NEAR(p, 0.49 * q.at({0, 0}) + 0.21 * q.at({0, 1}) + 0.21 * q.at({1, 0}) + 0.09 * q.at({1, 1}), 1e-12);
  }
}

TEST(Truth, BayesIsCalibratedInThePopulation) {
  const GeneratedData data = generate(preset_d(), train_only, 5);
  const SampleTable& table = data.source->table(Split::train);
  std::vector<std::size_t> order(table.size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return table.p_bayes[a] < table.p_bayes[b]; });
  for (std::size_t bin = 0; bin < 20; ++bin) {
    SampleMean surplus;
    for (std::size_t k = bin * table.size / 20; k < (bin + 1) * table.size / 20; ++k)
      surplus.add(table.p_true[order[k]] - table.p_bayes[order[k]]);
    EXPECT_LT(std::abs(surplus.z(0)), z_bound) << bin;
  }
}

TEST(Truth, AStratifiedSplitKeepsBayesOfThePopulation) {
  const GeneratedData data = generate(preset_d(), {0, 0, 0, 300000, true}, 5);
  const SampleTable& table = data.source->table(Split::test);
  // Weighted back, the surplus vanishes; within the strata it does not, as p_bayes does not know the cohort.
  double sum = 0, variance = 0;
  SampleMean high;
  for (std::size_t s = 0; s < table.size; ++s) {
    const double surplus = table.weight[s] * (table.p_true[s] - table.p_bayes[s]);
    sum += surplus;
    variance += surplus * surplus;
    if (table.cohort[s * table.axes] == 1) high.add(table.p_true[s] - table.p_bayes[s]);
  }
  EXPECT_LT(std::abs(sum / std::sqrt(variance)), z_bound);
  EXPECT_GT(std::abs(high.z(0)), 10);
}

/// Mean cross entropy of a column of predictions against p_true.
double expected_cross_entropy(const SampleTable& table, const std::vector<double>& prediction) {
  SampleMean mean;
  for (std::size_t s = 0; s < table.size; ++s) mean.add(cross_entropy(table.p_true[s], prediction[s]));
  return mean.mean();
}

TEST(Truth, MoreFaithfulProxiesBringBayesCloserToTheTruth) {
  double gap[4];
  const double fidelities[] = {0.0, 0.5, 0.8, 1.0};
  for (std::size_t k = 0; k < 4; ++k) {
    WorldConfig world = preset_d();
    world.axes[0].proxy_fidelity = fidelities[k];
    const GeneratedData data = generate(world, {100000, 0, 0, 0, false}, 6);
    const SampleTable& table = data.source->table(Split::train);
    gap[k] = expected_cross_entropy(table, table.p_bayes) - expected_cross_entropy(table, table.p_true);
  }
  EXPECT_GT(gap[3], 0);
  EXPECT_LT(gap[3], gap[2]);
  EXPECT_LT(gap[2], gap[1]);
  EXPECT_LT(gap[1], gap[0]);
}

TEST(Truth, NoShiftOrScaleOfBayesScoresBetter) {
  const GeneratedData data = generate(preset_d(), train_only, 7);
  const SampleTable& table = data.source->table(Split::train);
  const double best = expected_cross_entropy(table, table.p_bayes);
  for (const auto& [scale, shift] : {std::pair{1.05, 0.0}, {0.95, 0.0}, {1.0, 0.05}, {1.0, -0.05}}) {
    std::vector<double> changed;
    for (const double p : table.p_bayes) changed.push_back(1 / (1 + std::exp(-(scale * logit(p) + shift))));
    EXPECT_GT(expected_cross_entropy(table, changed), best) << scale << ", " << shift;
  }
}

/// Bayes NE of one cohort of a split against the known truth, and by the labels alone.
struct BayesNe {
  double known, from_labels, error;
};

BayesNe bayes_ne(const SampleTable& known, const SampleTable& labelled, int cohort) {
  const auto entropy = [](double m) { return cross_entropy(m, m); };
  SampleMean rate, loss, label_rate, label_loss;
  for (std::size_t s = 0; s < known.size; ++s) {
    if (cohort >= 0 && known.cohort[s * known.axes] != cohort) continue;
    rate.add(known.p_true[s]);
    loss.add(cross_entropy(known.p_true[s], known.p_bayes[s]));
  }
  for (std::size_t s = 0; s < labelled.size; ++s) {
    if (cohort >= 0 && labelled.cohort[s * labelled.axes] != cohort) continue;
    label_rate.add(labelled.label[s]);
    label_loss.add(cross_entropy(labelled.label[s], labelled.p_bayes[s]));
  }
  // First-order error of loss / H(rate); the covariance of the two is positive and left out, which widens it.
  const double h = entropy(label_rate.mean()), slope = std::abs(logit(label_rate.mean()));
  const double loss_error = std::hypot(label_loss.error(), loss.error());
  const double rate_error = std::hypot(label_rate.error(), rate.error());
  const double ne = label_loss.mean() / h;
  return {loss.mean() / entropy(rate.mean()), ne, std::hypot(loss_error / h, ne * slope * rate_error / h)};
}

TEST(Truth, BayesNeAgreesWithAnIndependentEstimateFromLabels) {
  for (const WorldConfig& world : {preset_a(), preset_d()}) {
    const GeneratedData data = generate(world, {300000, 0, 150000, 0, false}, 8);
    for (int cohort = -1; cohort < 3; ++cohort) {
      const BayesNe ne = bayes_ne(data.source->table(Split::validation), data.source->table(Split::train), cohort);
      EXPECT_LT(std::abs(ne.known - ne.from_labels) / ne.error, z_bound) << cohort;
      EXPECT_LT(ne.error, cohort < 0 ? 0.01 : 0.05) << cohort;
    }
  }
}

}  // namespace
}  // namespace c2al::synthetic

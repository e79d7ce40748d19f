// The distribution of cohorts, ids and labels.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "synthetic/distribution.hpp"
#include "tests/synthetic/statistics.hpp"
#include "tests/synthetic/worlds.hpp"

namespace c2al::synthetic {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr SplitSizes train_only{200000, 0, 0, 0, false};

/// Frequencies of the ids of a field among the samples of one cohort of the first axis, or of all (-1).
std::vector<double> id_counts(const MemorySource& source, std::size_t field, int cohort = -1) {
  const SampleTable& table = source.table(Split::train);
  std::vector<double> counts(source.schema().fields[field].vocabulary, 0);
  for (std::size_t s = 0; s < table.size; ++s)
    if (cohort < 0 || table.cohort[s * table.axes] == cohort) ++counts[id_of(source, table, s, field)];
  return counts;
}

void expect_frequencies(const std::vector<double>& counts, const std::vector<double>& probabilities) {
  const double n = std::accumulate(counts.begin(), counts.end(), 0.0);
  ASSERT_EQ(counts.size(), probabilities.size());
  for (std::size_t id = 0; id < counts.size(); ++id)
    EXPECT_LT(std::abs(binomial_z(counts[id], n, probabilities[id])), z_bound) << "id " << id;
}

TEST(Population, CohortsComeByTheirShares) {
  WorldConfig world = preset_a();
  AxisConfig age = even_axis("age");
  age.cohorts = {{"young", 0.2, 0, 1, 0}, {"middle", 0.6, 0, 1, 0}, {"old", 0.2, 0, 1, 0}};
  world.axes.push_back(age);
  const GeneratedData data = generate(world, train_only, 1);
  const SampleTable& table = data.source->table(Split::train);
  for (std::size_t a = 0; a < 2; ++a) {
    const std::vector<std::uint64_t> sizes = data.source->cohort_sizes(Split::train, a);
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_LT(std::abs(binomial_z(static_cast<double>(sizes[c]), 200000, world.axes[a].cohorts[c].share)), z_bound);
  }
  // Axes are independent: joint frequencies are products of shares.
  std::vector<double> joint(9, 0);
  for (std::size_t s = 0; s < table.size; ++s)
    ++joint[table.cohort[s * table.axes] * 3u + table.cohort[s * table.axes + 1]];
  for (std::size_t c = 0; c < 9; ++c)
    EXPECT_LT(std::abs(binomial_z(joint[c], 200000, world.axes[0].cohorts[c / 3].share * age.cohorts[c % 3].share)),
              z_bound);
}

TEST(Population, IdsFollowZipfsLaw) {
  for (const double exponent : {0.0, 1.0, 1.6}) {
    WorldConfig world = preset_a();
    world.zipf_exponent = exponent;
    const GeneratedData data = generate(world, train_only, 2);
    for (std::size_t f = 0; f < 7; ++f)
      expect_frequencies(id_counts(*data.source, f), zipf(data.source->schema().fields[f].vocabulary, exponent));
  }
}

TEST(Population, IdsOfTwoFieldsAreIndependent) {
  const GeneratedData data = generate(preset_a(), train_only, 3);
  const SampleTable& table = data.source->table(Split::train);
  for (std::size_t f = 0; f < 7; ++f)
    for (std::size_t g = 0; g < f; ++g) {
      double both = 0;
      for (std::size_t s = 0; s < table.size; ++s)
        both += id_of(*data.source, table, s, f) == 0 && id_of(*data.source, table, s, g) == 0;
      const double p = zipf(data.summary.vocabularies[f], 1)[0] * zipf(data.summary.vocabularies[g], 1)[0];
      EXPECT_LT(std::abs(binomial_z(both, 200000, p)), z_bound) << f << "," << g;
    }
}

TEST(Population, AVisibleAxisIsAnInputField) {
  const GeneratedData data = generate(preset_a(), {1000, 0, 0, 0, false}, 1);
  const SampleTable& table = data.source->table(Split::train);
  for (std::size_t s = 0; s < table.size; ++s)
    ASSERT_EQ(id_of(*data.source, table, s, 8), table.cohort[s * table.axes]);
}

TEST(Population, TheInertFieldMakesTheShamAxisAndKnowsNothing) {
  const GeneratedData data = generate(preset_a(), train_only, 4);
  const SampleTable& table = data.source->table(Split::train);
  expect_frequencies(id_counts(*data.source, 7), {0.90, 0.07, 0.03});
  for (int cohort = 0; cohort < 3; ++cohort) expect_frequencies(id_counts(*data.source, 7, cohort), {0.90, 0.07, 0.03});
  SampleMean label[3], truth[3], overall;
  for (std::size_t s = 0; s < table.size; ++s) {
    const std::uint32_t id = id_of(*data.source, table, s, 7);
    ASSERT_EQ(table.cohort[s * 2 + 1], id);
    label[id].add(table.label[s]);
    truth[id].add(table.p_true[s]);
    overall.add(table.p_true[s]);
  }
  for (std::size_t id = 0; id < 3; ++id) {
    EXPECT_LT(std::abs(label[id].z(overall.mean())), z_bound) << id;
    EXPECT_LT(std::abs(truth[id].z(overall.mean())), z_bound) << id;
  }
}

/// Ids of the first proxy of a hidden three-cohort axis with 20 proxy ids.
std::vector<double> proxy_counts(double fidelity, int cohort, std::size_t proxy) {
  WorldConfig world = preset_a();
  world.axes = {hidden_axis(2, 20, fidelity)};
  const GeneratedData data = generate(world, train_only, 5);
  return id_counts(*data.source, 8 + proxy, cohort);
}

/// The order of ids by frequency.
std::vector<std::size_t> ids_by_frequency(const std::vector<double>& counts) {
  std::vector<std::size_t> ids(counts.size());
  std::iota(ids.begin(), ids.end(), std::size_t{0});
  std::sort(ids.begin(), ids.end(), [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
  return ids;
}

TEST(Population, ProxiesOfNoFidelityFollowTheCommonLaw) {
  for (int cohort = 0; cohort < 3; ++cohort) expect_frequencies(proxy_counts(0, cohort, 0), zipf(20, 1));
}

TEST(Population, ProxiesOfFullFidelityPermuteTheCommonLawByCohort) {
  std::vector<std::vector<std::size_t>> orders;
  for (int cohort = 0; cohort < 3; ++cohort)
    for (const std::size_t proxy : {0u, 1u}) {
      std::vector<double> counts = proxy_counts(1, cohort, proxy);
      orders.push_back(ids_by_frequency(counts));
      // Sorting biases near-ties by a fraction of their standard error, well inside the bound for 6,000 samples.
      std::sort(counts.rbegin(), counts.rend());
      expect_frequencies(counts, zipf(20, 1));
    }
  for (std::size_t a = 0; a < orders.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) EXPECT_NE(orders[a], orders[b]) << a << "," << b;
}

TEST(Population, ProxiesMixTheirCohortsPermutationAndTheCommonLawByFidelity) {
  // At rho = 1 the majority cohort shows its permutation (180,000 samples separate 20 ranks); rho = 0.8 must mix it.
  const std::vector<std::size_t> permutation = ids_by_frequency(proxy_counts(1, 0, 0));
  const std::vector<double> common = zipf(20, 1);
  std::vector<double> expected(20);
  for (std::size_t rank = 0; rank < 20; ++rank) expected[permutation[rank]] = 0.8 * common[rank];
  for (std::size_t id = 0; id < 20; ++id) expected[id] += 0.2 * common[id];
  expect_frequencies(proxy_counts(0.8, 0, 0), expected);
}

TEST(Population, LabelsAreDrawnFromTheTruth) {
  const GeneratedData data = generate(preset_a(), train_only, 6);
  const SampleTable& table = data.source->table(Split::train);
  double surplus[3] = {}, variance[3] = {};
  for (std::size_t s = 0; s < table.size; ++s) {
    ASSERT_TRUE(table.label[s] == 0 || table.label[s] == 1);
    const std::size_t cohort = table.cohort[s * table.axes];
    surplus[cohort] += table.label[s] - table.p_true[s];
    variance[cohort] += table.p_true[s] * (1 - table.p_true[s]);
  }
  for (std::size_t c = 0; c < 3; ++c) EXPECT_LT(std::abs(surplus[c] / std::sqrt(variance[c])), z_bound) << c;
}

TEST(Population, LabelsAreCalibratedAtEveryLevelOfTheTruth) {
  const GeneratedData data = generate(preset_a(), train_only, 7);
  const SampleTable& table = data.source->table(Split::train);
  double surplus[10] = {}, variance[10] = {};
  for (std::size_t s = 0; s < table.size; ++s) {
    const auto bin = static_cast<std::size_t>(table.p_true[s] * 10);
    surplus[bin] += table.label[s] - table.p_true[s];
    variance[bin] += table.p_true[s] * (1 - table.p_true[s]);
  }
  for (std::size_t b = 0; b < 10; ++b) EXPECT_LT(std::abs(surplus[b] / std::sqrt(variance[b])), z_bound) << b;
}

TEST(Population, AStratifiedTestSplitIsWeightedBackToIt) {
  const GeneratedData data = generate(preset_a(), {100000, 100, 100, 60001, true}, 8);
  EXPECT_THAT(data.source->cohort_sizes(Split::test, 0), ElementsAre(20001, 20000, 20000));
  for (const Split split : {Split::train, Split::discovery, Split::validation})
    EXPECT_THAT(data.source->table(split).weight, IsEmpty());

  const SampleTable& test = data.source->table(Split::test);
  ASSERT_EQ(test.weight.size(), test.size);
  double weight = 0, of_cohort[3] = {};
  SampleMean rate[3], train_rate[3];
  for (std::size_t s = 0; s < test.size; ++s) {
    weight += test.weight[s];
    of_cohort[test.cohort[s * test.axes]] += test.weight[s];
    rate[test.cohort[s * test.axes]].add(test.p_true[s]);
  }
  EXPECT_NEAR(weight, 60001, 60001 * 1e-6);  // weights are float
  const double shares[] = {0.90, 0.07, 0.03};
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(of_cohort[c] / weight, shares[c], 1e-6);

  // p(y|x) within a cohort is that of the other splits.
  const SampleTable& train = data.source->table(Split::train);
  for (std::size_t s = 0; s < train.size; ++s) train_rate[train.cohort[s * train.axes]].add(train.p_true[s]);
  for (std::size_t c = 0; c < 3; ++c) {
    const double error = std::hypot(rate[c].error(), train_rate[c].error());
    EXPECT_LT(std::abs(rate[c].mean() - train_rate[c].mean()) / error, z_bound) << c;
  }
}

TEST(Population, AnUnstratifiedTestSplitHasNoWeights) {
  const GeneratedData data = generate(preset_a(), {100, 0, 0, 30000, false}, 8);
  EXPECT_THAT(data.source->table(Split::test).weight, IsEmpty());
  EXPECT_LT(std::abs(binomial_z(static_cast<double>(data.source->cohort_sizes(Split::test, 0)[2]), 30000, 0.03)),
            z_bound);
}

}  // namespace
}  // namespace c2al::synthetic

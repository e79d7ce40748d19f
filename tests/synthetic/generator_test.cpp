#include "synthetic/generator.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/synthetic/worlds.hpp"

namespace c2al::synthetic {
namespace {

constexpr SplitSizes small{3000, 700, 300, 1001, true};

WorldConfig rich_world() {
  WorldConfig world = preset_a();
  world.axes.push_back(hidden_axis(3, 20, 0.8));
  world.axes[1].conflict_of = "high";
  world.axes[1].conflict_with = "low";
  return world;
}

void expect_equal(const SampleTable& a, const SampleTable& b) {
  EXPECT_EQ(a.rows, b.rows);
  EXPECT_EQ(a.label, b.label);
  EXPECT_EQ(a.weight, b.weight);
  EXPECT_EQ(a.cohort, b.cohort);
  EXPECT_EQ(a.p_true, b.p_true);
  EXPECT_EQ(a.p_bayes, b.p_bayes);
}

TEST(Generate, SameSeedSameBytes) {
  const GeneratedData a = generate(rich_world(), small, 1), b = generate(rich_world(), small, 1);
  for (const Split split : {Split::train, Split::discovery, Split::validation, Split::test})
    expect_equal(a.source->table(split), b.source->table(split));
  EXPECT_EQ(a.summary.intercept, b.summary.intercept);
  EXPECT_EQ(a.summary.vocabularies, b.summary.vocabularies);
  EXPECT_EQ(a.summary.specific_variance, b.summary.specific_variance);
}

TEST(Generate, AnotherSeedIsAnotherWorld) {
  const GeneratedData a = generate(rich_world(), small, 1), b = generate(rich_world(), small, 2);
  EXPECT_NE(a.summary.vocabularies, b.summary.vocabularies);
  EXPECT_NE(a.summary.intercept, b.summary.intercept);
  EXPECT_NE(a.source->table(Split::train).rows, b.source->table(Split::train).rows);
  EXPECT_NE(a.source->table(Split::train).label, b.source->table(Split::train).label);
}

TEST(Generate, SplitsHaveTheirSizesAndDiffer) {
  const GeneratedData data = generate(rich_world(), small, 1);
  EXPECT_EQ(data.source->size(Split::train), 3000u);
  EXPECT_EQ(data.source->size(Split::discovery), 700u);
  EXPECT_EQ(data.source->size(Split::validation), 300u);
  EXPECT_EQ(data.source->size(Split::test), 1001u);
  const std::vector<std::int32_t>& train = data.source->table(Split::train).rows;
  const std::vector<std::int32_t>& discovery = data.source->table(Split::discovery).rows;
  EXPECT_FALSE(std::equal(discovery.begin(), discovery.end(), train.begin()));
}

TEST(Generate, ALargerSplitBeginsWithTheSmallerOne) {
  const GeneratedData a = generate(rich_world(), small, 1);
  const GeneratedData b = generate(rich_world(), {5000, 0, 0, 0, true}, 1);
  const SampleTable& shorter = a.source->table(Split::train);
  const SampleTable& longer = b.source->table(Split::train);
  EXPECT_TRUE(std::equal(shorter.rows.begin(), shorter.rows.end(), longer.rows.begin()));
  EXPECT_TRUE(std::equal(shorter.label.begin(), shorter.label.end(), longer.label.begin()));
  // Loops over a block may contract sums differently at a block's end; 1e-12 is some thousand roundings.
  for (std::size_t s = 0; s < shorter.size; ++s) {
    ASSERT_NEAR(shorter.p_true[s], longer.p_true[s], 1e-12);
    ASSERT_NEAR(shorter.p_bayes[s], longer.p_bayes[s], 1e-12);
  }
}

TEST(Generate, WorldsWithoutAxesWork) {
  WorldConfig world = preset_a();
  world.axes.clear();
  world.inert_field = false;
  const GeneratedData data = generate(world, small, 1);
  EXPECT_EQ(data.source->schema().fields.size(), 8u);
  EXPECT_TRUE(data.source->schema().axes.empty());
  EXPECT_TRUE(data.source->table(Split::test).weight.empty());
  EXPECT_EQ(data.source->table(Split::train).p_true, data.source->table(Split::train).p_bayes);
}

TEST(Generate, SummarisesTheWorld) {
  const GeneratedData data = generate(rich_world(), small, 1);
  ASSERT_EQ(data.summary.vocabularies.size(), data.source->schema().fields.size());
  for (std::size_t f = 0; f < data.summary.vocabularies.size(); ++f)
    EXPECT_EQ(data.summary.vocabularies[f], data.source->schema().fields[f].vocabulary);
  ASSERT_EQ(data.summary.specific_variance.size(), 2u);
  EXPECT_EQ(data.summary.specific_variance[0].size(), 3u);
  EXPECT_LT(data.summary.intercept, 0);
}

}  // namespace
}  // namespace c2al::synthetic

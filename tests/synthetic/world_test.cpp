#include "synthetic/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "synthetic/sampler.hpp"
#include "tests/synthetic/statistics.hpp"
#include "tests/synthetic/worlds.hpp"

namespace c2al::synthetic {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> field_names(const Schema& schema) {
  std::vector<std::string> names;
  for (const Field& field : schema.fields) names.push_back(field.name);
  return names;
}

TEST(World, OrdersFieldsAndAxes) {
  WorldConfig config;
  config.fields = 4;
  config.global_pairs = 2;
  AxisConfig hidden = hidden_axis(2, 20, 0.8);
  hidden.specific_pairs = 2;
  AxisConfig visible = value_axis();
  visible.specific_pairs = 3;
  config.axes = {hidden, visible};
  const Schema schema = draw_world(config, 1).schema;
  EXPECT_THAT(field_names(schema),
              ElementsAre("f0", "f1", "f2", "sham", "user_value", "tenure_proxy0", "tenure_proxy1"));
  EXPECT_EQ(schema.fields[3].vocabulary, 3u);
  EXPECT_EQ(schema.fields[4].vocabulary, 3u);
  EXPECT_EQ(schema.fields[5].vocabulary, 20u);
  ASSERT_EQ(schema.axes.size(), 3u);
  EXPECT_EQ(schema.axes[0].name, "tenure");
  EXPECT_FALSE(schema.axes[0].is_input);
  EXPECT_EQ(schema.axes[1].name, "user_value");
  EXPECT_TRUE(schema.axes[1].is_input);
  EXPECT_FALSE(schema.axes[1].is_control);
  EXPECT_EQ(schema.axes[2].name, "sham");
  EXPECT_TRUE(schema.axes[2].is_input);
  EXPECT_TRUE(schema.axes[2].is_control);
  EXPECT_THAT(schema.axes[2].cohorts, ElementsAre("middle", "high", "low"));
  EXPECT_TRUE(schema.has_truth);
  EXPECT_EQ(schema.objective, "click");
}

TEST(World, VocabulariesAreLogUniform) {
  WorldConfig config = tiny_world(1, {});
  config.vocabulary_min = 10;
  config.vocabulary_max = 60;
  SampleMean below_24, largest, smallest;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const double size = draw_world(config, seed).schema.fields[0].vocabulary;
    ASSERT_GE(size, 10);
    ASSERT_LE(size, 60);
    below_24.add(size < 24);
    largest.add(size == 60);
    smallest.add(size == 10);
  }
  // P(V = v) = log((v + 1) / v) / log(61 / 10).
  EXPECT_LT(std::abs(below_24.z(std::log(2.4) / std::log(6.1))), z_bound);
  EXPECT_LT(std::abs(largest.z(std::log(61.0 / 60) / std::log(6.1))), z_bound);
  EXPECT_LT(std::abs(smallest.z(std::log(1.1) / std::log(6.1))), z_bound);
}

TEST(World, AnotherAxisLeavesTheRestAsItIs) {
  WorldConfig one = preset_a();
  WorldConfig two = one;
  two.axes.push_back(even_axis("device"));
  const World a = draw_world(one, 3), b = draw_world(two, 3);
  EXPECT_EQ(a.id_probability, b.id_probability);
  EXPECT_EQ(a.linear, b.linear);
  std::vector<std::int32_t> ids(7, 1);
  double global_a = 0, global_b = 0, specific_a = 0, specific_b = 0;
  a.global->evaluate(ids.data(), 1, 1, &global_a);
  b.global->evaluate(ids.data(), 1, 1, &global_b);
  a.axes[0].interactions[0].evaluate(ids.data(), 1, 1, &specific_a);
  b.axes[0].interactions[0].evaluate(ids.data(), 1, 1, &specific_b);
  EXPECT_EQ(global_a, global_b);
  EXPECT_EQ(specific_a, specific_b);
}

TEST(World, DrawsInteractionsOnlyForCohortsWithStrength) {
  const World world = draw_world(preset_a(), 1);
  EXPECT_EQ(world.axes[0].interactions.size(), 2u);
  EXPECT_FALSE(world.axes[0].cohorts[0].interactions.has_value());
  EXPECT_NE(world.axes[0].cohorts[1].interactions, world.axes[0].cohorts[2].interactions);
}

TEST(World, ProxyProbabilitiesAreDistributions) {
  WorldConfig config = preset_a();
  config.axes = {hidden_axis(3, 25, 0.7)};
  const World world = draw_world(config, 1);
  ASSERT_EQ(world.axes[0].proxies.size(), 3u);
  for (const Proxy& proxy : world.axes[0].proxies)
    for (const std::vector<double>& log_probability : proxy.log_probability) {
      double sum = 0;
      for (const double value : log_probability) sum += std::exp(value);
      EXPECT_NEAR(sum, 1, 1e-12);
    }
}

TEST(Sampler, ASampleDoesNotDependOnThoseDrawnWithIt) {
  WorldConfig config = preset_a();
  config.axes.push_back(hidden_axis(2, 20, 0.8));
  const World world = draw_world(config, 1);
  for (const bool stratified : {false, true}) {
    Sampler sampler(world, 2, stratified);
    SampleBlock all(world), some(world);
    sampler.draw(1000, 200, all);
    sampler.draw(1100, 7, some);
    EXPECT_EQ(some.size, 7u);
    for (std::size_t s = 0; s < 7; ++s) {
      EXPECT_EQ(some.label_word[s], all.label_word[100 + s]);
      for (std::size_t f = 0; f < world.schema.fields.size(); ++f)
        EXPECT_EQ(some.id[f * SampleBlock::capacity + s], all.id[f * SampleBlock::capacity + 100 + s]);
      for (std::size_t a = 0; a < 2; ++a)
        EXPECT_EQ(some.cohort[a * SampleBlock::capacity + s], all.cohort[a * SampleBlock::capacity + 100 + s]);
    }
  }
}

TEST(Sampler, SeriesDiffer) {
  const World world = draw_world(preset_a(), 1);
  SampleBlock a(world), b(world);
  Sampler(world, 0, false).draw(0, 64, a);
  Sampler(world, 1, false).draw(0, 64, b);
  EXPECT_NE(a.label_word, b.label_word);
  EXPECT_NE(a.id, b.id);
}

}  // namespace
}  // namespace c2al::synthetic

#include "synthetic/validation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "core/error.hpp"
#include "tests/synthetic/worlds.hpp"

namespace c2al::synthetic {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(Validation, AcceptsThePresetsAndAxisFreeWorlds) {
  EXPECT_NO_THROW(validate(preset_a(), {}));
  WorldConfig hidden = preset_a();
  hidden.axes = {hidden_axis(4, 20, 0.8)};
  hidden.axes[0].conflict_of = "high";
  hidden.axes[0].conflict_with = "low";
  EXPECT_NO_THROW(validate(hidden, {}));
  WorldConfig none = preset_a();
  none.axes.clear();
  none.inert_field = false;
  EXPECT_NO_THROW(validate(none, {}));
}

TEST(Validation, PairsMatterOnlyWithStrength) {
  WorldConfig world = tiny_world(1, {even_axis("device")});
  EXPECT_NO_THROW(validate(world, {}));
  world.axes[0].cohorts[0].specific_strength = 1;
  EXPECT_THROW(validate(world, {}), UsageError);
}

TEST(Validation, NamesTheKeyTheValueAndTheExpectation) {
  struct Case {
    std::function<void(WorldConfig&)> spoil;
    const char* message;
  };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Case cases[] = {
      {[](WorldConfig& w) { w.fields = 0; }, "world.fields = 0: expected at least 2, one of them inert"},
      {[](WorldConfig& w) { w.fields = 1; }, "world.fields = 1: expected at least 2"},
      {[](WorldConfig& w) { w.vocabulary_min = 1; }, "world.vocabulary[0] = 1: expected at least 2"},
      {[](WorldConfig& w) { w.vocabulary_max = 9; }, "world.vocabulary[1] = 9: expected at least 10"},
      {[](WorldConfig& w) { w.vocabulary_max = 4000000000u; }, "rows: expected at most 2147483647"},
      {[](WorldConfig& w) { w.zipf_exponent = -1; }, "world.zipf_exponent = -1: expected 0 to 10"},
      {[](WorldConfig& w) { w.zipf_exponent = nan; }, "world.zipf_exponent = nan"},
      {[](WorldConfig& w) { w.latent_rank = 0; }, "world.latent_rank = 0: expected at least 1"},
      {[](WorldConfig& w) { w.base_rate = 0; }, "world.base_rate = 0: expected more than 0 and less than 1"},
      {[](WorldConfig& w) { w.base_rate = 1; }, "world.base_rate = 1"},
      {[](WorldConfig& w) { w.base_rate = nan; }, "world.base_rate = nan"},
      {[](WorldConfig& w) { w.linear_strength = -0.5; }, "world.linear_strength = -0.5: expected a finite number that"},
      {[](WorldConfig& w) { w.global_strength = infinity; }, "world.global_strength = inf"},
      {[](WorldConfig& w) { w.global_pairs = 22; },
       "world.global_pairs = 22: expected 1 to 21, the pairs that 7 active"},
      {[](WorldConfig& w) { w.global_pairs = 0; }, "world.global_pairs = 0: expected 1 to 21"},
      {[](WorldConfig& w) { w.axes.clear(); }, "world.inert_field = true: expected false, as there is no world.axes"},
      {[](WorldConfig& w) { w.axes[0].name = ""; }, "world.axes[0].name = \"\""},
      {[](WorldConfig& w) { w.axes[0].name = "sham"; }, "world.axes[0].name = \"sham\""},
      {[](WorldConfig& w) { w.axes[0].name = "f3"; }, "world.axes[0].name = \"f3\""},
      {[](WorldConfig& w) { w.axes.push_back(w.axes[0]); }, "world.axes[1].name = \"user_value\""},
      {[](WorldConfig& w) { w.axes[0].cohorts.resize(1); }, "world.axes[0].cohorts = 1 cohorts: expected 2 to 65535"},
      {[](WorldConfig& w) { w.axes[0].cohorts[2].name = "high"; }, "world.axes[0].cohorts[2].name = \"high\""},
      {[](WorldConfig& w) { w.axes[0].cohorts[1].share = 0; }, "world.axes[0].cohorts[1].share = 0"},
      {[](WorldConfig& w) { w.axes[0].cohorts[1].share = -0.1; }, "world.axes[0].cohorts[1].share = -0.1"},
      {[](WorldConfig& w) { w.axes[0].cohorts[1].share = 0.08; },
       "world.axes[0].cohorts: the shares sum to 1.01: expected 1"},
      {[](WorldConfig& w) { w.axes[0].cohorts[0].bias = infinity; }, "world.axes[0].cohorts[0].bias = inf"},
      {[](WorldConfig& w) { w.axes[0].cohorts[0].global_multiplier = nan; },
       "world.axes[0].cohorts[0].global_multiplier = nan"},
      {[](WorldConfig& w) { w.axes[0].cohorts[2].specific_strength = -2; },
       "world.axes[0].cohorts[2].specific_strength = -2"},
      {[](WorldConfig& w) { w.axes[0].specific_pairs = 0; }, "world.axes[0].specific_pairs = 0: expected 1 to 21"},
      {[](WorldConfig& w) { w.axes[0].conflict_of = "high"; }, "world.axes[0].conflict = [\"high\", \"\"]"},
      {[](WorldConfig& w) { w.axes[0].conflict_of = w.axes[0].conflict_with = "high"; },
       "world.axes[0].conflict = [\"high\", \"high\"]: expected two different cohorts of this axis"},
      {[](WorldConfig& w) {
         w.axes[0].conflict_of = "high";
         w.axes[0].conflict_with = "tail";
       },
       "world.axes[0].conflict = [\"high\", \"tail\"]"},
      {[](WorldConfig& w) { w.axes[0].proxies = 2; }, "world.axes[0].proxies = 2: expected 0, as the axis is visible"},
      {[](WorldConfig& w) { w.axes = {hidden_axis(4, 20, 1.2)}; },
       "world.axes[0].proxy_fidelity = 1.2: expected 0 to 1"},
      {[](WorldConfig& w) { w.axes = {hidden_axis(4, 1, 0.5)}; },
       "world.axes[0].proxy_vocabulary = 1: expected at least 2"},
      {[](WorldConfig& w) {
         w.axes.push_back(hidden_axis(1, 20, 0.5));
         w.axes[0].name = "tenure_proxy0";
       },
       "world.axes[1].name = \"tenure\""}};
  for (const Case& c : cases) {
    WorldConfig world = preset_a();
    c.spoil(world);
    EXPECT_THAT([&] { generate(world, {}, 1); }, ThrowsMessage<UsageError>(HasSubstr(c.message)));
  }
}

TEST(Validation, AStratifiedTestSplitNeedsASampleForEachStratum) {
  SplitSizes splits{10, 10, 10, 2, true};
  EXPECT_THAT([&] { validate(preset_a(), splits); },
              ThrowsMessage<UsageError>(HasSubstr("splits.test = 2: expected at least 3")));
  splits.test_stratified = false;
  EXPECT_NO_THROW(validate(preset_a(), splits));
}

}  // namespace
}  // namespace c2al::synthetic

#include "core/cohorts/discovery_text.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/core/cohorts/small_input.hpp"

namespace c2al {
namespace {

using ::testing::HasSubstr;

struct Found {
  testing::SmallInput world{2000};
  DiscoveryTable table;
  Found() {
    world.add_axis("value", {0.5, 0.5});
    world.add_axis("sham", {0.5, 0.5}, true);
    const auto z = [&](std::size_t i) { return -1 + world.h(i, 0) + world.membership[0][i]; };
    world.set_predictions(z, z);
    table = world.discover();
  }
  std::string text() const { return discovery_text(table, world.schema); }
};

std::string line_with(const std::string& text, const std::string& start) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (line.rfind(start, 0) == 0) return line;
  return "";
}

TEST(DiscoveryText, ListsCohortsAndPairsAndTheChoice) {
  const Found found;
  const std::string text = found.text();
  EXPECT_THAT(text, HasSubstr("excess NE, estimated"));
  EXPECT_THAT(text, HasSubstr("excess NE, oracle"));
  EXPECT_THAT(line_with(text, "value / c0"), HasSubstr(fmt::format("{:.4f}", found.table.cohorts[0].ne)));
  EXPECT_NE(line_with(text, "sham (control) / c1"), "");
  const Divergence js = found.table.pairs[0].jensen_shannon;
  EXPECT_THAT(line_with(text, "value: c1 / c0"), HasSubstr(fmt::format("{:.4f}", js.value)));
  EXPECT_THAT(line_with(text, "value: c1 / c0"), HasSubstr(fmt::format("{:.1f}", js.z)));
  EXPECT_THAT(line_with(text, "value: c1 / c0"), HasSubstr("chosen"));
  EXPECT_THAT(line_with(text, "sham (control): "), HasSubstr("not eligible"));
  EXPECT_THAT(text, HasSubstr("Chosen: axis value, head c1, tail c0, by the largest z-score of the Jensen-Shannon"));
}

TEST(DiscoveryText, AlignsItsColumns) {
  const std::string text = Found().text();
  EXPECT_EQ(line_with(text, "value / c0").size(), line_with(text, "cohort ").size());
  EXPECT_EQ(line_with(text, "sham (control) / c1").size(), line_with(text, "cohort ").size());
}

TEST(DiscoveryText, SaysWhatIsUndefinedAndThatNothingIsEligible) {
  Found found;
  found.table.cohorts[0].excess_ne_oracle = std::nan("");
  found.table.has_choice = false;
  found.table.pairs[0].eligible = false;
  const std::string text = found.text();
  EXPECT_TRUE(line_with(text, "value / c0").ends_with("-"));
  EXPECT_THAT(text, HasSubstr("No pair is eligible"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("chosen")));
}

TEST(DiscoveryText, SaysThatTheCriterionIsUndefinedForEveryEligiblePair) {
  Found found;
  found.world.set_predictions([](std::size_t) { return -1.0; }, [](std::size_t) { return -1.0; });
  found.table = found.world.discover();
  ASSERT_TRUE(found.table.pairs[0].eligible);
  const std::string text = found.text();
  EXPECT_THAT(text, HasSubstr("No pair is chosen: the z-score of the Jensen-Shannon distance is undefined for every "
                              "eligible pair.\n"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("No pair is eligible")));
}

TEST(DiscoveryText, WarnsWhereTheInertAxisIsLoud) {
  Schema schema;
  schema.axes = {{"side", {"left", "right"}, true, false}, {"sham", {"left", "right"}, true, true}};
  DiscoveryTable table;
  table.pairs.resize(2);
  for (std::size_t axis = 0; axis < 2; ++axis) {
    table.pairs[axis].axis = axis;
    table.pairs[axis].second = 1;
    table.pairs[axis].jensen_shannon.z = axis == 0 ? 50 : 4;
  }
  EXPECT_EQ(discovery_text(table, schema).find("Caution"), std::string::npos);
  table.pairs[1].jensen_shannon.z = 33.6;
  EXPECT_NE(discovery_text(table, schema).find("of the inert axis sham reach a z-score of 33.6"), std::string::npos);
}

}  // namespace
}  // namespace c2al

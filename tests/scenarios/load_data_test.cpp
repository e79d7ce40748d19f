#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/error.hpp"
#include "scenarios/scenario.hpp"

namespace c2al {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

Scenario scenario(const std::string& name, const std::vector<std::string>& overrides = {}) {
  return parse_scenario(std::filesystem::path(C2AL_SOURCE_DIR) / "scenarios" / (name + ".toml"), overrides);
}

TEST(LoadData, GeneratesASyntheticWorld) {
  const Scenario s =
      scenario("preset_a", {"splits.train=2000", "splits.discovery=500", "splits.validation=500", "splits.test=600"});
  const ScenarioData data = load_data(s, 3, {});
  EXPECT_EQ(data.source->size(Split::train), 2000u);
  EXPECT_EQ(data.source->size(Split::test), 600u);
  EXPECT_TRUE(data.source->schema().has_truth);
  EXPECT_TRUE(data.world.has_value());
  // The declared pair is found in what was generated.
  const std::size_t axis = data.source->schema().axis_index(s.cohorts.axis);
  EXPECT_NO_THROW(data.source->schema().cohort_index(axis, s.cohorts.head_cohort));
}

TEST(LoadData, ADatasetNeedsItsDirectory) {
  EXPECT_THAT([] { load_data(scenario("census_income"), 1, {}); },
              ThrowsMessage<UsageError>(AllOf(HasSubstr("scenario 'census_income' reads the data set 'census_income'"),
                                              HasSubstr("pass --data DIR"), HasSubstr("census-income.test.gz"))));
  EXPECT_THAT([] { load_data(scenario("census_income"), 1, "no/such/directory"); },
              ThrowsMessage<RunError>(HasSubstr("no/such/directory/census-income.test.gz: there is no such file")));
}

}  // namespace
}  // namespace c2al

// What the owner's census-income.test.gz holds. Needs the file: C2AL_DATA_DIR names the directory it lies in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "scenarios/scenario.hpp"

namespace c2al {
namespace {

class CensusIncomeFile : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* directory = std::getenv("C2AL_DATA_DIR");
    if (directory == nullptr) GTEST_SKIP() << "C2AL_DATA_DIR does not name the directory of census-income.test.gz";
    directory_ = directory;
    if (!std::filesystem::exists(directory_ / "census-income.test.gz"))
      GTEST_SKIP() << directory_ << " holds no census-income.test.gz";
    if (std::filesystem::exists(directory_ / "census-income.data.gz"))
      GTEST_SKIP() << directory_ << " holds both files; these counts are those of the test file alone";
  }
  std::filesystem::path directory_;
};

/// Rows and positives of every cohort of an axis over all splits.
std::vector<std::pair<std::uint64_t, double>> count(const DataSource& source, std::size_t axis) {
  std::vector<std::pair<std::uint64_t, double>> cohorts(source.schema().axes[axis].cohorts.size());
  for (std::size_t s = 0; s < split_count; ++s) {
    const auto stream = source.open(static_cast<Split>(s), {}, 1000);
    for (BatchView batch; stream->next(batch);)
      for (std::size_t b = 0; b < batch.size; ++b) {
        auto& cohort = cohorts[batch.cohort[b * batch.axes + axis]];
        ++cohort.first;
        cohort.second += batch.label[b];
      }
  }
  return cohorts;
}

TEST_F(CensusIncomeFile, HasTheKnownCountsAndRates) {
  const Scenario scenario = parse_scenario(std::filesystem::path(C2AL_SOURCE_DIR) / "scenarios" / "census_income.toml");
  const ScenarioData data = load_data(scenario, 1, directory_);
  const std::map<std::string, std::string> facts(data.facts.begin(), data.facts.end());
  EXPECT_EQ(facts.at("census-income.test.gz"), "crc32 837096f8, 3261416 bytes; 99762 rows");
  EXPECT_EQ(facts.at("rows_repeating_another"), "883");
  EXPECT_EQ(facts.at("rows"), "99762");
  EXPECT_EQ(facts.at("positive_rate").substr(0, 6), "0.0620");

  const auto expect_rates = [&](std::size_t axis, const std::vector<double>& rates) {
    const auto cohorts = count(*data.source, axis);
    std::uint64_t rows = 0;
    ASSERT_GE(cohorts.size(), rates.size());
    for (std::size_t c = 0; c < cohorts.size(); ++c) {
      rows += cohorts[c].first;
      if (c < rates.size()) {
        // Rates are known to three digits.
        EXPECT_NEAR(cohorts[c].second / static_cast<double>(cohorts[c].first), rates[c], 5.01e-4) << axis << " " << c;
      }
    }
    EXPECT_EQ(rows, 99762u);
  };
  expect_rates(0, {0.025, 0.102});
  expect_rates(1, {0.001, 0.055, 0.128, 0.162, 0.118, 0.038});
  expect_rates(3, {0.0065, 0.040, 0.148});
  const auto classes = count(*data.source, 2);
  EXPECT_NEAR(classes[1].second / static_cast<double>(classes[1].first), 0.102, 5.01e-4);
  EXPECT_NEAR(classes[3].second / static_cast<double>(classes[3].first), 0.333, 5.01e-4);

  // Groups of equal inputs are up to 209 rows long, so shares are met a little less closely than by single draws.
  EXPECT_NEAR(static_cast<double>(data.source->size(Split::train)) / 99762, 0.6, 0.015);
  EXPECT_NEAR(static_cast<double>(data.source->size(Split::test)) / 99762, 0.2, 0.015);
}

}  // namespace
}  // namespace c2al

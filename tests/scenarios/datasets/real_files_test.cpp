// Counts and rates of the owners' files. Needs them: C2AL_DATA_DIR names the folder they lie in, or one of whose
// folders holds them. The expected figures were counted from the files, independently of this reader.
#include <gmock/gmock.h>

#include <cstdlib>

#include "tests/scenarios/datasets/records.hpp"

namespace c2al {
namespace {

namespace fs = std::filesystem;

struct Count {
  std::uint64_t rows = 0;
  double positives = 0;

  void add(float label) { ++rows, positives += label; }
  double rate() const { return positives / static_cast<double>(rows); }
};

class RealFiles : public ::testing::Test {
 protected:
  /// The folder of a file; skips the test when there is none.
  static fs::path folder_of(const std::string& file) {
    const char* directory = std::getenv("C2AL_DATA_DIR");
    if (directory == nullptr) return {};
    if (fs::exists(fs::path(directory) / file)) return directory;
    for (const auto& entry : fs::recursive_directory_iterator(directory))
      if (entry.path().filename() == fs::path(file).filename() && entry.path().string().ends_with(file))
        return entry.path().string().substr(0, entry.path().string().size() - file.size());
    return {};
  }

  /// Reads all rows; counts by file split (none: by itself), axis and cohort, and rows with a missing category.
  void count(const std::string& name, const fs::path& folder) {
    description_ = parse_description(description_file(name));
    RecordReader reader(description_, {folder}, OnBadRow::stop);
    cohorts_.assign(description_.axes.size(), {});
    for (std::size_t a = 0; a < cohorts_.size(); ++a) cohorts_[a].resize(description_.axes[a].cohorts.size() + 1);
    for (Record record; reader.next(record);) {
      ++(record.split ? claimed_ : free_);
      if (only_free_ && record.split) continue;
      all_.add(record.label);
      for (std::size_t a = 0; a < cohorts_.size(); ++a)
        if (description_.axes[a].activity.empty())
          cohorts_[a].at(cohort_of(description_.axes[a], std::string(record.axis[a]))).add(record.label);
      rows_with_missing_ += std::any_of(record.categorical.begin(), record.categorical.end(),
                                        [](std::string_view text) { return text.empty(); });
    }
    facts_ = reader.facts();
    EXPECT_EQ(reader.bad_rows().count(), 0u);
  }

  const Count& cohort(const std::string& axis, const std::string& cohort) const {
    for (std::size_t a = 0; a < description_.axes.size(); ++a)
      for (std::size_t c = 0; c < description_.axes[a].cohorts.size(); ++c)
        if (description_.axes[a].name == axis && description_.axes[a].cohorts[c] == cohort) return cohorts_[a][c];
    throw std::runtime_error("no cohort " + cohort);
  }

  /// Rates are known to three digits.
  void expect_rates(const std::string& axis, const std::vector<std::pair<std::string, double>>& rates) const {
    for (const auto& [name, rate] : rates) EXPECT_NEAR(cohort(axis, name).rate(), rate, 5.01e-4) << axis << " " << name;
  }

  DatasetDescription description_;
  bool only_free_ = false;
  std::uint64_t claimed_ = 0, free_ = 0, rows_with_missing_ = 0;
  Count all_;
  std::vector<std::vector<Count>> cohorts_;
  std::vector<std::pair<std::string, std::string>> facts_;
};

#define C2AL_NEEDS(folder, file)           \
  const fs::path folder = folder_of(file); \
  if (folder.empty()) GTEST_SKIP() << "C2AL_DATA_DIR names no folder with " << file

TEST_F(RealFiles, CensusIncome) {
  C2AL_NEEDS(folder, "census-income.test.gz");
  if (fs::exists(folder / "census-income.data.gz")) GTEST_SKIP() << "these counts are those of the test file alone";
  count("census_income", folder);
  EXPECT_EQ(all_.rows, 99762u);
  EXPECT_EQ(claimed_, 0u);
  EXPECT_NEAR(all_.rate(), 0.0620, 5.01e-5);
  ASSERT_EQ(facts_.size(), 1u);
  EXPECT_EQ(facts_[0].second, "crc32 837096f8, 3261416 bytes; 99762 rows");
  expect_rates("sex", {{"female", 0.025}, {"male", 0.102}});
  expect_rates("age", {{"under_25", 0.001},
                       {"25_34", 0.055},
                       {"35_44", 0.128},
                       {"45_54", 0.162},
                       {"55_64", 0.118},
                       {"65_and_over", 0.038}});
  expect_rates("weeks_worked", {{"none", 0.0065}, {"part_year", 0.040}, {"full_year", 0.148}});
  expect_rates("class_of_worker", {{"self_employed_incorporated", 0.333}, {"private", 0.102}});
  expect_rates("year", {{"1994", 0.057}, {"1995", 0.067}});
  EXPECT_EQ(cohort("year", "1995").rows, 49946u);
}

TEST_F(RealFiles, Adult) {
  C2AL_NEEDS(folder, "adult.data");
  only_free_ = true;
  count("adult", folder);
  EXPECT_EQ(free_, 32561u);
  EXPECT_EQ(claimed_, 16281u);
  EXPECT_NEAR(all_.rate(), 0.2408, 5.01e-5);
  EXPECT_EQ(rows_with_missing_, 2399u);
  expect_rates("sex", {{"female", 0.109}, {"male", 0.306}});
  expect_rates("age", {{"under_25", 0.011},
                       {"25_34", 0.168},
                       {"35_44", 0.332},
                       {"45_54", 0.401},
                       {"55_64", 0.3235},
                       {"65_and_over", 0.207}});
  EXPECT_EQ(cohort("workclass", "unknown").rows, 1836u);
}

TEST_F(RealFiles, AdultsTestFile) {
  C2AL_NEEDS(folder, "adult.test");
  count("adult", folder / "adult.test");
  EXPECT_EQ(all_.rows, 16281u);
  EXPECT_NEAR(all_.rate(), 0.2362, 5.01e-5);
  EXPECT_EQ(rows_with_missing_, 1221u);
}

TEST_F(RealFiles, BankMarketing) {
  C2AL_NEEDS(folder, "bank-full.csv");
  count("bank_marketing", folder);
  EXPECT_EQ(all_.rows, 45211u);
  EXPECT_NEAR(all_.rate(), 0.1170, 5.01e-5);
  EXPECT_EQ(cohort("age", "65_and_over").rows, 810u);
  EXPECT_EQ(cohort("age", "under_25").rows, 809u);
  expect_rates("age", {{"65_and_over", 0.421}, {"under_25", 0.256}, {"45_54", 0.093}});
  expect_rates("job", {{"student", 0.287}, {"retired", 0.228}, {"blue_collar", 0.073}});
  expect_rates("balance", {{"lowest", 0.070}, {"low", 0.100}, {"middle", 0.117}, {"high", 0.135}, {"highest", 0.164}});
  expect_rates("previous_outcome", {{"success", 0.647}});
  EXPECT_EQ(cohort("previous_outcome", "never_called").rows, 36959u);
}

TEST_F(RealFiles, OnlineShoppers) {
  C2AL_NEEDS(folder, "online_shoppers_intention.csv");
  count("online_shoppers", folder);
  EXPECT_EQ(all_.rows, 12330u);
  EXPECT_NEAR(all_.rate(), 0.1547, 5.01e-5);
  expect_rates("visitor", {{"new", 0.249}, {"returning", 0.139}});
  expect_rates("month", {{"november", 0.254}});
  EXPECT_EQ(cohort("month", "february_march").rows, 184u + 1907u);
}

TEST_F(RealFiles, OpenBandit) {
  for (const auto& [name, file, rate] : {std::tuple{"open_bandit", "random/men/men.csv", 0.0046},
                                         {"open_bandit_women", "random/women/women.csv", 0.0046},
                                         {"open_bandit", "bts/men/men.csv", 0.0069}}) {
    C2AL_NEEDS(folder, file);
    all_ = {};
    count(name, (folder / file).parent_path());
    EXPECT_EQ(all_.rows, 10000u) << file;
    EXPECT_NEAR(all_.rate(), rate, 1e-9) << file;  // 46 and 69 clicks
  }
}

}  // namespace
}  // namespace c2al

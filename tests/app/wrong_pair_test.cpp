// The control that needs a discovery, through the command line.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "results/store.hpp"
#include "tests/app/process.hpp"

namespace c2al {
namespace {

namespace fs = std::filesystem;
using testing::ProcessResult;

class WrongPairCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              (std::string("c2al_wrong_") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  static std::string preset_a() { return (fs::path(C2AL_SOURCE_DIR) / "scenarios" / "preset_a.toml").string(); }
  ProcessResult c2al(std::vector<std::string> words) {
    for (const char* assignment : {"splits.train=6000", "splits.discovery=4000", "splits.validation=1000",
                                   "splits.test=1000", "cohorts.minimum_cohort=50", "cohorts.permutations=20"})
      words.insert(words.end(), {"--set", assignment});
    return testing::run_c2al(folder_, words);
  }
  fs::path folder_;
};

TEST_F(WrongPairCommand, DiscoversThePairBesideDeclaredCohorts) {
  const ProcessResult run = c2al({"run", preset_a(), "--method", "plain", "--method", "wrong_pair"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.err.find("discovery: training its baseline, for wrong_pair"), std::string::npos) << run.err;
  const RunSummary wrong = read_run(folder_ / "runs/preset_a/wrong_pair/seed_000001.h5");
  const RunSummary plain = read_run(folder_ / "runs/preset_a/plain/seed_000001.h5");
  EXPECT_TRUE(wrong.has_discovery);
  EXPECT_FALSE(plain.has_discovery);
  // The scenario's own pair is what both runs are judged on.
  EXPECT_EQ(wrong.resolved_configuration, plain.resolved_configuration);
}

TEST_F(WrongPairCommand, TakesAStoredDiscovery) {
  ASSERT_EQ(c2al({"discover", preset_a(), "--output", "discovery.h5"}).code, 0);
  const ProcessResult given =
      c2al({"run", preset_a(), "--method", "wrong_pair", "--cohorts", "discovery.h5", "--output", "given.h5"});
  ASSERT_EQ(given.code, 0) << given.err;
  EXPECT_EQ(given.err.find("training its baseline"), std::string::npos) << given.err;
  ASSERT_EQ(c2al({"run", preset_a(), "--method", "wrong_pair", "--output", "own.h5"}).code, 0);
  const ProcessResult compared = testing::run_c2al(folder_, {"inspect", "given.h5", "own.h5"});
  EXPECT_EQ(compared.code, 0) << compared.out;
  const ProcessResult unused =
      c2al({"run", preset_a(), "--method", "plain", "--cohorts", "discovery.h5", "--output", "plain.h5"});
  EXPECT_EQ(unused.code, 2);
  EXPECT_NE(unused.err.find("none of the methods needs a discovery"), std::string::npos) << unused.err;
}

TEST_F(WrongPairCommand, IsCheckedBeforeASuiteStartsWithoutADiscovery) {
  std::ofstream(folder_ / "suite.toml")
      << "name = \"wrong\"\ntitle = \"a control that needs a discovery\"\nscenarios = [\"" << preset_a()
      << "\"]\nmethods = [\"plain\", \"wrong_pair\"]\nseeds = [1]\n"
      << "overrides = [\"splits.train=6000\", \"splits.discovery=4000\", "
         "\"splits.validation=1000\", \"splits.test=1000\", "
         "\"cohorts.minimum_cohort=50\", \"cohorts.permutations=20\"]\n";
  const ProcessResult suite = testing::run_c2al(folder_, {"suite", "suite.toml", "--jobs", "1", "--output", "out"});
  ASSERT_EQ(suite.code, 0) << suite.err;
  EXPECT_TRUE(fs::exists(folder_ / "out/preset_a/wrong_pair/seed_000001.h5"));
  const ProcessResult report = testing::run_c2al(folder_, {"report", "out", "--format", "json"});
  ASSERT_EQ(report.code, 0) << report.err;
  EXPECT_TRUE(nlohmann::json::parse(report.out)["scenarios"][0]["discovery"].is_null());
}

}  // namespace
}  // namespace c2al

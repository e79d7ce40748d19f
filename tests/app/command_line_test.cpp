// The c2al binary as a user meets it: exit codes, messages, what is left on disk, repeatability.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/app/process.hpp"

namespace c2al {
namespace {

namespace fs = std::filesystem;
using testing::ProcessResult;
using testing::run_c2al;

class CommandLine : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              (std::string("c2al_cli_") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  ProcessResult c2al(const std::vector<std::string>& words, const std::function<bool()>& interrupt_when = {}) {
    return run_c2al(folder_, words, interrupt_when);
  }
  static std::string scenario(const std::string& name) {
    return (fs::path(C2AL_SOURCE_DIR) / "scenarios" / (name + ".toml")).string();
  }
  /// `run` of preset A on few samples.
  static std::vector<std::string> small_run(std::vector<std::string> more) {
    std::vector<std::string> words = {"run",
                                      scenario("preset_a"),
                                      "--quiet",
                                      "--set",
                                      "splits.train=6000",
                                      "--set",
                                      "splits.discovery=2000",
                                      "--set",
                                      "splits.validation=2000",
                                      "--set",
                                      "splits.test=3000"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  void expect_error(const std::vector<std::string>& words, int code, const std::string& part) {
    const ProcessResult result = c2al(words);
    EXPECT_EQ(result.code, code) << result.err;
    EXPECT_NE(result.err.find(part), std::string::npos) << "expected '" << part << "' in: " << result.err;
    EXPECT_EQ(result.err.rfind("error: ", 0), 0u) << result.err;
    // One line, and no result of any kind.
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      EXPECT_NE(entry.path().extension(), ".h5") << entry.path();
      EXPECT_NE(entry.path().extension(), ".partial") << entry.path();
    }
  }
  fs::path folder_;
};

TEST_F(CommandLine, HelpIsThereEverywhere) {
  EXPECT_EQ(c2al({"--help"}).code, 0);
  for (const char* command :
       {"list", "run", "discover", "generate", "suite", "report", "evaluate", "inspect", "verify"}) {
    const ProcessResult result = c2al({command, "--help"});
    EXPECT_EQ(result.code, 0) << command;
    EXPECT_NE(result.out.find("Usage"), std::string::npos) << command;
  }
}

TEST_F(CommandLine, UsageErrorsEndWithTwo) {
  EXPECT_EQ(c2al({}).code, 2);
  expect_error({"no_such_command"}, 2, "unknown command 'no_such_command'");
  expect_error({"run"}, 2, "name a scenario");
  expect_error({"run", scenario("preset_a"), "--no-such-option"}, 2, "no-such-option");
  expect_error({"run", scenario("preset_a"), "one", "too_many"}, 2, "one");
  expect_error({"run", scenario("preset_a"), "--seed", "minus"}, 2, "--seed");
  expect_error({"run", "no_such_scenario.toml"}, 2, "no_such_scenario.toml");
  expect_error({"run", scenario("preset_a"), "--method", "no_such_method"}, 2, "expected one of ");
  expect_error({"list", "unicorns"}, 2, "unicorns");
  expect_error({"verify"}, 2, "verify");
  expect_error({"suite", "no_such_suite.toml"}, 2, "no_such_suite.toml");
}

TEST_F(CommandLine, ConfigurationErrorsNameTheKeyAndEndWithTwo) {
  const auto with = [](const std::string& assignment) { return small_run({"--set", assignment}); };
  expect_error(with("model.widht=3"), 2, "widht");
  expect_error(with("model.dim=\"wide\""), 2, "dim");
  expect_error(with("model.dim=-8"), 2, "-8");
  expect_error(with("training.batch_size=0"), 2, "batch_size");
  expect_error(with("training.learning_rate=nan"), 2, "learning_rate");
  expect_error(with("training.optimizer=\"adamax\""), 2, "adamax");
  expect_error(with("world.base_rate=1.5"), 2, "base_rate");
  expect_error(with("world.axes[0].cohorts[0].share=0.5"), 2, "0.6");
  expect_error(with("cohorts.head_cohort=\"nobody\""), 2, "nobody");
  expect_error(with("method.c2al.lambda=1"), 2, "lambda");
  expect_error(with("method.no_such_method.lambda_head=1"), 2, "no_such_method");
}

TEST_F(CommandLine, RunErrorsEndWithOneAndLeaveNothing) {
  std::ofstream(folder_ / "file") << "in the way";
  expect_error(small_run({"--output", "file/run.h5"}), 1, "file/run.h5");
  expect_error(small_run({"--output", "/proc/c2al/run.h5"}), 1, "/proc/c2al/run.h5");
  expect_error(small_run({"--output", "run.h5", "--checkpoint", "file/run.state"}), 1, "file/run.state");
  expect_error({"run", scenario("census_income"), "--data", "nowhere"}, 1, "census-income.test.gz");
  expect_error({"evaluate", "missing.csv"}, 1, "missing.csv");
  expect_error({"verify", "missing.h5"}, 1, "missing.h5");
  expect_error({"inspect", "missing.h5"}, 1, "missing.h5");
  expect_error({"report", "no_such_directory"}, 1, "no_such_directory");
  expect_error(small_run({"--set", "training.optimizer=\"sgd\"", "--set", "training.learning_rate=1000", "--set",
                          "training.embedding_learning_rate=1000"}),
               1, "diverged at step");
}

TEST_F(CommandLine, AFailingMethodDoesNotTakeTheOthersWithIt) {
  const ProcessResult result = c2al(small_run({"--set", "world.inert_field=false", "--method", "plain", "--method",
                                               "sham_cohorts", "--method", "c2al", "--output-dir", "out"}));
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.err.find("error: sham_cohorts: "), std::string::npos) << result.err;
  EXPECT_TRUE(fs::exists(folder_ / "out/plain/seed_000001.h5"));
  EXPECT_FALSE(fs::exists(folder_ / "out/sham_cohorts/seed_000001.h5"));
  EXPECT_TRUE(fs::exists(folder_ / "out/c2al/seed_000001.h5"));
}

TEST_F(CommandLine, ACheckpointMayNotBeTheResult) {
  expect_error(small_run({"--output", "run.h5", "--checkpoint", "./run.h5"}), 2, "result file");
}

TEST_F(CommandLine, LostOutputIsAnError) {
  EXPECT_NE(std::system((std::string(C2AL_BINARY) + " list methods >/dev/full 2>/dev/null").c_str()), 0);
}

TEST_F(CommandLine, SettingAListSurvivesItsCommas) {
  const ProcessResult result = c2al(small_run({"--set", "model.top=[24,16]", "--output", "run.h5", "--json"}));
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  // 16,205 dense parameters with top [32]: 32 (72 + 1) + 33 become 24 (72 + 1) + 16 (24 + 1) + 17.
  EXPECT_EQ(json["dense_parameters"]["served"], 16205 - 32 * 73 - 33 + 24 * 73 + 16 * 25 + 17);
  EXPECT_TRUE(json["test"]["overall"]["ne"].is_number());
  EXPECT_TRUE(fs::exists(folder_ / "run.h5"));
}

TEST_F(CommandLine, AServedC2alModelCostsWhatPlainCosts) {
  const auto cost = [&](const std::string& method) {
    const ProcessResult result = c2al(small_run({"--method", method, "--output", method + ".h5", "--json"}));
    EXPECT_EQ(result.code, 0) << result.err;
    return nlohmann::json::parse(result.out)["dense_parameters"];
  };
  const auto plain = cost("plain"), c2al_cost = cost("c2al");
  EXPECT_EQ(plain["served"], c2al_cost["served"]);
  EXPECT_EQ(plain["trained"], plain["served"]);
  EXPECT_GT(c2al_cost["trained"], c2al_cost["served"]);
}

TEST_F(CommandLine, EqualCommandsGiveEqualBytes) {
  ASSERT_EQ(c2al(small_run({"--output", "a.h5"})).code, 0);
  ASSERT_EQ(c2al(small_run({"--output", "b.h5"})).code, 0);
  // In another order, behind another method, in one process.
  ASSERT_EQ(c2al(small_run({"--method", "random_cohorts", "--method", "c2al", "--output-dir", "many"})).code, 0);
  ASSERT_EQ(c2al(small_run({"--seed", "2", "--output", "other.h5"})).code, 0);
  const ProcessResult equal = c2al({"inspect", "a.h5", "b.h5"});
  EXPECT_EQ(equal.code, 0) << equal.out;
  EXPECT_EQ(c2al({"inspect", "a.h5", "many/c2al/seed_000001.h5"}).code, 0);
  EXPECT_EQ(c2al({"inspect", "a.h5", "other.h5"}).code, 1);
}

TEST_F(CommandLine, AnInterruptedRunContinuesToTheSameBytes) {
  const std::vector<std::string> longer = {"--set", "training.epochs=150"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), longer.begin(), longer.end());
    return small_run(more);
  };
  const fs::path checkpoint = folder_ / "run.state";
  // 12 steps an epoch: a checkpoint every 17 steps falls into the middle of one.
  const ProcessResult stopped =
      c2al(with({"--output", "resumed.h5", "--checkpoint", "run.state", "--checkpoint-every", "17"}),
           [&] { return fs::exists(checkpoint); });
  ASSERT_EQ(stopped.code, 130) << stopped.err;
  EXPECT_FALSE(fs::exists(folder_ / "resumed.h5"));
  ASSERT_TRUE(fs::exists(checkpoint));

  // Another seed must not continue from it.
  const ProcessResult foreign = c2al(with({"--seed", "9", "--output", "foreign.h5", "--checkpoint", "run.state"}));
  EXPECT_EQ(foreign.code, 1);
  EXPECT_NE(foreign.err.find("belongs to another"), std::string::npos) << foreign.err;

  ASSERT_EQ(c2al(with({"--output", "resumed.h5", "--checkpoint", "run.state"})).code, 0);
  EXPECT_FALSE(fs::exists(checkpoint));
  ASSERT_EQ(c2al(with({"--output", "whole.h5"})).code, 0);
  const ProcessResult compared = c2al({"inspect", "whole.h5", "resumed.h5"});
  EXPECT_EQ(compared.code, 0) << compared.out;
}

TEST_F(CommandLine, DiscoveryIsFrozenIntoTheRun) {
  const std::vector<std::string> sizes = {"--set", "splits.train=20000",         "--set", "splits.discovery=6000",
                                          "--set", "splits.validation=1000",     "--set", "splits.test=1000",
                                          "--set", "cohorts.minimum_cohort=100", "--set", "cohorts.permutations=20"};
  const auto with = [&](std::vector<std::string> words) {
    words.insert(words.end(), sizes.begin(), sizes.end());
    return words;
  };
  const ProcessResult table = c2al(with({"discover", scenario("two_axes"), "--output", "discovery.h5", "--json"}));
  ASSERT_EQ(table.code, 0) << table.err;
  const auto json = nlohmann::json::parse(table.out);
  EXPECT_EQ(json["pairs"].size(), 9u);  // three axes of three cohorts, the control axis among them
  ASSERT_FALSE(json["chosen"].is_null());
  EXPECT_NE(json["chosen"]["axis"], "sham");

  ASSERT_EQ(c2al(with({"run", scenario("two_axes"), "--cohorts", "discovery.h5", "--output", "given.h5"})).code, 0);
  ASSERT_EQ(c2al(with({"run", scenario("two_axes"), "--output", "own.h5"})).code, 0);
  const ProcessResult compared = c2al({"inspect", "given.h5", "own.h5"});
  EXPECT_EQ(compared.code, 0) << compared.out;
  const ProcessResult configuration = c2al({"inspect", "own.h5", "/configuration/resolved"});
  EXPECT_NE(configuration.out.find(json["chosen"]["head_cohort"].get<std::string>()), std::string::npos)
      << configuration.out;
}

TEST_F(CommandLine, ListsWhatThereIs) {
  for (const char* what : {"methods", "scenarios", "suites", "datasets", "backends"}) {
    const ProcessResult result = c2al({"list", what, "--json"});
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_FALSE(nlohmann::json::parse(result.out).empty()) << what;
    EXPECT_EQ(c2al({"list", what}).code, 0);
  }
}

}  // namespace
}  // namespace c2al

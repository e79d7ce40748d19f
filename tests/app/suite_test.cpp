#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>

#include "app/progress.hpp"
#include "app/suite_runner.hpp"
#include "core/error.hpp"

namespace c2al {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// Stands in for the c2al binary: logs its arguments, then writes an empty file for every method of `run`, and for
// `discover`. Files beside it name the seeds that fail, write one method only, write nothing, or hang.
constexpr const char* fake_binary = R"sh(#!/bin/bash
here=$(dirname "$0")
echo "$@" >> "$here/calls"
verb=$1; shift 2
methods=()
while [ $# -gt 0 ]; do
  case $1 in
    --quiet) shift; continue;; --seed) seed=$2;; --method) methods+=("$2");; --output-dir) directory=$2;; --output) output=$2;;
  esac
  shift 2
done
if [ $verb = discover ]; then
  if [ -e "$here/fail_discovery" ]; then echo "no pair" >&2; exit 1; fi
  touch "$output"; exit 0
fi
marked() { [ -e "$here/$1" ] && grep -qx "$seed" "$here/$1"; }
if marked slow; then echo $$ > "$here/slow_pid"; sleep 60; fi
if marked fail; then echo "a first line" >&2; echo "error: seed $seed diverged" >&2; exit 1; fi
if marked silent; then exit 0; fi
echo start >> "$here/overlap"; [ -e "$here/pause" ] && sleep 0.2; echo end >> "$here/overlap"
for method in "${methods[@]}"; do
  mkdir -p "$directory/$method"
  touch "$directory/$method/$(printf 'seed_%06d.h5' "$seed")"
  if marked partly; then exit 3; fi
done
)sh";

class SuiteRunnerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              (std::string("c2al_suite_") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write("binary", fake_binary);
    fs::permissions(folder_ / "binary", fs::perms::owner_all);
    null_ = std::fopen("/dev/null", "w");
    options_.output = folder_ / "runs";
    options_.executable = folder_ / "binary";
    options_.progress = null_;
    plan_.suite.name = "toy";
    plan_.suite.methods = {"plain", "c2al"};
    plan_.suite.seeds = {1, 2, 3};
    add_scenario("preset", false);
  }
  void TearDown() override {
    std::fclose(null_);
    fs::remove_all(folder_);
  }

  void add_scenario(const std::string& name, bool discovered) {
    Scenario scenario;
    scenario.name = name;
    scenario.file = name + ".toml";
    scenario.world.emplace();
    scenario.cohorts.discovered = discovered;
    plan_.suite.scenarios.push_back(scenario.file);
    plan_.scenarios.push_back(scenario);
  }
  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }
  std::string read(const fs::path& file) const {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }
  std::vector<std::string> calls() const {
    std::istringstream lines(read(folder_ / "calls"));
    std::vector<std::string> result;
    for (std::string line; std::getline(lines, line);) result.push_back(line);
    return result;
  }
  fs::path file(const std::string& method, std::uint64_t seed) const {
    return run_file(options_.output, "preset", method, seed);
  }

  fs::path folder_;
  std::FILE* null_ = nullptr;
  SuiteOptions options_;
  SuitePlan plan_;
};

TEST_F(SuiteRunnerTest, RunsEveryWorkItemOnce) {
  plan_.suite.overrides = {"model.top=[64,32]"};
  options_.data = "some/data";
  const SuiteOutcome outcome = run_suite(plan_, options_);
  EXPECT_EQ(outcome.items, 3u);
  EXPECT_EQ(outcome.failed, 0u);
  EXPECT_EQ(outcome.runs, 6u);
  EXPECT_GT(outcome.cpu_seconds, 0);
  EXPECT_GT(outcome.wall_seconds, 0);
  EXPECT_FALSE(outcome.stopped);
  for (std::uint64_t seed : {1, 2, 3}) {
    EXPECT_TRUE(fs::exists(file("plain", seed)));
    EXPECT_TRUE(fs::exists(file("c2al", seed)));
  }
  ASSERT_THAT(calls(), SizeIs(3));
  EXPECT_EQ(calls()[0],
            "run preset.toml --set model.top=[64,32] --data some/data --quiet --seed 1 --method plain --method c2al "
            "--output-dir " +
                (options_.output / "preset").string());
  EXPECT_THAT(read_failures(options_.output), IsEmpty());
}

TEST_F(SuiteRunnerTest, TheLongestWorkComesFirst) {
  add_scenario("long", false);
  plan_.scenarios[0].splits.train = 1000;
  plan_.scenarios[1].splits.train = 3000;
  fs::create_directories(file("plain", 2).parent_path());
  std::ofstream(file("plain", 2)) << "";
  run_suite(plan_, options_);
  ASSERT_THAT(calls(), SizeIs(6));
  const char* const expected[] = {"run long.toml --quiet --seed 1",   "run long.toml --quiet --seed 2",
                                  "run long.toml --quiet --seed 3",   "run preset.toml --quiet --seed 1",
                                  "run preset.toml --quiet --seed 3", "run preset.toml --quiet --seed 2"};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_THAT(calls()[i], HasSubstr(expected[i]));
}

TEST_F(SuiteRunnerTest, SecondCallRunsOnlyWhatIsMissing) {
  run_suite(plan_, options_);
  fs::remove(folder_ / "calls");
  EXPECT_EQ(run_suite(plan_, options_).items, 0u);
  EXPECT_FALSE(fs::exists(folder_ / "calls"));

  fs::remove(file("c2al", 2));
  EXPECT_EQ(run_suite(plan_, options_).items, 1u);
  ASSERT_THAT(calls(), SizeIs(1));
  EXPECT_THAT(calls()[0], HasSubstr("--seed 2 --method c2al --output-dir"));
  EXPECT_TRUE(fs::exists(file("c2al", 2)));
}

TEST_F(SuiteRunnerTest, FailureIsRecordedAndTheSuiteGoesOn) {
  write("fail", "2\n");
  SuiteOutcome outcome = run_suite(plan_, options_);
  EXPECT_EQ(outcome.failed, 1u);
  EXPECT_TRUE(fs::exists(file("c2al", 3)));
  std::vector<FailureRecord> failures = read_failures(options_.output);
  ASSERT_THAT(failures, SizeIs(1));
  EXPECT_EQ(failures[0].scenario, "preset");
  EXPECT_EQ(failures[0].seed, 2u);
  EXPECT_THAT(failures[0].methods, ElementsAre("plain", "c2al"));
  EXPECT_EQ(failures[0].exit_code, 1);
  EXPECT_EQ(failures[0].message, "a first line\nerror: seed 2 diverged");

  fs::remove(folder_ / "fail");
  outcome = run_suite(plan_, options_);
  EXPECT_EQ(outcome.items, 1u);
  EXPECT_EQ(outcome.failed, 0u);
  EXPECT_THAT(read_failures(options_.output), IsEmpty());
}

TEST_F(SuiteRunnerTest, PartlyDoneItemNamesTheMethodsThatAreMissing) {
  write("partly", "1\n");
  EXPECT_EQ(run_suite(plan_, options_).failed, 1u);
  const std::vector<FailureRecord> failures = read_failures(options_.output);
  ASSERT_THAT(failures, SizeIs(1));
  EXPECT_THAT(failures[0].methods, ElementsAre("c2al"));
  EXPECT_EQ(failures[0].exit_code, 3);
}

TEST_F(SuiteRunnerTest, SuccessWithoutAFileIsAFailure) {
  write("silent", "1\n");
  EXPECT_EQ(run_suite(plan_, options_).failed, 1u);
  const std::vector<FailureRecord> failures = read_failures(options_.output);
  ASSERT_THAT(failures, SizeIs(1));
  EXPECT_EQ(failures[0].exit_code, 0);
  EXPECT_THAT(failures[0].message, HasSubstr("without writing seed_000001.h5"));
}

TEST_F(SuiteRunnerTest, ChildrenRunSideBySideButNoMoreThanAsked) {
  const auto most_at_once = [&] {
    std::istringstream lines(read(folder_ / "overlap"));
    int running = 0, most = 0;
    for (std::string line; std::getline(lines, line);) most = std::max(most, running += line == "start" ? 1 : -1);
    return most;
  };
  write("pause", "");
  options_.jobs = 2;
  plan_.suite.seeds = {1, 2, 3, 4};
  run_suite(plan_, options_);
  EXPECT_EQ(most_at_once(), 2);
  fs::remove(folder_ / "overlap");
  fs::remove_all(options_.output);
  options_.jobs = 1;
  run_suite(plan_, options_);
  EXPECT_EQ(most_at_once(), 1);
}

TEST_F(SuiteRunnerTest, StoppingEndsTheChildrenAndRecordsNoFailure) {
  write("slow", "1\n2\n3\n");
  options_.stop = [&] { return fs::exists(folder_ / "slow_pid") && fs::file_size(folder_ / "slow_pid") > 1; };
  const auto start = std::chrono::steady_clock::now();
  const SuiteOutcome outcome = run_suite(plan_, options_);
  EXPECT_TRUE(outcome.stopped);
  // The child sleeps for a minute; the pool's patience is five seconds.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_THAT(read_failures(options_.output), IsEmpty());
  EXPECT_EQ(kill(std::stoi(read(folder_ / "slow_pid")), 0), -1) << "the child is still running";
  EXPECT_THAT(calls(), SizeIs(1));
}

TEST_F(SuiteRunnerTest, DiscoveryComesFirstAndOnce) {
  add_scenario("found", true);
  run_suite(plan_, options_);
  const std::string discovery = discovery_file(options_.output, "found").string();
  ASSERT_THAT(calls(), SizeIs(7));
  EXPECT_EQ(calls()[0], "discover found.toml --output " + discovery);
  EXPECT_THAT(calls()[4], HasSubstr("--cohorts " + discovery));
  EXPECT_THAT(calls()[1], Not(HasSubstr("--cohorts")));
  fs::remove(run_file(options_.output, "found", "plain", 1));
  run_suite(plan_, options_);
  ASSERT_THAT(calls(), SizeIs(8));
  EXPECT_THAT(calls()[7], HasSubstr("run found.toml"));
}

TEST_F(SuiteRunnerTest, FailedDiscoveryBlocksItsScenarioOnly) {
  add_scenario("found", true);
  write("fail_discovery", "");
  const SuiteOutcome outcome = run_suite(plan_, options_);
  EXPECT_EQ(outcome.failed, 4u);  // the discovery and its three work items
  EXPECT_TRUE(fs::exists(file("c2al", 3)));
  const std::vector<FailureRecord> failures = read_failures(options_.output);
  ASSERT_THAT(failures, SizeIs(1));
  EXPECT_EQ(failures[0].scenario, "found");
  EXPECT_FALSE(failures[0].seed.has_value());
  EXPECT_EQ(failures[0].message, "no pair");
}

TEST_F(SuiteRunnerTest, DirectoryOfAnotherSuiteIsRefused) {
  run_suite(plan_, options_);
  const auto refusal = [&](const SuitePlan& plan) -> std::string {
    try {
      run_suite(plan, options_);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "accepted";
  };
  SuitePlan changed = plan_;
  changed.suite.name = "other";
  EXPECT_THAT(refusal(changed), HasSubstr("name is 'toy' there and 'other' now"));
  changed = plan_;
  changed.suite.overrides = {"training.epochs=2"};
  EXPECT_THAT(refusal(changed), HasSubstr("training.epochs=2"));
  changed = plan_;
  changed.scenarios[0].training.epochs = 2;
  EXPECT_THAT(refusal(changed), HasSubstr("the settings of scenario 'preset' have changed"));
  changed = plan_;
  changed.suite.methods = {"plain"};
  EXPECT_THAT(refusal(changed), HasSubstr("methods c2al"));
  changed = plan_;
  changed.suite.seeds = {1, 2};
  EXPECT_THAT(refusal(changed), HasSubstr("seeds 3"));

  SuitePlan extended = plan_;
  extended.suite.seeds.push_back(4);
  extended.suite.methods.push_back("plain_replica");
  EXPECT_EQ(refusal(extended), "accepted");
  EXPECT_TRUE(fs::exists(file("plain_replica", 4)));
  EXPECT_THAT(read_manifest(options_.output)->seeds, ElementsAre(1, 2, 3, 4));
}

TEST_F(SuiteRunnerTest, MissingBinaryIsAnError) {
  options_.executable = folder_ / "absent";
  try {
    run_suite(plan_, options_);
    FAIL();
  } catch (const RunError& error) {
    EXPECT_THAT(error.what(), HasSubstr("absent: cannot be started: No such file or directory"));
  }
}

TEST_F(SuiteRunnerTest, DamagedManifestIsAnError) {
  fs::create_directories(options_.output);
  std::ofstream(options_.output / "suite.json") << "{\"name\": ";
  EXPECT_THROW(run_suite(plan_, options_), RunError);
}

TEST(Progress, LineTellsWhatIsDoneAndFailed) {
  std::FILE* file = std::tmpfile();
  {
    Progress progress(20, "work items", file);
    EXPECT_EQ(progress.line(), "0/20 work items");
    for (int i = 0; i < 20; ++i) progress.advance(i == 4);
    EXPECT_THAT(progress.line(), HasSubstr("20/20 work items"));
    EXPECT_THAT(progress.line(), HasSubstr("0:00 left, 1 failed"));
  }
  std::rewind(file);
  int lines = 0, c = 0;
  while ((c = std::fgetc(file)) != EOF) lines += c == '\n';
  EXPECT_EQ(lines, 10);  // not a terminal: a line a tenth
  std::fclose(file);
}

TEST(Progress, Durations) {
  EXPECT_EQ(format_duration(7.2), "0:07");
  EXPECT_EQ(format_duration(750), "12:30");
  EXPECT_EQ(format_duration(11100), "3:05:00");
}

}  // namespace
}  // namespace c2al

#include "app/suite.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/command.hpp"
#include "app/interrupt.hpp"
#include "app/progress.hpp"
#include "app/suite_runner.hpp"
#include "core/error.hpp"

namespace c2al {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// Every (scenario, method) with the seeds that are done and missing.
json list_cases(const SuitePlan& plan, const fs::path& directory) {
  json cases = json::array();
  for (const Scenario& scenario : plan.scenarios) {
    for (const std::string& method : plan.suite.methods) {
      json done = json::array(), missing = json::array();
      for (std::uint64_t seed : plan.suite.seeds)
        (fs::exists(run_file(directory, scenario.name, method, seed)) ? done : missing).push_back(seed);
      cases.push_back({{"scenario", scenario.name}, {"method", method}, {"done", done}, {"missing", missing}});
    }
  }
  return cases;
}

void print_cases(const json& cases) {
  for (const json& entry : cases) {
    const std::size_t done = entry["done"].size(), missing = entry["missing"].size();
    fmt::print("{:<20} {:<20} {:>4}/{:<4}", entry["scenario"].get<std::string>(), entry["method"].get<std::string>(),
               done, done + missing);
    if (missing == 0)
      fmt::print(" done\n");
    else
      fmt::print(" missing seeds {}\n", fmt::join(entry["missing"].get<std::vector<std::uint64_t>>(), " "));
  }
}

void print_outcome(const SuitePlan& plan, const SuiteOptions& options, const SuiteOutcome& outcome) {
  for (const FailureRecord& failure : read_failures(options.output)) {
    const std::string seed = failure.seed ? fmt::format("seed {}", *failure.seed) : "discovery";
    fmt::print(stderr, "failed: {} {} (exit code {}): {}\n", failure.scenario, seed, failure.exit_code,
               failure.message.substr(failure.message.find_last_of('\n') + 1));
  }
  if (outcome.items == 0)
    fmt::print("{}: nothing to do, every run is in {}\n", plan.suite.name, options.output.string());
  else
    fmt::print("{}: {} runs of {} work items, {} failed, {} wall, {} CPU, {:.3g} runs a minute, results in {}\n",
               plan.suite.name, outcome.runs, outcome.items, outcome.failed, format_duration(outcome.wall_seconds),
               format_duration(outcome.cpu_seconds), 60 * static_cast<double>(outcome.runs) / outcome.wall_seconds,
               options.output.string());
}

const CommandDescription description = {
    "c2al suite",
    "Runs every method on every seed of every scenario, one child process a (scenario, seed).\n"
    "A second call runs what is missing.",
    "SUITE.toml",
    {"suite"},
    {{"suite", "the suite file", OptionKind::text},
     {"j,jobs", "child processes at a time (default: the number of cores)", OptionKind::integer},
     {"output", "directory of the results (default: runs/<name of the suite>)", OptionKind::text},
     {"data", "directory of the data files, for scenarios of real data", OptionKind::text},
     {"list", "print the cases and which are done, run nothing"},
     {"json", "with --list: print JSON"}}};

}  // namespace

int suite_command(int argc, char** argv) {
  const Arguments arguments = parse_command_line(description, argc, argv);
  if (!arguments.given("suite")) throw UsageError("c2al suite: expected a suite file, as scenarios/suites/quick.toml");
  if (arguments.given("json") && !arguments.given("list"))
    throw UsageError("c2al suite: --json goes with --list; c2al report prints results");

  SuiteOptions suite_options;
  suite_options.jobs = std::max(1u, std::thread::hardware_concurrency());
  if (arguments.given("jobs")) {
    const std::int64_t jobs = arguments.integer("jobs");
    if (jobs < 1) throw UsageError(fmt::format("c2al suite: --jobs is {}: expected 1 or more", jobs));
    suite_options.jobs = static_cast<std::size_t>(jobs);
  }
  const SuitePlan plan = load_suite(arguments.text("suite"));
  suite_options.output =
      arguments.given("output") ? fs::path(arguments.text("output")) : fs::path("runs") / plan.suite.name;
  if (arguments.given("data")) suite_options.data = arguments.text("data");

  if (arguments.given("list")) {
    const json cases = list_cases(plan, suite_options.output);
    if (arguments.given("json"))
      fmt::print("{}\n", cases.dump(2));
    else
      print_cases(cases);
    return 0;
  }
  validate_suite(plan, suite_options.data);
  suite_options.executable = fs::read_symlink("/proc/self/exe");
  catch_interrupts();
  suite_options.stop = interrupted;
  const SuiteOutcome outcome = run_suite(plan, suite_options);
  if (outcome.stopped) {
    fmt::print(stderr, "stopped: call again to run what is missing\n");
    return exit_interrupted;
  }
  print_outcome(plan, suite_options, outcome);
  return outcome.failed > 0 ? 1 : 0;
}

}  // namespace c2al

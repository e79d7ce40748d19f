#include "app/suite.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/command.hpp"
#include "app/interrupt.hpp"
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
    fmt::print("{}: {} work items, {} failed, results in {}\n", plan.suite.name, outcome.items, outcome.failed,
               options.output.string());
}

}  // namespace

int suite_command(int argc, char** argv) {
  cxxopts::Options options("c2al suite",
                           "Runs every method on every seed of every scenario, one child process a (scenario, seed).\n"
                           "A second call runs what is missing.");
  options.positional_help("SUITE.toml");
  options.add_options()("suite", "the suite file", cxxopts::value<std::string>())(
      "j,jobs", "child processes at a time (default: the number of cores)", cxxopts::value<std::int64_t>())(
      "output", "directory of the results (default: runs/<name of the suite>)", cxxopts::value<std::string>())(
      "data", "directory of the data files, for scenarios of real data", cxxopts::value<std::string>())(
      "list", "print the cases and which are done, run nothing")("json", "with --list: print JSON");
  options.parse_positional({"suite"});
  const auto arguments = parse_command_line(options, argc, argv);
  if (arguments.count("suite") == 0)
    throw UsageError("c2al suite: expected a suite file, as scenarios/suites/quick.toml");
  if (arguments.count("json") > 0 && arguments.count("list") == 0)
    throw UsageError("c2al suite: --json goes with --list; c2al report prints results");

  SuiteOptions suite_options;
  suite_options.jobs = std::max(1u, std::thread::hardware_concurrency());
  if (arguments.count("jobs") > 0) {
    const std::int64_t jobs = arguments["jobs"].as<std::int64_t>();
    if (jobs < 1) throw UsageError(fmt::format("c2al suite: --jobs is {}: expected 1 or more", jobs));
    suite_options.jobs = static_cast<std::size_t>(jobs);
  }
  const SuitePlan plan = load_suite(arguments["suite"].as<std::string>());
  suite_options.output = arguments.count("output") > 0 ? fs::path(arguments["output"].as<std::string>())
                                                       : fs::path("runs") / plan.suite.name;
  if (arguments.count("data") > 0) suite_options.data = arguments["data"].as<std::string>();

  if (arguments.count("list") > 0) {
    const json cases = list_cases(plan, suite_options.output);
    if (arguments.count("json") > 0)
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

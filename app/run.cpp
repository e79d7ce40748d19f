#include "app/run.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/command.hpp"
#include "app/experiment.hpp"
#include "app/interrupt.hpp"
#include "app/output.hpp"
#include "app/progress.hpp"
#include "app/run_text.hpp"
#include "core/error.hpp"
#include "core/training/catalogue.hpp"
#include "results/store.hpp"
#include "results/suite_directory.hpp"

namespace c2al {

namespace {

using clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

double seconds_since(clock::time_point start) { return std::chrono::duration<double>(clock::now() - start).count(); }

/// The pair that a stored discovery chose, put into the scenario.
DiscoveryResult stored_discovery(const fs::path& file, const Scenario& scenario) {
  DiscoveryRecord record = read_discovery(file);
  if (record.scenario != scenario.name)
    throw UsageError(fmt::format("{}: this is the discovery of scenario '{}', not of '{}'", file.string(),
                                 record.scenario, scenario.name));
  if (record.resolved_configuration != resolved_configuration(scenario))
    throw UsageError(fmt::format(
        "{}: this discovery was made under another configuration of scenario '{}'; make it again with the same --set",
        file.string(), scenario.name));
  return {std::move(record.table), std::move(record.schema)};
}

/// Empty when a signal stopped the discovery.
std::optional<Experiment> prepare(Scenario scenario, std::uint64_t seed, const fs::path& data,
                                  const std::string& cohorts_file) {
  Experiment experiment;
  experiment.seed = seed;
  if (scenario.cohorts.discovered) {
    const auto start = clock::now();
    experiment.discovery =
        cohorts_file.empty() ? run_discovery(scenario, data) : stored_discovery(cohorts_file, scenario);
    if (!experiment.discovery) return std::nullopt;
    freeze_pair(scenario, *experiment.discovery);
    experiment.discovery_seconds = seconds_since(start);
  } else if (!cohorts_file.empty()) {
    throw UsageError(fmt::format("c2al run: --cohorts {}: {} declares its cohorts (cohorts.mode = \"declared\")",
                                 cohorts_file, scenario.file.string()));
  }
  const auto start = clock::now();
  experiment.data = load_data(scenario, seed, data);
  experiment.data_seconds = seconds_since(start);
  experiment.pair = cohort_pair(scenario, experiment.data.source->schema());
  experiment.scenario = std::move(scenario);
  return experiment;
}

/// Progress by the step; a terminal's line is renewed at most every 100 ms.
StepCallback step_progress(const std::string& label, bool quiet) {
  if (quiet) return {};
  auto start = clock::now();
  auto last = start;
  const bool terminal = is_terminal(stderr);
  return [=, tenths = std::uint64_t{0}](std::uint64_t done, std::uint64_t total, std::uint64_t samples) mutable {
    const double elapsed = seconds_since(start);
    const std::string line = fmt::format(
        "{}: step {}/{}, {:.0f} samples/s, {} left", label, done, total, static_cast<double>(samples) / elapsed,
        format_duration(elapsed * static_cast<double>(total - done) / static_cast<double>(done)));
    if (terminal) {
      if (done == total || seconds_since(last) > 0.1) {
        fmt::print(stderr, "\r\033[K{}{}", line, done == total ? "\n" : "");
        std::fflush(stderr);
        last = clock::now();
      }
    } else if (seconds_since(last) > 10 && done * 10 / total > tenths) {
      // Runs of a few seconds stay silent in a log; long ones report every tenth of the way.
      fmt::print(stderr, "{}\n", line);
      tenths = done * 10 / total;
      last = clock::now();
    }
    return true;
  };
}

}  // namespace

int run_command(int argc, char** argv) {
  cxxopts::Options options(
      "c2al run",
      "Trains methods on one seed of a scenario, evaluates and stores them. Preset A takes about a "
      "second a method and 64 MB of memory.");
  options.positional_help("SCENARIO.toml");
  auto add = options.add_options();
  add("scenario", "scenario file", cxxopts::value<std::string>());
  add("method", "method to train; may be repeated", cxxopts::value<std::vector<std::string>>()->default_value("c2al"));
  add("seed", "seed of the world, the initialisation and the order",
      cxxopts::value<std::uint64_t>()->default_value("1"));
  add("set", "override a key of the scenario: section.key=value; may be repeated",
      cxxopts::value<std::vector<std::string>>());
  add("data", "folder with the owner's files of a real data set", cxxopts::value<std::string>()->default_value(""));
  add("output", "result file (one method)", cxxopts::value<std::string>()->default_value(""));
  add("output-dir", "folder for METHOD/seed_NNNNNN.h5 (default runs/SCENARIO)",
      cxxopts::value<std::string>()->default_value(""));
  add("cohorts", "frozen pair: a file that c2al discover wrote", cxxopts::value<std::string>()->default_value(""));
  add("checkpoint", "continue from this file when it exists; written when a signal stops the run",
      cxxopts::value<std::string>()->default_value(""));
  add("checkpoint-every", "also write the checkpoint every N steps",
      cxxopts::value<std::uint64_t>()->default_value("0"));
  add("json", "print the result as JSON");
  add("quiet", "print no progress");
  options.parse_positional({"scenario"});
  const auto arguments = parse_command_line(options, argc, argv);

  if (arguments.count("scenario") == 0) throw UsageError("c2al run: name a scenario file; see c2al run --help");
  const auto methods = arguments["method"].as<std::vector<std::string>>();
  const auto seed = arguments["seed"].as<std::uint64_t>();
  const auto output = arguments["output"].as<std::string>();
  const auto output_dir = arguments["output-dir"].as<std::string>();
  const auto checkpoint = arguments["checkpoint"].as<std::string>();
  const auto checkpoint_every = arguments["checkpoint-every"].as<std::uint64_t>();
  if (!output.empty() && (methods.size() > 1 || !output_dir.empty()))
    throw UsageError("c2al run: --output names one file: give one --method and no --output-dir");
  if (!checkpoint.empty() && methods.size() > 1) throw UsageError("c2al run: --checkpoint serves one --method");
  if (checkpoint_every > 0 && checkpoint.empty()) throw UsageError("c2al run: --checkpoint-every needs --checkpoint");

  const auto overrides =
      arguments.count("set") > 0 ? arguments["set"].as<std::vector<std::string>>() : std::vector<std::string>{};
  Scenario scenario = parse_scenario(arguments["scenario"].as<std::string>(), overrides);
  check_method_names(scenario);
  for (const std::string& method : methods) find_method(method);

  catch_interrupts();
  const fs::path folder = output_dir.empty() ? fs::path("runs") / scenario.name : fs::path(output_dir);
  const auto file_of = [&](const std::string& method) {
    return output.empty() ? folder / method / fmt::format("seed_{:06}.h5", seed) : fs::path(output);
  };
  for (const std::string& method : methods) require_writable(file_of(method));
  if (!checkpoint.empty()) {
    require_writable(checkpoint);
    if (fs::absolute(checkpoint).lexically_normal() == fs::absolute(file_of(methods.front())).lexically_normal())
      throw UsageError(fmt::format("c2al run: --checkpoint {} is the result file itself", checkpoint));
  }

  const std::optional<Experiment> prepared =
      prepare(std::move(scenario), seed, arguments["data"].as<std::string>(), arguments["cohorts"].as<std::string>());
  if (!prepared || interrupted()) return exit_interrupted;
  const Experiment& experiment = *prepared;
  const bool json = arguments.count("json") > 0;
  nlohmann::json all = nlohmann::json::array();
  int code = 0;
  for (const std::string& method : methods) {
    TrainingControl control;
    control.checkpoint = checkpoint;
    control.checkpoint_every = checkpoint_every;
    control.progress = step_progress(fmt::format("{} seed {} {}", experiment.scenario.name, seed, method),
                                     arguments.count("quiet") > 0);
    const fs::path file = file_of(method);
    try {
      const std::optional<RunRecord> record = run_method(experiment, method, control);
      if (!record) {
        fmt::print(stderr, "stopped by a signal{}\n",
                   checkpoint.empty() ? std::string() : "; the same command continues from " + checkpoint);
        return exit_interrupted;
      }
      write_run(file, *record);
      if (!checkpoint.empty()) fs::remove(checkpoint);
      if (json)
        all.push_back(run_json(*record, file));
      else
        fmt::print("{}", run_text(*record, file));
    } catch (const Error& error) {
      // One method's failure is reported and the others still run; a single method's is the command's.
      if (methods.size() == 1) throw;
      fmt::print(stderr, "error: {}: {}\n", method, error.what());
      code = 1;
    }
  }
  if (json) fmt::print("{}\n", methods.size() == 1 ? all[0].dump(2) : all.dump(2));
  return code;
}

}  // namespace c2al

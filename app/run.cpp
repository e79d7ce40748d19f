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
#include "app/method_choice.hpp"
#include "app/output.hpp"
#include "app/progress.hpp"
#include "app/run_text.hpp"
#include "core/error.hpp"
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

/// Of the methods that need a discovery even where the cohorts are declared, the first; empty when there is none.
std::string discovering_method(const Scenario& scenario, const std::vector<std::string>& methods) {
  for (const std::string& method : methods)
    if (method_named(scenario, method).describe().needs_discovery) return method;
  return {};
}

/// Empty when a signal stopped the discovery.
/// @param discovering  method that needs a discovery, or empty
std::optional<Experiment> prepare(Scenario scenario, std::uint64_t seed, const fs::path& data,
                                  const std::string& cohorts_file, const std::string& discovering, bool quiet) {
  Experiment experiment;
  experiment.seed = seed;
  if (scenario.cohorts.discovered || !discovering.empty()) {
    const auto start = clock::now();
    if (cohorts_file.empty() && !quiet)
      fmt::print(stderr, "{}: discovery: training its baseline, for {}\n", scenario.name,
                 scenario.cohorts.discovered ? "the pair of cohorts" : discovering);
    experiment.discovery =
        cohorts_file.empty() ? run_discovery(scenario, data) : stored_discovery(cohorts_file, scenario);
    if (!experiment.discovery) return std::nullopt;
    if (scenario.cohorts.discovered) freeze_pair(scenario, *experiment.discovery);
    experiment.discovery_seconds = seconds_since(start);
  } else if (!cohorts_file.empty()) {
    throw UsageError(
        fmt::format("c2al run: --cohorts {}: {} declares its cohorts (cohorts.mode = \"declared\") and "
                    "none of the methods needs a discovery",
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

const CommandDescription description = {
    "c2al run",
    "Trains methods on one seed of a scenario, evaluates and stores them. Preset A takes about a "
    "second a method and 64 MB of memory.",
    "SCENARIO.toml",
    {"scenario"},
    {{"scenario", "scenario file", OptionKind::text},
     {"method", "method or variant to train; may be repeated", OptionKind::list, "c2al"},
     {"seed", "seed of the world, the initialisation and the order", OptionKind::count, "1"},
     {"set", "override a key of the scenario: section.key=value; may be repeated", OptionKind::list},
     {"data", "folder with the owner's files of a real data set, or a file of c2al prepare", OptionKind::text, ""},
     {"output", "result file (one method)", OptionKind::text, ""},
     {"output-dir", "folder for METHOD/seed_NNNNNN.h5 (default runs/SCENARIO)", OptionKind::text, ""},
     {"cohorts", "discovery (and its frozen pair): a file that c2al discover wrote", OptionKind::text, ""},
     {"checkpoint", "continue from this file when it exists; written when a signal stops the run", OptionKind::text,
      ""},
     {"checkpoint-every", "also write the checkpoint every N steps", OptionKind::count, "0"},
     {"json", "print the result as JSON"},
     {"quiet", "print no progress"}}};

}  // namespace

int run_command(int argc, char** argv) {
  const Arguments arguments = parse_command_line(description, argc, argv);

  if (!arguments.given("scenario")) throw UsageError("c2al run: name a scenario file; see c2al run --help");
  const auto methods = arguments.list("method");
  const auto seed = arguments.count("seed");
  const auto output = arguments.text("output");
  const auto output_dir = arguments.text("output-dir");
  const auto checkpoint = arguments.text("checkpoint");
  const auto checkpoint_every = arguments.count("checkpoint-every");
  if (!output.empty() && (methods.size() > 1 || !output_dir.empty()))
    throw UsageError("c2al run: --output names one file: give one --method and no --output-dir");
  if (!checkpoint.empty() && methods.size() > 1) throw UsageError("c2al run: --checkpoint serves one --method");
  if (checkpoint_every > 0 && checkpoint.empty()) throw UsageError("c2al run: --checkpoint-every needs --checkpoint");

  Scenario scenario = parse_scenario(arguments.text("scenario"), arguments.list("set"));
  check_method_tables(scenario.methods);
  for (const std::string& method : methods) method_named(scenario, method);

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

  const bool quiet = arguments.given("quiet");
  const std::string discovering = discovering_method(scenario, methods);
  const std::optional<Experiment> prepared =
      prepare(std::move(scenario), seed, arguments.text("data"), arguments.text("cohorts"), discovering, quiet);
  if (!prepared || interrupted()) return exit_interrupted;
  const Experiment& experiment = *prepared;
  const bool json = arguments.given("json");
  nlohmann::json all = nlohmann::json::array();
  int code = 0;
  for (const std::string& method : methods) {
    TrainingControl control;
    control.checkpoint = checkpoint;
    control.checkpoint_every = checkpoint_every;
    control.progress = step_progress(fmt::format("{} seed {} {}", experiment.scenario.name, seed, method), quiet);
    const fs::path file = file_of(method);
    try {
      std::optional<RunRecord> record = run_method(experiment, method, control);
      if (!record) {
        fmt::print(stderr, "stopped by a signal{}\n",
                   checkpoint.empty() ? std::string() : "; the same command continues from " + checkpoint);
        return exit_interrupted;
      }
      record->timing.emplace_back("writing", write_run(file, *record));
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

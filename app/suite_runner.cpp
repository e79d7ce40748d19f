#include "app/suite_runner.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <set>
#include <thread>

#include "app/process_pool.hpp"
#include "app/progress.hpp"
#include "core/error.hpp"

namespace c2al {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t message_characters = 2000;
constexpr const char* allocator_variable = "GLIBC_TUNABLES";

/// User and system time of the children that have ended, seconds.
double children_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// The last lines of a child's standard error, without blank space around them.
std::string last_lines(const std::string& text) {
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  if (end == std::string::npos) return "";
  std::size_t begin = end + 1 > message_characters ? end + 1 - message_characters : 0;
  begin = text.find_first_not_of(" \t\r\n", begin);
  return text.substr(begin, end + 1 - begin);
}

/// failures.jsonl of one directory, kept in step with what happens.
class FailureLog {
 public:
  explicit FailureLog(std::filesystem::path directory)
      : directory_(std::move(directory)), failures_(read_failures(directory_)) {}

  void clear(const std::string& scenario, std::optional<std::uint64_t> seed) {
    const auto old = failures_.size();
    std::erase_if(failures_, [&](const auto& f) { return f.scenario == scenario && f.seed == seed; });
    if (failures_.size() != old) write_failures(directory_, failures_);
  }
  void replace(FailureRecord failure) {
    std::erase_if(failures_, [&](const auto& f) { return f.scenario == failure.scenario && f.seed == failure.seed; });
    failures_.push_back(std::move(failure));
    write_failures(directory_, failures_);
  }
  const std::vector<FailureRecord>& all() const { return failures_; }

 private:
  std::filesystem::path directory_;
  std::vector<FailureRecord> failures_;
};

class SuiteRunner {
 public:
  SuiteRunner(const SuitePlan& plan, const SuiteOptions& options)
      : plan_(plan), options_(options), failures_(options.output) {
    // A child makes and frees the buffers of one method after another: memory given back between them, in small pages,
    // costs some 20,000 page faults.
    if (std::getenv(allocator_variable) == nullptr)
      environment_[allocator_variable] =
          "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=67108864:glibc.malloc.trim_threshold=268435456";
    // Children side by side share the cores; one that runs alone keeps what its libraries choose.
    if (options.jobs > 1 && std::getenv("OMP_NUM_THREADS") == nullptr) {
      const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
      environment_["OMP_NUM_THREADS"] = std::to_string(std::max<std::size_t>(1, cores / options.jobs));
    }
  }

  SuiteOutcome run() {
    const auto start = Clock::now();
    const double cpu_before = children_cpu_seconds();
    SuiteOutcome outcome;
    run_missing(outcome);
    outcome.wall_seconds = std::chrono::duration<double>(Clock::now() - start).count();
    outcome.cpu_seconds = children_cpu_seconds() - cpu_before;
    return outcome;
  }

 private:
  void run_missing(SuiteOutcome& outcome) {
    std::vector<WorkItem> items = missing_work(plan_, options_.output);
    outcome.items = items.size();
    forget_repaired(items);
    if (!discover(items, outcome)) return;
    std::erase_if(items, [&](const WorkItem& item) {
      const bool blocked = undiscovered_.count(item.scenario) > 0;
      outcome.failed += blocked;
      return blocked;
    });
    std::stable_sort(items.begin(), items.end(),
                     [this](const WorkItem& a, const WorkItem& b) { return samples(a) > samples(b); });
    train(items, outcome);
  }

  /// Samples that a work item trains on. Those of a data set are not known before it is read; it may be large.
  std::size_t samples(const WorkItem& item) const {
    const Scenario& scenario = plan_.scenarios[item.scenario];
    constexpr std::size_t of_a_data_set = std::size_t{1} << 32;
    const std::size_t one_epoch = scenario.world ? scenario.splits.train : of_a_data_set;
    return one_epoch * scenario.training.epochs * item.methods.size();
  }

  std::string name(std::size_t scenario) const { return plan_.scenarios[scenario].name; }

  /// Entries of earlier calls whose files have come from elsewhere since.
  void forget_repaired(const std::vector<WorkItem>& items) {
    for (const FailureRecord& failure : std::vector<FailureRecord>(failures_.all())) {
      if (!failure.seed) continue;
      const bool missing = std::any_of(items.begin(), items.end(), [&](const WorkItem& item) {
        return item.seed == *failure.seed && name(item.scenario) == failure.scenario;
      });
      if (!missing) failures_.clear(failure.scenario, failure.seed);
    }
  }

  ChildCommand command(const std::string& verb, std::size_t scenario) const {
    ChildCommand child;
    child.environment = environment_;
    child.arguments = {options_.executable.string(), verb, plan_.suite.scenarios[scenario].string()};
    const auto add = [&](const std::string& option, const std::string& value) {
      child.arguments.push_back(option);
      child.arguments.push_back(value);
    };
    for (const std::string& assignment : plan_.suite.overrides) add("--set", assignment);
    for (const auto& [name, table] : plan_.suite.method_tables) {
      if (!table.variant_of.empty()) add("--set", fmt::format("method.{}.method=\"{}\"", name, table.variant_of));
      for (const auto& [key, value] : table.settings.values())
        add("--set", fmt::format("method.{}.{}={}", name, key, to_string(value)));
    }
    if (!options_.data.empty()) add("--data", options_.data.string());
    return child;
  }

  /// Stage 1 of every scenario that discovers its pair and has work to do; false when stopped.
  bool discover(const std::vector<WorkItem>& items, SuiteOutcome& outcome) {
    std::set<std::size_t> wanted;
    for (const WorkItem& item : items) {
      if (!plan_.scenarios[item.scenario].cohorts.discovered) continue;
      if (std::filesystem::exists(discovery_file(options_.output, name(item.scenario))))
        failures_.clear(name(item.scenario), std::nullopt);
      else
        wanted.insert(item.scenario);
    }
    if (wanted.empty()) return true;
    const std::vector<std::size_t> scenarios(wanted.begin(), wanted.end());
    std::vector<ChildCommand> commands;
    for (std::size_t scenario : scenarios) {
      std::filesystem::create_directories(options_.output / name(scenario));
      commands.push_back(command("discover", scenario));
      commands.back().arguments.push_back("--output");
      commands.back().arguments.push_back(discovery_file(options_.output, name(scenario)).string());
    }
    return run_children(commands, "discoveries", outcome, [&](std::size_t index, const ChildResult& result) {
      const std::size_t scenario = scenarios[index];
      const std::filesystem::path file = discovery_file(options_.output, name(scenario));
      if (result.exit_code == 0 && std::filesystem::exists(file)) {
        failures_.clear(name(scenario), std::nullopt);
        return true;
      }
      undiscovered_.insert(scenario);
      failures_.replace({name(scenario), std::nullopt, {}, result.exit_code, message(result, {file})});
      return false;
    });
  }

  void train(const std::vector<WorkItem>& items, SuiteOutcome& outcome) {
    std::vector<ChildCommand> commands;
    for (const WorkItem& item : items) {
      ChildCommand child = command("run", item.scenario);
      auto& arguments = child.arguments;
      arguments.insert(arguments.end(), {"--quiet", "--seed", std::to_string(item.seed)});
      for (const std::string& method : item.methods) arguments.insert(arguments.end(), {"--method", method});
      arguments.insert(arguments.end(), {"--output-dir", (options_.output / name(item.scenario)).string()});
      if (plan_.scenarios[item.scenario].cohorts.discovered)
        arguments.insert(arguments.end(), {"--cohorts", discovery_file(options_.output, name(item.scenario)).string()});
      commands.push_back(std::move(child));
    }
    run_children(commands, "work items", outcome, [&](std::size_t index, const ChildResult& result) {
      const WorkItem& item = items[index];
      FailureRecord failure{name(item.scenario), item.seed, {}, result.exit_code, ""};
      std::vector<std::filesystem::path> files;
      for (const std::string& method : item.methods) {
        const std::filesystem::path file = run_file(options_.output, name(item.scenario), method, item.seed);
        if (std::filesystem::exists(file)) {
          ++outcome.runs;
          continue;
        }
        failure.methods.push_back(method);
        files.push_back(file);
      }
      if (result.exit_code == 0 && files.empty()) {
        failures_.clear(failure.scenario, failure.seed);
        return true;
      }
      failure.message = message(result, files);
      failures_.replace(std::move(failure));
      return false;
    });
  }

  static std::string message(const ChildResult& result, const std::vector<std::filesystem::path>& missing) {
    if (result.exit_code != 0) return last_lines(result.error_output);
    std::vector<std::string> names;
    for (const auto& file : missing) names.push_back(file.filename().string());
    return fmt::format("ended with exit code 0 without writing {}", fmt::join(names, ", "));
  }

  /// @param finished  records the result of a child; true when it succeeded
  bool run_children(const std::vector<ChildCommand>& commands, const std::string& unit, SuiteOutcome& outcome,
                    const std::function<bool(std::size_t, const ChildResult&)>& finished) {
    if (commands.empty()) return true;
    Progress progress(commands.size(), unit, options_.progress);
    PoolCallbacks callbacks;
    callbacks.stop = options_.stop;
    callbacks.tick = [&] { progress.refresh(); };
    callbacks.finished = [&](std::size_t index, const ChildResult& result) {
      const bool succeeded = finished(index, result);
      outcome.failed += !succeeded;
      progress.advance(!succeeded);
    };
    outcome.stopped = !run_processes(commands, options_.jobs, callbacks);
    return !outcome.stopped;
  }

  const SuitePlan& plan_;
  const SuiteOptions& options_;
  FailureLog failures_;
  std::map<std::string, std::string> environment_;
  std::set<std::size_t> undiscovered_;
};

}  // namespace

SuiteOutcome run_suite(const SuitePlan& plan, const SuiteOptions& options) {
  const SuiteManifest manifest = manifest_of(plan);
  if (const auto stored = read_manifest(options.output)) require_extension(options.output, *stored, manifest);
  write_manifest(options.output, manifest);
  return SuiteRunner(plan, options).run();
}

}  // namespace c2al

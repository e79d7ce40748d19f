#include "app/suite_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "app/discovery_stage.hpp"
#include "app/method_choice.hpp"
#include "core/error.hpp"
#include "core/training/trainer.hpp"

namespace c2al {

namespace {

/// Enough samples for every cohort of a synthetic world to appear; data sets are read whole.
constexpr synthetic::SplitSizes validation_splits{2000, 200, 200, 200, true};

/// A pair in place of the least divergent one, which only a discovery finds: the first that is not the scenario's.
std::optional<CohortPair> any_other_pair(const Schema& schema, const CohortPair& pair) {
  for (std::size_t axis = 0; axis < schema.axes.size(); ++axis)
    for (std::size_t tail = 1; !schema.axes[axis].is_control && tail < schema.axes[axis].cohorts.size(); ++tail)
      for (std::size_t head = 0; head < tail; ++head)
        if (axis != pair.axis || std::minmax(head, tail) != std::minmax(pair.head_cohort, pair.tail_cohort))
          return CohortPair{axis, head, tail};
  return std::nullopt;
}

void validate_scenario(const Scenario& scenario, const Suite& suite, const std::filesystem::path& data_directory) {
  Scenario small = scenario;
  small.splits = validation_splits;
  const ScenarioData data = load_data(small, suite.seeds.front(), data_directory);
  if (scenario.cohorts.discovered) return;
  const CohortPair pair = cohort_pair(scenario, data.source->schema());
  MethodContext context =
      method_context(*data.source, pair, suite.seeds.front(), total_steps(*data.source, scenario.training),
                     scenario.lambda_head, scenario.lambda_tail);
  context.least_divergent = any_other_pair(data.source->schema(), pair);
  for (const std::string& method : suite.methods) make_method_named(scenario, method, context);
}

void check_method(const Suite& suite, const Scenario& scenario, const std::string& method) {
  try {
    method_named(scenario, method);
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("{}: methods, for {}: {}", suite.file.string(), scenario.file.string(), error.what()));
  }
}

}  // namespace

SuitePlan load_suite(const std::filesystem::path& file) {
  SuitePlan plan;
  plan.suite = parse_suite(file);
  check_method_tables(plan.suite.method_tables);
  std::set<std::string> names;
  for (const std::filesystem::path& scenario : plan.suite.scenarios) {
    plan.scenarios.push_back(parse_scenario(scenario, plan.suite.overrides));
    Scenario& parsed = plan.scenarios.back();
    add_method_tables(parsed, plan.suite.method_tables);
    check_method_tables(parsed.methods);
    for (const std::string& method : plan.suite.methods) check_method(plan.suite, parsed, method);
    const std::string& name = parsed.name;
    if (!names.insert(name).second)
      throw UsageError(
          fmt::format("{}: two scenarios are named '{}': expected a name of its own for each", file.string(), name));
  }
  return plan;
}

void validate_suite(const SuitePlan& plan, const std::filesystem::path& data_directory) {
  for (const Scenario& scenario : plan.scenarios) {
    try {
      validate_scenario(scenario, plan.suite, data_directory);
    } catch (const UsageError& error) {
      throw UsageError(fmt::format("{}: {}", scenario.file.string(), error.what()));
    } catch (const RunError& error) {
      throw RunError(fmt::format("{}: {}", scenario.file.string(), error.what()));
    }
  }
}

SuiteManifest manifest_of(const SuitePlan& plan) {
  SuiteManifest manifest;
  manifest.name = plan.suite.name;
  manifest.title = plan.suite.title;
  manifest.text = plan.suite.text;
  manifest.overrides = plan.suite.overrides;
  manifest.methods = plan.suite.methods;
  manifest.seeds = plan.suite.seeds;
  for (const Scenario& scenario : plan.scenarios)
    manifest.scenarios.push_back(
        {scenario.name, scenario.title, scenario.file.filename().string(), resolved_configuration(scenario)});
  return manifest;
}

std::vector<WorkItem> missing_work(const SuitePlan& plan, const std::filesystem::path& directory) {
  std::vector<WorkItem> items;
  for (std::size_t s = 0; s < plan.scenarios.size(); ++s) {
    for (std::uint64_t seed : plan.suite.seeds) {
      WorkItem item{s, seed, {}};
      for (const std::string& method : plan.suite.methods)
        if (!std::filesystem::exists(run_file(directory, plan.scenarios[s].name, method, seed)))
          item.methods.push_back(method);
      if (!item.methods.empty()) items.push_back(std::move(item));
    }
  }
  return items;
}

}  // namespace c2al

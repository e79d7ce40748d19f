#include "app/discover.hpp"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/command.hpp"
#include "app/discovery_stage.hpp"
#include "app/interrupt.hpp"
#include "app/output.hpp"
#include "core/cohorts/discovery_text.hpp"
#include "core/error.hpp"
#include "results/discovery_json.hpp"
#include "results/store.hpp"
#include "results/suite_directory.hpp"

namespace c2al {

namespace {

const CommandDescription description = {
    "c2al discover",
    "Stage 1 of C2AL: trains a baseline that no reported arm shares and compares every pair of "
    "cohorts on rows it was not trained on. Takes a few seconds for preset A.",
    "SCENARIO.toml",
    {"scenario"},
    {{"scenario", "scenario file", OptionKind::text},
     {"set", "override a key of the scenario: section.key=value; may be repeated", OptionKind::list},
     {"data", "folder with the owner's files of a real data set, or a file of c2al prepare", OptionKind::text, ""},
     {"output", "result file (default runs/SCENARIO/discovery.h5)", OptionKind::text, ""},
     {"json", "print the table as JSON"}}};

}  // namespace

int discover_command(int argc, char** argv) {
  const Arguments arguments = parse_command_line(description, argc, argv);
  if (!arguments.given("scenario")) throw UsageError("c2al discover: name a scenario file");

  const Scenario scenario = parse_scenario(arguments.text("scenario"), arguments.list("set"));
  const auto output = arguments.text("output");
  const std::filesystem::path file =
      output.empty() ? discovery_file("runs", scenario.name) : std::filesystem::path(output);
  require_writable(file);

  catch_interrupts();
  const auto start = std::chrono::steady_clock::now();
  const std::optional<DiscoveryResult> discovery = run_discovery(scenario, arguments.text("data"));
  if (!discovery) return exit_interrupted;
  const DiscoveryResult& result = *discovery;
  DiscoveryRecord record;
  record.scenario = scenario.name;
  record.scenario_text = scenario.text;
  record.resolved_configuration = resolved_configuration(scenario);
  record.schema = result.schema;
  record.table = result.table;
  record.timing = {{"discovery", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()}};
  write_discovery(file, record);

  if (arguments.given("json")) {
    fmt::print("{}\n", discovery_json(result.table, result.schema).dump(2));
  } else {
    fmt::print("{}", discovery_text(result.table, result.schema));
    fmt::print("stored in {}\n", file.string());
  }
  return 0;
}

}  // namespace c2al

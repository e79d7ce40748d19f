#include "app/generate.hpp"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "app/command.hpp"
#include "app/output.hpp"
#include "core/error.hpp"
#include "results/data_file.hpp"
#include "scenarios/scenario.hpp"

namespace c2al {

namespace {

const CommandDescription description = {
    "c2al generate",
    "Writes the four splits of a scenario with their true probabilities into an HDF5 file\n"
    "(about 20 bytes a sample and field; the time of drawing them, and of compression).\n",
    "SCENARIO.toml",
    {"scenario"},
    {{"scenario", "scenario file", OptionKind::text},
     {"output", "HDF5 file to write", OptionKind::text},
     {"seed", "seed of the world and its samples", OptionKind::count, "1"},
     {"set", "override a setting of the scenario, KEY=VALUE; may be repeated", OptionKind::list},
     {"data", "directory of the data set, for scenarios on real data", OptionKind::text, ""},
     {"json", "print what was written as JSON"}}};

}  // namespace

int generate_command(int argc, char** argv) {
  const Arguments arguments = parse_command_line(description, argc, argv);
  if (!arguments.given("scenario")) throw UsageError("c2al generate: expected the name of a scenario file");
  if (!arguments.given("output")) throw UsageError("c2al generate: expected --output FILE.h5");
  const Scenario scenario = parse_scenario(arguments.text("scenario"), arguments.list("set"));
  const std::filesystem::path output = arguments.text("output");
  require_writable(output);

  DataRecord record;
  record.scenario = scenario.name;
  record.seed = arguments.count("seed");
  record.scenario_text = scenario.text;
  record.resolved_configuration = resolved_configuration(scenario);
  const auto begin = std::chrono::steady_clock::now();
  const ScenarioData data = load_data(scenario, record.seed, arguments.text("data"));
  record.timing = {{"data", std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()}};
  record.facts = data.facts;
  WorldFacts world;
  if (data.world) {
    world = {data.world->intercept, data.world->linear_variance, data.world->global_variance,
             data.world->specific_variance};
    record.world = &world;
  }
  write_data(output, record, *data.source);

  nlohmann::ordered_json written = {{"file", output.string()}, {"scenario", scenario.name}, {"seed", record.seed}};
  for (const Split split : {Split::train, Split::discovery, Split::validation, Split::test})
    written["samples"][split_name(split)] = data.source->size(split);
  if (arguments.given("json")) {
    fmt::print("{}\n", written.dump(2));
    return 0;
  }
  fmt::print("{}: seed {} of {}\n", output.string(), record.seed, scenario.name);
  for (const auto& [split, samples] : written["samples"].items())
    fmt::print("  {:<11} {:>9} samples\n", split, samples.get<std::uint64_t>());
  return 0;
}

}  // namespace c2al

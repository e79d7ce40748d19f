#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.hpp"
#include "scenarios/config_overrides.hpp"
#include "scenarios/datasets/description.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/sections.hpp"

namespace c2al {

namespace {

/// The axes a data set offers, with their cohorts.
std::vector<DatasetAxis> offered_axes(const DatasetConfig& dataset) {
  std::vector<DatasetAxis> axes;
  for (const DatasetAxisRule& rule : dataset.description->axes) axes.push_back({rule.name, rule.cohorts});
  return axes;
}

/// The axes a pair may be declared on, with their cohorts.
std::vector<DatasetAxis> axes_of(const Scenario& scenario) {
  std::vector<DatasetAxis> axes;
  if (scenario.world) {
    for (const synthetic::AxisConfig& axis : scenario.world->axes) {
      axes.push_back({axis.name, {}});
      for (const synthetic::CohortConfig& cohort : axis.cohorts) axes.back().cohorts.push_back(cohort.name);
    }
    return axes;
  }
  for (const DatasetAxis& axis : offered_axes(*scenario.dataset))
    if (std::count(scenario.dataset->axes.begin(), scenario.dataset->axes.end(), axis.name) > 0) axes.push_back(axis);
  return axes;
}

void check_declared_pair(const TableReader& reader, const Scenario& scenario) {
  const CohortConfig& pair = scenario.cohorts;
  const std::vector<DatasetAxis> axes = axes_of(scenario);
  std::vector<std::string> names;
  for (const DatasetAxis& axis : axes) names.push_back(axis.name);
  const auto axis = std::find(names.begin(), names.end(), pair.axis);
  if (axis == names.end()) reader.fail("axis", fmt::format("an axis of the data: one of {}", fmt::join(names, ", ")));
  const std::vector<std::string>& cohorts = axes[static_cast<std::size_t>(axis - names.begin())].cohorts;
  const auto check = [&](const std::string& key, const std::string& cohort) {
    if (std::find(cohorts.begin(), cohorts.end(), cohort) == cohorts.end())
      reader.fail(key, fmt::format("a cohort of axis '{}': one of {}", pair.axis, fmt::join(cohorts, ", ")));
  };
  check("head_cohort", pair.head_cohort);
  check("tail_cohort", pair.tail_cohort);
  if (pair.head_cohort == pair.tail_cohort) reader.fail("tail_cohort", "another cohort than head_cohort");
}

void parse_method(TableReader reader, Scenario& scenario) {
  reader.read("lambda_head", scenario.lambda_head, Range{0, 1e6});
  reader.read("lambda_tail", scenario.lambda_tail, Range{0, 1e6});
  scenario.methods = parse_method_tables(reader);
  reader.finish();
}

RecordConfig parse_record(TableReader reader) {
  RecordConfig record;
  reader.read("probe_samples", record.probe_samples, 1, 1'000'000);
  reader.read("tensor_seeds", record.tensor_seeds, 0, INT64_MAX);
  reader.finish();
  return record;
}

void parse_data(TableReader& reader, Scenario& scenario) {
  const bool world = reader.has("world");
  const bool dataset = reader.has("dataset");
  if (world == dataset)
    throw UsageError(fmt::format("{}: expected exactly one of [world] and [dataset], found {}", scenario.file.string(),
                                 world ? "both" : "neither"));
  if (world) {
    scenario.world = parse_world(reader.table("world"));
    if (reader.has("splits")) scenario.splits = parse_splits(reader.table("splits"));
  } else {
    scenario.dataset = parse_dataset(reader.table("dataset"), scenario.file);
    if (reader.has("splits"))
      throw UsageError(fmt::format("{}: [splits] belongs to [world]; a data set has *_share keys in [dataset]",
                                   reader.table("splits").where()));
  }
}

/// Name and description of [dataset], and the splits that hold unless it says others.
void describe_dataset(TableReader& reader, const std::filesystem::path& file, DatasetConfig& dataset) {
  std::shared_ptr<DatasetDescription> description;
  if (reader.has("table")) {
    if (reader.has("name")) reader.fail("name", "nothing: [dataset.table] has a name of its own");
    TableReader table = reader.table("table");
    description = std::make_shared<DatasetDescription>(parse_description(table));
    description->source = file;
    dataset.name = description->name;
    const std::vector<std::string> names = described_datasets();
    if (std::find(names.begin(), names.end(), dataset.name) != names.end())
      table.fail("name", "a name that no data set of the suite has");
  } else {
    reader.require("name");
    reader.read("name", dataset.name);
    const std::vector<std::string> names = described_datasets();
    if (std::find(names.begin(), names.end(), dataset.name) == names.end())
      reader.fail("name", fmt::format("one of {}", fmt::join(names, ", ")));
    description = std::make_shared<DatasetDescription>(parse_description(description_file(dataset.name)));
  }
  const SplitRule& split = description->split;
  dataset.train_share = split.train;
  dataset.discovery_share = split.discovery;
  dataset.validation_share = split.validation;
  dataset.test_share = split.test;
  dataset.split_seed = split.seed;
  dataset.description = std::move(description);
}

}  // namespace

DatasetConfig parse_dataset(TableReader reader, const std::filesystem::path& file) {
  DatasetConfig dataset;
  describe_dataset(reader, file, dataset);
  std::vector<std::string> offered;
  for (const DatasetAxis& axis : offered_axes(dataset)) offered.push_back(axis.name);
  const auto check = [&](const std::string& key, const std::vector<std::string>& chosen,
                         const std::vector<std::string>& known) {
    for (const std::string& name : chosen)
      if (std::count(known.begin(), known.end(), name) == 0 || std::count(chosen.begin(), chosen.end(), name) > 1)
        reader.fail(key, fmt::format("different axes of {}", fmt::join(known, ", ")));
  };
  reader.require("axes");
  reader.read("axes", dataset.axes);
  if (dataset.axes.empty()) reader.fail("axes", fmt::format("at least one of {}", fmt::join(offered, ", ")));
  check("axes", dataset.axes, offered);
  // Whether the axis is an input changes what a result means, so every scenario says it.
  reader.require("axis_inputs");
  reader.read("axis_inputs", dataset.axis_inputs);
  check("axis_inputs", dataset.axis_inputs, dataset.axes);

  reader.read("inert_field", dataset.inert_field);
  const Range share{0, 1, true, true};
  reader.read("train_share", dataset.train_share, share);
  reader.read("discovery_share", dataset.discovery_share, share);
  reader.read("validation_share", dataset.validation_share, share);
  reader.read("test_share", dataset.test_share, share);
  check_shares(reader, "train_share, discovery_share, validation_share, test_share",
               {dataset.train_share, dataset.discovery_share, dataset.validation_share, dataset.test_share});
  reader.read("split_seed", dataset.split_seed, 0, INT64_MAX);
  reader.finish();
  return dataset;
}

CohortConfig parse_cohorts(TableReader reader) {
  CohortConfig cohorts;
  reader.read("mode", cohorts.discovered, mode_words);
  for (const char* key : {"axis", "head_cohort", "tail_cohort"})
    if (!cohorts.discovered) reader.require(key);
  reader.read("axis", cohorts.axis);
  reader.read("head_cohort", cohorts.head_cohort);
  reader.read("tail_cohort", cohorts.tail_cohort);
  if (cohorts.discovered) cohorts.axis = cohorts.head_cohort = cohorts.tail_cohort = "";

  DiscoverySettings& discovery = cohorts.discovery;
  reader.read("criterion", discovery.criterion, criterion_words);
  reader.read("choose_by", discovery.choose_by_z, choose_by_words);
  reader.read("bins", discovery.bins, 2, 65535);
  reader.read("permutations", discovery.permutations, 2, 1'000'000);
  reader.read("minimum_cohort", discovery.minimum_cohort, 1, 1'000'000'000);
  reader.read("folds", discovery.folds, 2, 1000);
  reader.read("ridge", discovery.ridge, Range{1e-9, 1e9});
  reader.read("discovery_seed", cohorts.discovery_seed, 0, INT64_MAX);
  reader.finish();
  return cohorts;
}

Scenario parse_scenario(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  Scenario scenario;
  scenario.file = file;
  scenario.text = read_config_text(file.string(), "scenario");
  ConfigValue root = parse_toml(scenario.text, file.string());
  apply_overrides(root, overrides);

  TableReader reader(root, "");
  reader.require("name");
  reader.read_name("name", scenario.name);
  reader.require("title");
  reader.read("title", scenario.title);
  parse_data(reader, scenario);
  scenario.model = parse_model(reader.table("model"));
  if (reader.has("training")) scenario.training = parse_training(reader.table("training"));
  const TableReader cohorts = reader.table("cohorts");
  scenario.cohorts = parse_cohorts(cohorts);
  if (!scenario.cohorts.discovered) check_declared_pair(cohorts, scenario);
  if (reader.has("method")) parse_method(reader.table("method"), scenario);
  if (reader.has("record")) scenario.record = parse_record(reader.table("record"));
  reader.finish();
  return scenario;
}

}  // namespace c2al

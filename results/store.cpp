#include "results/store.hpp"

#include <fmt/format.h>

#include <chrono>

#include "core/error.hpp"
#include "core/storage/hdf5.hpp"
#include "results/store_groups.hpp"

namespace c2al {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

const CohortAxis& pair_axis(const RunRecord& record) { return record.schema.axes.at(record.pair.axis); }

}  // namespace

double write_run(const std::filesystem::path& file, const RunRecord& record) {
  const auto start = Clock::now();
  hdf5::write_file(file, [&](const hdf5::Group& root) {
    store::write_head(root, "run", record.scenario, "predictions");
    root.set("method", record.method);
    root.set("base_method", record.base_method);
    root.set("seed", record.seed);
    const hdf5::Group configuration =
        store::write_configuration(root, record.scenario_text, record.resolved_configuration);
    store::write_named_texts(configuration, "method_settings",
                             {record.method_settings.begin(), record.method_settings.end()});
    store::write_named_texts(configuration, "data", record.facts);
    const hdf5::Group schema = store::write_schema(root, record.schema);
    schema.set("axis", pair_axis(record).name);
    schema.set("head_cohort", pair_axis(record).cohorts.at(record.pair.head_cohort));
    schema.set("tail_cohort", pair_axis(record).cohorts.at(record.pair.tail_cohort));
    store::write_costs(root, record.trained_cost, record.served_cost);
    store::write_training(root, record.task_names, record.steps);
    store::write_evaluations(root, record.evaluations);
    store::write_samples(root, record.test_samples);
    store::write_densities(root, record.densities);
    store::write_attention(root, record.attention_gini, record.layers);
    store::write_probe(root, record.probe_ids, record.probe_cohorts, record.probe_tensors);
    if (record.has_discovery) store::write_discovery_table(root, record.schema, record.discovery);
    store::NamedSeconds timing = record.timing;
    timing.emplace_back("writing", seconds_since(start));
    store::write_timing(root, timing);
  });
  return seconds_since(start);
}

RunSummary read_run(const std::filesystem::path& file) {
  const hdf5::Group root = hdf5::open_file(file);
  store::check_head(root, {"run"});
  RunSummary run;
  run.file = file;
  run.scenario = root.text("scenario");
  run.method = root.text("method");
  run.base_method = root.text("base_method");
  run.seed = root.natural("seed");
  run.provenance = root.open("provenance").texts();
  run.provenance.erase("NX_class");
  const hdf5::Group configuration = root.open("configuration");
  run.scenario_text = configuration.read_text("scenario_text");
  run.resolved_configuration = configuration.read_text("resolved");
  run.method_settings = configuration.open("method_settings").texts();
  run.method_settings.erase("NX_class");
  const hdf5::Group schema = root.open("schema");
  run.axis = schema.text("axis");
  run.head_cohort = schema.text("head_cohort");
  run.tail_cohort = schema.text("tail_cohort");
  run.task_names = store::read_task_names(root);
  run.acted_share = store::read_acted_share(root);
  run.trained_cost = store::read_cost(root, "trained");
  run.served_cost = store::read_cost(root, "served");
  run.evaluations = store::read_evaluations(root);
  run.test_samples = store::read_samples(root);
  if (!run.test_samples.empty()) run.schema = store::read_schema(root);
  run.attention_gini = root.open("attention").real("attention_gini");
  run.layers = store::read_layers(root);
  run.has_discovery = root.has("discovery");
  run.timing = store::read_timing(root);
  return run;
}

void write_discovery(const std::filesystem::path& file, const DiscoveryRecord& record) {
  hdf5::write_file(file, [&](const hdf5::Group& root) {
    store::write_head(root, "discovery", record.scenario, "discovery");
    store::write_configuration(root, record.scenario_text, record.resolved_configuration);
    store::write_schema(root, record.schema);
    store::write_discovery_table(root, record.schema, record.table);
    store::write_timing(root, record.timing);
  });
}

DiscoveryRecord read_discovery(const std::filesystem::path& file) {
  const hdf5::Group root = hdf5::open_file(file);
  store::check_head(root, {"run", "discovery"});
  if (!root.has("discovery"))
    throw RunError(fmt::format("{}: holds no discovery: its cohorts were declared", file.string()));
  DiscoveryRecord record;
  record.scenario = root.text("scenario");
  record.scenario_text = root.open("configuration").read_text("scenario_text");
  record.resolved_configuration = root.open("configuration").read_text("resolved");
  record.schema = store::read_schema(root);
  record.table = store::read_discovery_table(root, record.schema);
  record.timing = store::read_timing(root);
  return record;
}

}  // namespace c2al

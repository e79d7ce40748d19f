#pragma once
#include <cmath>
#include <string>
#include <vector>

#include "results/run_record.hpp"
#include "results/store.hpp"

namespace c2al {

inline std::vector<double> wave(std::size_t n, double phase) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = std::sin(0.37 * static_cast<double>(i) + phase);
  return values;
}

inline Schema sample_schema() {
  Schema schema;
  schema.objective = "click";
  schema.fields = {{"f0", 20}, {"f1", 35}, {"value", 3}};
  schema.axes = {{"value", {"middle", "head", "tail"}, true, false}, {"sham", {"s0", "s1"}, true, true}};
  schema.has_truth = true;
  return schema;
}

inline DiscoveryTable sample_discovery() {
  DiscoveryTable table;
  table.settings.criterion = DivergenceCriterion::wasserstein;
  table.settings.choose_by_z = false;
  table.settings.ridge = 0.25;
  table.cohorts = {{0, 0, 900, 0.1, 0.11, 0.9, 0.01, undefined_value}, {0, 1, 70, 0.2, 0.19, 0.8, 0.02, 0.03}};
  PairRow first, second;
  first.axis = 0;
  first.first = 1;
  first.second = 2;
  first.eligible = true;
  first.kl = {0.5, 12};
  first.cosine = {0.25, undefined_value};
  second.axis = 1;
  second.first = 1;
  table.pairs = {second, first};
  table.has_choice = true;
  table.chosen = 1;
  table.baseline_seed = 1000003;
  table.baseline_variant = 1;
  return table;
}

inline EvaluationTable sample_evaluation(const std::string& split, bool recalibrated) {
  EvaluationTable table;
  table.split = split;
  table.recalibrated = recalibrated;
  table.scale = recalibrated ? 0.9375 : 1;
  table.offset = recalibrated ? -0.0625 : 0;
  for (const auto& [axis, cohort] : std::vector<std::pair<std::string, std::string>>{{"", "overall"},
                                                                                     {"value", "middle"},
                                                                                     {"value", "head"},
                                                                                     {"value", "tail"},
                                                                                     {"sham", "s0"},
                                                                                     {"sham", "s1"}}) {
    CohortScores row;
    row.axis = axis;
    row.cohort = cohort;
    row.samples = 1000 + static_cast<double>(table.rows.size());
    row.weight = 900.5;
    row.positives = 100;
    row.base_rate = 0.1;
    row.ne = 0.875 + 0.01 * static_cast<double>(table.rows.size());
    row.log_loss = 0.3;
    row.calibration = 1.0625;
    row.ece = 0.01;
    row.gap_to_bayes = 0.0078125;
    table.rows.push_back(row);
  }
  return table;
}

/// A run of the size that a preset leaves behind: one attention layer, two tasks, 60 recorded steps.
inline RunRecord sample_record(const std::string& method = "c2al", std::uint64_t seed = 7, bool full_tensors = false) {
  RunRecord record;
  record.scenario = "sample";
  record.method = method;
  record.base_method = method;
  record.seed = seed;
  record.scenario_text = "title = \"r\u00e9sum\u00e9\"\n";
  record.resolved_configuration = "{\"model\": {\"dim\": 8}}";
  record.method_settings = {{"lambda_head", "1.0"}};
  record.schema = sample_schema();
  record.pair = {0, 1, 2};
  record.facts = {{"intercept", "-2.5"}};
  record.trained_cost = {1200, 4000, 98000.5, 294000.5};
  record.served_cost = {1100, 4000, 97000.5, 291000.5};
  record.task_names = {{"primary", "head"}};
  for (std::uint64_t step = 0; step < 60; ++step) {
    const double t = static_cast<double>(step);
    record.steps.push_back({50 * step, 0, 1e-3 * (1 - t / 60), {0.6 - t / 200, 0.1}, {1, 0.5}, 0.25});
  }
  for (const char* split : {"validation", "test"})
    for (const bool recalibrated : {false, true}) record.evaluations.push_back(sample_evaluation(split, recalibrated));
  std::vector<float> logits;
  std::vector<std::uint16_t> cohorts;
  for (std::size_t i = 0; i < 3000; ++i) {
    cohorts.push_back(static_cast<std::uint16_t>(i % 3));
    logits.push_back(static_cast<float>(std::sin(0.01 * static_cast<double>(i)) + 0.3 * cohorts.back() - 2));
  }
  record.test_samples.axes = 2;
  for (std::size_t i = 0; i < 60; ++i) {
    record.test_samples.logit.push_back(logits[i]);
    record.test_samples.label.push_back(i % 4 == 0 ? 1.0f : 0.0f);
    record.test_samples.weight.push_back(0.5f);
    record.test_samples.cohort.insert(record.test_samples.cohort.end(),
                                      {cohorts[i], static_cast<std::uint16_t>(i % 2)});
  }
  record.densities = prediction_densities(logits, {}, cohorts, "value", {"middle", "head", "tail"});
  const double phase = 0.1 * static_cast<double>(seed);
  record.attention_gini = 0.4375 + 0.001 * static_cast<double>(seed);
  const auto add_layer = [&](const char* role, const char* tensor, const char* kind, const char* cohort) {
    ConcentrationStatistics statistics{0.4375, 0.9, 0.3, -1.2, 0.06, 1.5, undefined_value};
    record.layers.push_back({role, tensor, kind, cohort, statistics, undefined_value, histogram(wave(500, phase))});
  };
  add_layer("preceding1", "embedding", "parameter", "overall");
  add_layer("attention_hidden", "layers.0.attn1.weight", "parameter", "overall");
  for (const char* cohort : {"overall", "value/head", "value/tail"}) {
    add_layer("preceding1", "layer0/X", "activation", cohort);
    add_layer("Y", "layer0/Y", "activation", cohort);
    add_layer("G", "layer0/G", "activation", cohort);
  }
  record.layers.back().dead_share = 0.125;
  for (int i = 0; i < 20; ++i)
    add_layer("other", ("top." + std::to_string(i) + ".weight").c_str(), "parameter", "overall");
  for (std::uint64_t i = 0; i < 32; ++i) {
    record.probe_ids.push_back(3 * i);
    record.probe_cohorts.push_back(i % 2 == 0 ? "head" : "middle");
  }
  if (full_tensors) {
    const std::vector<double> values = wave(32 * 8 * 4, phase);
    const std::vector<float> y(values.begin(), values.end());
    const std::vector<std::string> matrix = {"sample", "row", "column"};
    record.probe_tensors["activation/layer0/Y"] = {{32, 8, 4}, matrix, y};
    record.probe_tensors["activation/layer0/G"] = {{32, 8, 4}, matrix, y};
    record.probe_tensors["activation/layer0/X"] = {{32, 4, 8}, {"sample", "column", "dimension"}, y};
    record.probe_tensors["activation/layer0/shortcut"] = {{32, 32}, {"sample", "unit"}, y};
    record.probe_tensors["activation/layer0/attn1"] = {{32, 32}, {"sample", "unit"}, y};
    record.probe_tensors["parameter/layers.0.attn1.weight"] = {{32, 32}, {"row", "column"}, y};
  }
  record.timing = {{"data", 0.25}, {"training", 2.5}};
  return record;
}

/// The discovery file of the same scenario.
inline DiscoveryRecord sample_discovery_record() {
  return {"sample", "title = \"sample\"\n", "{}", sample_schema(), sample_discovery(), {{"training", 2.0}}};
}

}  // namespace c2al

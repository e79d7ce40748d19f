#pragma once
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "results/store.hpp"
#include "results/suite_directory.hpp"

namespace c2al::toy {

/// How a toy method differs from plain.
struct Effect {
  double majority = 0, head = 0, tail = 0;  ///< relative changes of cohort cross entropy, percent
  double gini = 0;
  double noise = 0.01;  ///< amplitude of the seeds' spread around them, percent (and thousandths of the Gini)
  std::size_t served_parameters = 100;
};

inline constexpr double shares[] = {0.90, 0.07, 0.03};
inline const std::vector<std::string> cohorts = {"middle", "high", "low"};

/// Binary entropy of a 10 % base rate, nats.
inline double entropy() { return -(0.1 * std::log(0.1) + 0.9 * std::log(0.9)); }

inline CohortScores scores(const std::string& axis, const std::string& cohort, double share, double cross_entropy,
                           bool truth) {
  CohortScores row;
  row.axis = axis;
  row.cohort = cohort;
  row.samples = 1000;
  row.weight = 1000 * share;
  row.positives = 100 * share;
  row.base_rate = 0.1;
  row.log_loss = cross_entropy;
  row.ne = cross_entropy / entropy();
  row.auc = 0.7;
  row.calibration = 1.0;
  row.ece = 0.01;
  if (truth) {
    row.expected_log_loss = row.log_loss;
    row.expected_ne = row.ne;
    row.bayes_log_loss = 0.8 * entropy();
    row.bayes_ne = 0.8;
    row.gap_to_bayes = row.ne - 0.8;
  }
  return row;
}

/// A run whose scores follow from the effect: plain's cross entropy is 0.9 of the base rate's entropy in every cohort.
/// Seeds deviate by +-noise in turns, so that an even number of seeds has exactly the effect as its mean.
inline RunRecord run(const std::string& scenario, const std::string& method, std::uint64_t seed, const Effect& effect,
                     bool truth = true, const std::string& configuration = "{\"title\": \"a toy\"}") {
  const double wobble = method == "plain" ? 0 : (seed % 2 == 0 ? effect.noise : -effect.noise);
  const double changes[] = {effect.majority, effect.head, effect.tail};
  RunRecord record;
  record.scenario = scenario;
  record.method = method;
  record.base_method = method;
  record.seed = seed;
  record.scenario_text = "name = \"toy\"\n";
  record.resolved_configuration = configuration;
  record.schema.objective = "click";
  record.schema.fields = {{"a", 4}};
  record.schema.axes = {{"value", cohorts, true, false}};
  record.schema.has_truth = truth;
  record.pair = {0, 1, 2};
  record.trained_cost = {120, 40, 1000, 3000};
  record.served_cost = {effect.served_parameters, 40, 900, 2700};
  record.task_names = {{"primary"}};
  for (const std::string split : {"validation", "test"}) {
    for (bool recalibrated : {false, true}) {
      EvaluationTable table;
      table.split = split;
      table.recalibrated = recalibrated;
      double overall = 0;
      for (std::size_t c = 0; c < cohorts.size(); ++c) {
        const double cross_entropy = 0.9 * entropy() * (1 + (changes[c] + wobble) / 100);
        overall += shares[c] * cross_entropy;
        table.rows.push_back(scores("value", cohorts[c], shares[c], cross_entropy, truth));
      }
      table.rows.insert(table.rows.begin(), scores("", "overall", 1, overall, truth));
      record.evaluations.push_back(std::move(table));
    }
  }
  record.attention_gini = 0.45 + effect.gini + wobble / 10;
  LayerStatistics layer;
  layer.role = "Y";
  layer.tensor = "layer0/Y";
  layer.kind = "activation";
  layer.cohort = "overall";
  layer.statistics = {record.attention_gini, 0.9, 0.3, undefined_value, 0.05, 1.5, 2.5};
  layer.histogram = histogram(std::vector<double>{0.0, 1.0});
  record.layers.push_back(layer);
  record.timing = {{"training", method == "plain" ? 2.0 : 3.0}};
  return record;
}

/// Writes runs of a method for seeds 1 .. `seeds` where the suite's runner would put them.
inline void write(const std::filesystem::path& directory, const std::string& scenario, const std::string& method,
                  std::uint64_t seeds, const Effect& effect, bool truth = true,
                  const std::string& configuration = "{\"title\": \"a toy\"}") {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed)
    write_run(run_file(directory, scenario, method, seed), run(scenario, method, seed, effect, truth, configuration));
}

}  // namespace c2al::toy

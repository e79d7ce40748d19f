#include "results/scenario_facts.hpp"

#include <nlohmann/json.hpp>
#include <set>

namespace c2al {

namespace {

double mean_of(const std::map<std::uint64_t, RunSummary>& runs, const RunValue& value) {
  double sum = 0;
  for (const auto& [seed, run] : runs) sum += value(run);
  return runs.empty() ? undefined_value : sum / static_cast<double>(runs.size());
}

double training_seconds(const RunSummary& run) {
  for (const auto& [phase, seconds] : run.timing)
    if (phase == "training") return seconds;
  return undefined_value;
}

bool equal_cost(const ModelCost& a, const ModelCost& b) {
  return a.dense_parameters == b.dense_parameters && a.embedding_parameters == b.embedding_parameters &&
         a.forward_flop == b.forward_flop;
}

}  // namespace

bool cohorts_differ_in_base_rate_only(const std::string& resolved_configuration) {
  using nlohmann::json;
  const json document = json::parse(resolved_configuration, nullptr, false);
  if (!document.is_object() || !document.contains("world")) return false;
  for (const json& axis : document["world"].value("axes", json::array())) {
    std::set<double> multipliers;
    for (const json& cohort : axis.value("cohorts", json::array())) {
      if (cohort.value("specific_strength", 0.0) != 0) return false;
      multipliers.insert(cohort.value("global_multiplier", 1.0));
    }
    if (multipliers.size() > 1) return false;
  }
  return true;
}

bool comes_from_dataset(const std::string& resolved_configuration) {
  const auto document = nlohmann::json::parse(resolved_configuration, nullptr, false);
  return document.is_object() && document.contains("dataset");
}

std::vector<PlainLevel> plain_levels(const PairedRuns& runs, const std::vector<std::string>& sets, bool expected) {
  const auto& plain = runs.of("plain");
  std::vector<PlainLevel> levels;
  for (const std::string& set : sets) {
    const auto mean = [&](double CohortScores::*member) {
      return mean_of(plain, [&](const RunSummary& run) { return test_scores(run, set, false).*member; });
    };
    PlainLevel level;
    level.set = set;
    level.seeds = plain.size();
    level.share = mean_of(plain, [&](const RunSummary& run) {
      return test_scores(run, set, false).weight / test_scores(run, "overall", false).weight;
    });
    level.base_rate = mean(&CohortScores::base_rate);
    level.ne = mean_of(plain, test_ne(set, false, expected));
    level.cross_entropy = mean_of(plain, test_cross_entropy(set, false, expected));
    level.bayes_ne = mean(&CohortScores::bayes_ne);
    level.gap_to_bayes = mean(&CohortScores::gap_to_bayes);
    level.auc = mean(&CohortScores::auc);
    level.calibration = mean(&CohortScores::calibration);
    levels.push_back(level);
  }
  return levels;
}

std::vector<MethodCost> method_costs(const PairedRuns& runs, const std::vector<std::string>& methods) {
  const auto& plain = runs.of("plain");
  std::vector<MethodCost> costs;
  for (const std::string& method : methods) {
    if (runs.of(method).empty()) continue;
    MethodCost cost;
    cost.method = method;
    cost.base_method = runs.of(method).begin()->second.base_method;
    cost.acted_share = mean_of(runs.of(method), [](const RunSummary& run) { return run.acted_share; });
    cost.trained = runs.of(method).begin()->second.trained_cost;
    cost.served = runs.of(method).begin()->second.served_cost;
    cost.served_as_plain = true;
    std::vector<double> ratios;
    for (const auto& [seed, run] : runs.of(method)) {
      // Only runs of one seed can agree: every seed draws its own vocabularies.
      const auto pair = plain.find(seed);
      if (pair == plain.end()) continue;
      cost.served_as_plain &= equal_cost(run.served_cost, pair->second.served_cost);
      ratios.push_back(training_seconds(run) / training_seconds(pair->second));
    }
    cost.served_as_plain &= !ratios.empty();
    cost.training_time_ratio = paired_difference(ratios).median;
    costs.push_back(cost);
  }
  return costs;
}

}  // namespace c2al

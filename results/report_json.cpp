#include <cmath>
#include <nlohmann/json.hpp>

#include "results/discovery_json.hpp"
#include "results/report.hpp"

namespace c2al {

namespace {

using json = nlohmann::ordered_json;

/// JSON has neither NaN nor infinity.
json number(double value) { return std::isfinite(value) ? json(value) : json(); }

json difference_json(const PairedDifference& d) {
  return {{"pairs", d.n},
          {"undefined", d.undefined},
          {"mean", number(d.mean)},
          {"standard_error", number(d.standard_error)},
          {"median", number(d.median)},
          {"negative", d.negative},
          {"positive", d.positive},
          {"zero", d.zero},
          {"interval", {number(d.low), number(d.high)}},
          {"smallest_resolvable", number(d.smallest_resolvable)},
          {"t_test_p", number(d.t_test_p)},
          {"sign_test_p", number(d.sign_test_p)},
          {"reading", to_string(d.reading)}};
}

json comparison_json(const Comparison& c) {
  json entry = {{"scenario", c.scenario}, {"method", c.method}, {"reference", c.reference},
                {"measure", c.measure},   {"set", c.set},       {"unit", c.unit}};
  entry.update(difference_json(c.difference));
  entry["seeds"] = c.seeds;
  entry["reference_mean"] = number(c.reference_mean);
  entry["gap_closed"] = number(c.gap_closed);
  return entry;
}

json verdict_json(const ClaimVerdict& v) {
  json entry = {{"id", v.id},       {"claim", v.claim},
                {"paper", v.paper}, {"measured", v.measured},
                {"unit", v.unit},   {"verdict", to_string(v.verdict)},
                {"note", v.note}};
  entry.update(difference_json(v.difference));
  return entry;
}

json level_json(const PlainLevel& level) {
  return {{"set", level.set},
          {"seeds", level.seeds},
          {"share", number(level.share)},
          {"base_rate", number(level.base_rate)},
          {"ne", number(level.ne)},
          {"cross_entropy", number(level.cross_entropy)},
          {"bayes_ne", number(level.bayes_ne)},
          {"gap_to_bayes", number(level.gap_to_bayes)},
          {"auc", number(level.auc)},
          {"calibration", number(level.calibration)}};
}

json cost_json(const ModelCost& cost) {
  return {{"dense_parameters", cost.dense_parameters},
          {"embedding_parameters", cost.embedding_parameters},
          {"forward_flop", number(cost.forward_flop)},
          {"step_flop", number(cost.step_flop)}};
}

json scenario_json(const ScenarioReport& report) {
  const ScenarioComparison& scenario = report.comparison;
  json entry = {{"name", scenario.scenario},
                {"title", scenario.title},
                {"methods", scenario.methods},
                {"head_set", scenario.head_set},
                {"tail_set", scenario.tail_set},
                {"scores", scenario.expected_scores ? "expected" : "label"},
                {"shares_split", scenario.shares_split},
                {"base_rate_only", scenario.base_rate_only},
                {"plain_seeds", scenario.plain_seeds},
                {"decomposition_residual", number(scenario.decomposition_residual)}};
  for (const char* list : {"verdicts", "plain_levels", "comparisons", "costs", "missing"}) entry[list] = json::array();
  for (const ClaimVerdict& verdict : report.verdicts) entry["verdicts"].push_back(verdict_json(verdict));
  for (const PlainLevel& level : scenario.levels) entry["plain_levels"].push_back(level_json(level));
  for (const Comparison& comparison : scenario.comparisons) entry["comparisons"].push_back(comparison_json(comparison));
  for (const MethodCost& cost : scenario.costs)
    entry["costs"].push_back({{"method", cost.method},
                              {"base_method", cost.base_method},
                              {"trained", cost_json(cost.trained)},
                              {"served", cost_json(cost.served)},
                              {"served_as_plain", cost.served_as_plain},
                              {"training_time_ratio", number(cost.training_time_ratio)},
                              {"acted_share", number(cost.acted_share)}});
  for (const MissingRun& run : scenario.missing)
    entry["missing"].push_back({{"method", run.method}, {"seed", run.seed}, {"reason", run.reason}});
  entry["discovery"] =
      report.discovery ? json(discovery_json(report.discovery->table, report.discovery->schema)) : json();
  return entry;
}

}  // namespace

std::string report_json(const Report& report) {
  json document = {{"name", report.name}, {"title", report.title}, {"git_hashes", report.git_hashes}};
  document["not_tested"] = json::array();
  for (const EmptyScenario& scenario : report.empty)
    document["not_tested"].push_back({{"name", scenario.name}, {"reason", scenario.reason}});
  document["scenarios"] = json::array();
  for (const ScenarioReport& scenario : report.scenarios) document["scenarios"].push_back(scenario_json(scenario));
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace c2al

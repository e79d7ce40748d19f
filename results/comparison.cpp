#include "results/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/evaluation/cross_entropy.hpp"
#include "results/crossed_bootstrap.hpp"
#include "results/paired_runs.hpp"
#include "results/run_scores.hpp"
#include "results/scenario_facts.hpp"

namespace c2al {

namespace {

void add(ScenarioComparison& result, std::optional<Comparison> comparison) {
  if (comparison) result.comparisons.push_back(std::move(*comparison));
}

/// The run that says what all runs of a scenario share.
const RunSummary& first_run(const ScenarioRuns& scenario) {
  for (const auto& [method, runs] : scenario.runs)
    if (!runs.empty()) return runs.begin()->second;
  throw RunError(fmt::format("scenario '{}': there are no runs to compare: expected one at least", scenario.name));
}

/// What a method gains as a share of plain's gap to Bayes, percent: a ratio of means, since a single seed's gap may be
/// close to 0. Without a gap to close there is no share of it.
double gap_closed(const PairedRuns& runs, const Comparison& change) {
  double gained = 0, gap = 0;
  for (std::uint64_t seed : change.seeds) {
    const CohortScores& plain = test_scores(runs.of(change.reference).at(seed), change.set, false);
    gained += plain.expected_ne - test_scores(runs.of(change.method).at(seed), change.set, false).expected_ne;
    gap += plain.gap_to_bayes;
  }
  return gap > 0 ? 100 * gained / gap : undefined_value;
}

/// Test rows of "overall" or "axis/cohort".
std::vector<std::size_t> rows_of_set(const RunSummary& run, const std::string& set) {
  const TestSamples& samples = run.test_samples;
  std::vector<std::size_t> rows(samples.logit.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  if (set == "overall") return rows;
  for (std::size_t a = 0; a < samples.axes; ++a) {
    const CohortAxis& axis = run.schema.axes.at(a);
    for (std::size_t c = 0; c < axis.cohorts.size(); ++c) {
      if (set != axis.name + "/" + axis.cohorts[c]) continue;
      std::erase_if(rows, [&](std::size_t i) { return samples.cohort[i * samples.axes + a] != c; });
      return rows;
    }
  }
  return {};
}

/// Losses of a method's and the reference's runs, seed by seed, on the test rows of a set. Empty when a run lacks its
/// rows, or the rows differ.
struct SetLosses {
  std::size_t rows = 0;
  std::vector<float> method, reference;
};

SetLosses set_losses(const PairedRuns& runs, const Comparison& change) {
  SetLosses losses;
  const RunSummary& first_run = runs.of(change.reference).at(change.seeds.front());
  const TestSamples& first = first_run.test_samples;
  const std::vector<std::size_t> rows = rows_of_set(first_run, change.set);
  for (const std::uint64_t seed : change.seeds)
    for (const auto& [name, into] :
         {std::pair(change.method, &losses.method), std::pair(change.reference, &losses.reference)}) {
      const TestSamples& samples = runs.of(name).at(seed).test_samples;
      if (samples.label != first.label || samples.cohort != first.cohort || samples.weight != first.weight) return {};
      for (const std::size_t i : rows)
        into->push_back(samples.weight[i] * static_cast<float>(cross_entropy(samples.label[i], samples.logit[i])));
    }
  losses.rows = rows.size();
  return losses;
}

/// Rows of a test set are a sample too: puts the crossed bootstrap's interval in place of the seeds' alone.
void add_row_uncertainty(const PairedRuns& runs, Comparison& change) {
  const SetLosses losses = set_losses(runs, change);
  if (losses.rows == 0 || change.difference.undefined > 0) return;
  change.difference = crossed_bootstrap({change.seeds.size(), losses.rows, losses.method, losses.reference});
}

void compare_scores(const PairedRuns& runs, const std::string& method, const std::string& set,
                    ScenarioComparison& result) {
  const bool expected = result.expected_scores;
  auto change = runs.relative_change({method, "plain", measure::ne, set, "%"}, test_ne(set, false, expected));
  if (change) change->gap_closed = gap_closed(runs, *change);
  if (change && result.shares_split) add_row_uncertainty(runs, *change);
  add(result, std::move(change));
  add(result,
      runs.relative_change({method, "plain", measure::ne_recalibrated, set, "%"}, test_ne(set, true, expected)));
  add(result,
      runs.difference({method, "plain", measure::cross_entropy, set, "nat"}, test_cross_entropy(set, false, expected)));
  add(result, runs.difference({method, "plain", measure::cross_entropy_recalibrated, set, "nat"},
                              test_cross_entropy(set, true, expected)));
}

/// The overall change split over the cohorts of the pair's axis. Shares are plain's: the evaluation weights of a seed's
/// test split are the same for all methods.
void decompose(const PairedRuns& runs, const std::string& method, ScenarioComparison& result) {
  const RunValue overall = test_cross_entropy("overall", false, result.expected_scores);
  std::map<std::uint64_t, double> sums;
  for (const std::string& set : result.sets) {
    if (set.rfind(result.axis + "/", 0) != 0) continue;
    const RunValue of_cohort = test_cross_entropy(set, false, result.expected_scores);
    add(result, runs.compare({method, "plain", measure::ne_contribution, set, "%"},
                             [&](const RunSummary& run, const RunSummary& plain) {
                               const double weight = test_scores(plain, set, false).weight;
                               // A cohort without samples has no cross entropy and no part in the change.
                               if (weight == 0) return 0.0;
                               const double share = weight / test_scores(plain, "overall", false).weight;
                               const double part = 100 * share * (of_cohort(run) - of_cohort(plain)) / overall(plain);
                               sums[run.seed] += part;
                               return part;
                             }));
  }
  for (const auto& [seed, sum] : sums) {
    const double plain = overall(runs.of("plain").at(seed));
    const double change = 100 * (overall(runs.of(method).at(seed)) - plain) / plain;
    result.decomposition_residual = std::max(result.decomposition_residual, std::abs(sum - change));
  }
}

void compare_with_controls(const PairedRuns& runs, ScenarioComparison& result) {
  for (const std::string& control : control_methods) {
    for (const std::string& set : {std::string("overall"), result.head_set, result.tail_set}) {
      auto change =
          runs.relative_change({"c2al", control, measure::ne, set, "%"}, test_ne(set, false, result.expected_scores));
      if (change && result.shares_split) add_row_uncertainty(runs, *change);
      add(result, std::move(change));
    }
    add(result, runs.difference({"c2al", control, measure::attention_gini, "overall", "1"},
                                [](const RunSummary& run) { return run.attention_gini; }));
  }
}

}  // namespace

const Comparison* ScenarioComparison::find(const std::string& method, const std::string& measure,
                                           const std::string& set, const std::string& reference) const {
  for (const Comparison& comparison : comparisons)
    if (comparison.method == method && comparison.measure == measure && comparison.set == set &&
        comparison.reference == reference)
      return &comparison;
  return nullptr;
}

ScenarioComparison compare(const ScenarioRuns& scenario) {
  const PairedRuns runs(scenario);
  const RunSummary& first = first_run(scenario);
  ScenarioComparison result;
  result.scenario = scenario.name;
  result.title = scenario.title;
  result.methods = scenario.methods;
  result.missing = scenario.missing;
  result.plain_seeds = runs.of("plain").size();
  result.axis = first.axis;
  result.head_set = first.axis + "/" + first.head_cohort;
  result.tail_set = first.axis + "/" + first.tail_cohort;
  result.shares_split = comes_from_dataset(first.resolved_configuration);
  result.base_rate_only = cohorts_differ_in_base_rate_only(first.resolved_configuration);
  for (const CohortScores& row : test_table(first, false).rows) result.sets.push_back(set_name(row));
  result.expected_scores = !std::isnan(test_scores(first, "overall", false).expected_log_loss);

  result.levels = plain_levels(runs, result.sets, result.expected_scores);
  for (const std::string& method : result.methods) {
    if (method == "plain") continue;
    for (const std::string& set : result.sets) compare_scores(runs, method, set, result);
    decompose(runs, method, result);
    add(result, runs.difference({method, "plain", measure::attention_gini, "overall", "1"},
                                [](const RunSummary& run) { return run.attention_gini; }));
    compare_layers(runs, method, result);
  }
  compare_with_controls(runs, result);
  result.costs = method_costs(runs, result.methods);
  return result;
}

}  // namespace c2al

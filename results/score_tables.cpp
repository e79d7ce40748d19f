#include <fmt/format.h>

#include "results/number_text.hpp"
#include "results/report_tables.hpp"

namespace c2al {

namespace {

constexpr const char* ne_unit = "%";

std::string share_text(double share) { return number_text(100 * share, 2) + (share == share ? " %" : ""); }

bool is_pair_cohort(const ScenarioComparison& scenario, const std::string& set) {
  return set == scenario.head_set || set == scenario.tail_set;
}

}  // namespace

std::string split_note(const ScenarioComparison& scenario) {
  return scenario.shares_split
             ? "All seeds share one split of the data set. Intervals of NE changes come from a crossed "
               "bootstrap over training seeds and test rows, and a change smaller than the smallest "
               "resolvable one is unresolved; all other intervals cover initialisation and order of "
               "training, conditional on the test rows."
             : "";
}

Table level_table(const ScenarioComparison& scenario) {
  Table table;
  table.caption = fmt::format("Plain's own level, mean over {} seeds", scenario.plain_seeds);
  table.header = {"set",      "share",        "base rate", "NE",         "cross entropy (nats)",
                  "Bayes NE", "gap to Bayes", "AUC",       "calibration"};
  if (scenario.plain_seeds == 0) return table;
  for (const PlainLevel& level : scenario.levels)
    table.rows.push_back({level.set, share_text(level.share), number_text(level.base_rate, 4), number_text(level.ne, 4),
                          number_text(level.cross_entropy, 5), number_text(level.bayes_ne, 4),
                          number_text(level.gap_to_bayes, 4), number_text(level.auc, 4),
                          number_text(level.calibration, 3)});
  return table;
}

Table change_table(const ScenarioComparison& scenario, const std::string& set, bool recalibrated) {
  Table table;
  table.caption = fmt::format("NE change against plain in percent, {}{}", set,
                              recalibrated ? ", every run recalibrated on validation" : "");
  table.header = {
      "method", "pairs",    "mean",        "se",         "median", "signs", "95 % interval", "smallest resolvable",
      "p",      "p (Holm)", "Δ CE (nats)", "gap closed", "reading"};
  table.text_columns = {12};
  std::vector<const Comparison*> changes;
  std::vector<double> p;
  for (const std::string& method : scenario.methods) {
    const Comparison* change = scenario.find(method, recalibrated ? measure::ne_recalibrated : measure::ne, set);
    if (change == nullptr) continue;
    changes.push_back(change);
    p.push_back(change->difference.t_test_p);
  }
  const std::vector<double> adjusted = holm_adjusted(p);
  const int decimals = decimals_of(ne_unit);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const PairedDifference& d = changes[i]->difference;
    const Comparison* absolute = scenario.find(
        changes[i]->method, recalibrated ? measure::cross_entropy_recalibrated : measure::cross_entropy, set);
    table.rows.push_back({changes[i]->method, pairs_text(d), signed_text(d.mean, decimals),
                          number_text(d.standard_error, decimals), signed_text(d.median, decimals), sign_text(d),
                          interval_text(d, decimals), number_text(d.smallest_resolvable, decimals), p_text(d.t_test_p),
                          p_text(adjusted[i]), signed_text(absolute->difference.mean, decimals_of("nat")),
                          changes[i]->gap_closed == changes[i]->gap_closed
                              ? signed_text(changes[i]->gap_closed, 1) + " %"
                              : undefined_text,
                          to_string(d.reading)});
  }
  return table;
}

Table cohort_table(const ScenarioComparison& scenario) {
  Table table;
  table.caption =
      "NE change against plain in percent, other cohorts: mean ± standard error, and reading where resolved";
  table.header = {"method"};
  std::vector<std::string> sets;
  for (const std::string& set : scenario.sets)
    if (set != "overall" && !is_pair_cohort(scenario, set)) sets.push_back(set);
  table.header.insert(table.header.end(), sets.begin(), sets.end());
  if (sets.empty()) return table;
  for (const std::string& method : scenario.methods) {
    std::vector<std::string> row = {method};
    bool any = false;
    for (const std::string& set : sets) {
      const Comparison* change = scenario.find(method, measure::ne, set);
      any |= change != nullptr;
      std::string text = change == nullptr ? undefined_text : mean_text(change->difference, decimals_of(ne_unit));
      if (change != nullptr && change->difference.reading != Reading::unresolved)
        text += fmt::format(" {}", to_string(change->difference.reading));
      row.push_back(std::move(text));
    }
    if (any) table.rows.push_back(std::move(row));
  }
  return table;
}

Table decomposition_table(const ScenarioComparison& scenario) {
  Table table;
  table.caption = fmt::format(
      "The overall NE change as a sum over the cohorts of {}, in percent of plain's overall NE (mean ± standard error; "
      "largest rounding error of the sum {:.0e})",
      scenario.axis, scenario.decomposition_residual);
  table.header = {"method"};
  std::vector<std::string> sets;
  for (const std::string& set : scenario.sets)
    if (set.rfind(scenario.axis + "/", 0) == 0) sets.push_back(set);
  table.header.insert(table.header.end(), sets.begin(), sets.end());
  table.header.push_back("overall");
  for (const std::string& method : scenario.methods) {
    const Comparison* overall = scenario.find(method, measure::ne);
    if (overall == nullptr) continue;
    std::vector<std::string> row = {method};
    for (const std::string& set : sets)
      row.push_back(mean_text(scenario.find(method, measure::ne_contribution, set)->difference, decimals_of(ne_unit)));
    row.push_back(mean_text(overall->difference, decimals_of(ne_unit)));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace c2al

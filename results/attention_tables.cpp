#include <fmt/format.h>

#include "results/number_text.hpp"
#include "results/report_tables.hpp"

namespace c2al {

namespace {

/// The readings of a Gini coefficient: less is denser.
std::string density_text(Reading reading) {
  switch (reading) {
    case Reading::gain:
      return "denser";
    case Reading::harm:
      return "more concentrated";
    default:
      return "unresolved";
  }
}

/// The comparison of a layer statistic, whatever kind of tensor it is of.
const Comparison* find_layer(const ScenarioComparison& scenario, const std::string& method, const std::string& tensor,
                             const std::string& statistic) {
  for (const char* kind : {"activation", "parameter"})
    if (const auto* found = scenario.find(method, fmt::format("layer/{}/{}/{}", tensor, kind, statistic))) return found;
  return nullptr;
}

}  // namespace

Table attention_table(const ScenarioComparison& scenario) {
  Table table;
  table.caption =
      "Primary statistic of attention: Gini coefficient of |Y| (mean over the probe samples), method minus plain";
  table.header = {"method", "pairs",         "plain's level",       "mean",   "se", "median",
                  "signs",  "95 % interval", "smallest resolvable", "reading"};
  table.text_columns = {9};
  for (const std::string& method : scenario.methods) {
    const Comparison* change = scenario.find(method, measure::attention_gini);
    if (change == nullptr || change->difference.n == 0) continue;
    const PairedDifference& d = change->difference;
    const int decimals = decimals_of(change->unit);
    table.rows.push_back({method, pairs_text(d), number_text(change->reference_mean, decimals),
                          signed_text(d.mean, decimals), number_text(d.standard_error, decimals),
                          signed_text(d.median, decimals), sign_text(d), interval_text(d, decimals),
                          number_text(d.smallest_resolvable, decimals), density_text(d.reading)});
  }
  return table;
}

Table exploratory_table(const ScenarioComparison& scenario) {
  Table table;
  if (scenario.attention_tensors.empty()) return table;
  const std::string tensor = scenario.attention_tensors.back();
  const std::string hidden = tensor.substr(0, tensor.find('/')) + "/attn1";
  struct Column {
    const char* title;
    std::string tensor;
    const char* statistic;
  };
  const std::vector<Column> columns = {
      {"entropy", tensor, "entropy"},
      {"Hoyer", tensor, "hoyer"},
      {"excess kurtosis", tensor, "excess_kurtosis"},
      {"near-zero share", tensor, "near_zero_share"},
      {"effective rank", tensor, "effective_rank"},
      {"scale (rms)", tensor, "rms"},
      {"dead attention ReLUs", hidden, "dead_share"},
      {"dead top ReLUs", "top0", "dead_share"},
  };
  table.caption =
      fmt::format("Exploratory statistics of {}, method minus plain: mean ± standard error (first row: plain)", tensor);
  table.header = {"method"};
  for (const Column& column : columns) table.header.push_back(column.title);
  for (const std::string& method : scenario.methods) {
    std::vector<std::string> row = {method};
    std::vector<std::string> reference = {"plain's level"};
    bool any = false;
    for (const Column& column : columns) {
      const Comparison* change = find_layer(scenario, method, column.tensor, column.statistic);
      any |= change != nullptr;
      row.push_back(change == nullptr ? undefined_text : mean_text(change->difference, 4));
      reference.push_back(change == nullptr ? undefined_text : number_text(change->reference_mean, 4));
    }
    if (!any) continue;
    if (table.rows.empty()) table.rows.push_back(reference);
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace c2al

#include <fmt/format.h>

#include "results/number_text.hpp"
#include "results/report_tables.hpp"

namespace c2al {

namespace {

/// "0.041 (12.3)": a raw value and its z-score.
std::string divergence_text(const Divergence& divergence) {
  return fmt::format("{} ({})", number_text(divergence.value, 4), number_text(divergence.z, 1));
}

}  // namespace

Table cost_table(const ScenarioComparison& scenario) {
  Table table;
  table.caption =
      "Costs: parameters and FLOPs are counts of the first seed; training time is wall time, "
      "median over pairs; a step is acted on when the method departs from the weighted sum of its losses";
  table.header = {"method",
                  "trained dense parameters",
                  "served dense parameters",
                  "trained FLOP/sample and step",
                  "served FLOP/sample",
                  "serves as plain",
                  "training time / plain",
                  "share of steps acted on"};
  table.text_columns = {5};
  for (const MethodCost& cost : scenario.costs)
    table.rows.push_back(
        {cost.method == cost.base_method ? cost.method : fmt::format("{} ({})", cost.method, cost.base_method),
         std::to_string(cost.trained.dense_parameters), std::to_string(cost.served.dense_parameters),
         number_text(cost.trained.step_flop, 0), number_text(cost.served.forward_flop, 0),
         cost.served_as_plain ? "yes" : "no", number_text(cost.training_time_ratio, 2),
         number_text(cost.acted_share, 3)});
  return table;
}

Table discovery_cohort_table(const DiscoveryRecord& discovery) {
  Table table;
  table.caption = "Discovery: cohorts on the discovery split (the oracle column never chooses)";
  table.header = {"cohort",           "samples", "base rate", "mean prediction", "NE", "excess NE, estimated",
                  "excess NE, oracle"};
  for (const CohortRow& row : discovery.table.cohorts) {
    const CohortAxis& axis = discovery.schema.axes.at(row.axis);
    table.rows.push_back({axis.name + "/" + axis.cohorts.at(row.cohort), number_text(row.samples, 0),
                          number_text(row.base_rate, 4), number_text(row.mean_prediction, 4), number_text(row.ne, 4),
                          signed_text(row.excess_ne_estimated, 4), signed_text(row.excess_ne_oracle, 4)});
  }
  return table;
}

Table discovery_pair_table(const DiscoveryRecord& discovery) {
  Table table;
  table.caption = "Discovery: pairs of cohorts, raw value (z-score against permuted membership)";
  table.header = {"pair", "KL", "KL reversed", "Jensen-Shannon", "Wasserstein-1", "1 - cosine", "choice"};
  table.text_columns = {6};
  for (std::size_t i = 0; i < discovery.table.pairs.size(); ++i) {
    const PairRow& row = discovery.table.pairs[i];
    const CohortAxis& axis = discovery.schema.axes.at(row.axis);
    const bool chosen = discovery.table.has_choice && discovery.table.chosen == i;
    table.rows.push_back({fmt::format("{}: {}, {}", axis.name, axis.cohorts.at(row.first), axis.cohorts.at(row.second)),
                          divergence_text(row.kl), divergence_text(row.kl_reverse), divergence_text(row.jensen_shannon),
                          divergence_text(row.wasserstein), divergence_text(row.cosine),
                          chosen         ? "chosen"
                          : row.eligible ? ""
                                         : "not eligible"});
  }
  return table;
}

}  // namespace c2al

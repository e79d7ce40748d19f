#include "results/discovery_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace c2al {

namespace {

nlohmann::json number(double value) { return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr); }

nlohmann::json divergence(const Divergence& d) { return {{"value", number(d.value)}, {"z", number(d.z)}}; }

nlohmann::json pair_json(const PairRow& row, const Schema& schema) {
  const CohortAxis& axis = schema.axes.at(row.axis);
  return {{"axis", axis.name},
          {"head_cohort", axis.cohorts.at(row.first)},
          {"tail_cohort", axis.cohorts.at(row.second)},
          {"eligible", row.eligible},
          {"kl", divergence(row.kl)},
          {"kl_reverse", divergence(row.kl_reverse)},
          {"jensen_shannon", divergence(row.jensen_shannon)},
          {"wasserstein", divergence(row.wasserstein)},
          {"cosine", divergence(row.cosine)}};
}

}  // namespace

nlohmann::json discovery_json(const DiscoveryTable& table, const Schema& schema) {
  nlohmann::json cohorts = nlohmann::json::array(), pairs = nlohmann::json::array();
  for (const CohortRow& row : table.cohorts) {
    const CohortAxis& axis = schema.axes.at(row.axis);
    cohorts.push_back({{"axis", axis.name},
                       {"cohort", axis.cohorts.at(row.cohort)},
                       {"control", axis.is_control},
                       {"samples", number(row.samples)},
                       {"base_rate", number(row.base_rate)},
                       {"mean_prediction", number(row.mean_prediction)},
                       {"ne", number(row.ne)},
                       {"excess_ne_estimated", number(row.excess_ne_estimated)},
                       {"excess_ne_oracle", number(row.excess_ne_oracle)}});
  }
  for (const PairRow& row : table.pairs) pairs.push_back(pair_json(row, schema));
  return {{"cohorts", cohorts},
          {"pairs", pairs},
          {"chosen", table.has_choice ? pair_json(table.pairs.at(table.chosen), schema) : nlohmann::json(nullptr)},
          {"baseline_seed", table.baseline_seed}};
}

}  // namespace c2al

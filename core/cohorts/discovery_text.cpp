#include "core/cohorts/discovery_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace c2al {

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// Columns as wide as their widest cell; the first flush left, the others flush right.
std::string aligned(const Rows& rows) {
  std::vector<std::size_t> width;
  for (const auto& row : rows) {
    width.resize(std::max(width.size(), row.size()));
    for (std::size_t c = 0; c < row.size(); ++c) width[c] = std::max(width[c], row[c].size());
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c)
      text += c == 0 ? fmt::format("{:<{}}", row[c], width[c]) : fmt::format("  {:>{}}", row[c], width[c]);
    while (text.back() == ' ') text.pop_back();
    text += '\n';
  }
  return text;
}

std::string number(double value, int decimals) {
  return std::isnan(value) ? "-" : fmt::format("{:.{}f}", value, decimals);
}

const char* criterion_text(DivergenceCriterion criterion) {
  switch (criterion) {
    case DivergenceCriterion::kl:
      return "KL divergence of head from tail";
    case DivergenceCriterion::kl_reverse:
      return "KL divergence of tail from head";
    case DivergenceCriterion::jensen_shannon:
      return "Jensen-Shannon distance";
    case DivergenceCriterion::wasserstein:
      return "Wasserstein-1 distance";
    case DivergenceCriterion::cosine:
      return "1 - cosine";
    case DivergenceCriterion::excess_ne:
      return "estimated excess NE of both cohorts";
  }
  return "";
}

std::string axis_name(const CohortAxis& axis) { return axis.is_control ? axis.name + " (control)" : axis.name; }

std::string cohort_table(const DiscoveryTable& table, const Schema& schema) {
  Rows rows = {
      {"cohort", "samples", "base rate", "mean prediction", "NE", "excess NE, estimated", "excess NE, oracle"}};
  for (const CohortRow& row : table.cohorts) {
    const CohortAxis& axis = schema.axes.at(row.axis);
    rows.push_back({fmt::format("{} / {}", axis_name(axis), axis.cohorts.at(row.cohort)),
                    fmt::format("{:.0f}", row.samples), number(row.base_rate, 4), number(row.mean_prediction, 4),
                    number(row.ne, 4), number(row.excess_ne_estimated, 4), number(row.excess_ne_oracle, 4)});
  }
  return aligned(rows);
}

std::string pair_table(const DiscoveryTable& table, const Schema& schema) {
  Rows rows = {{"pair: head / tail", "KL", "z", "KL reverse", "z", "JS", "z", "W1", "z", "1-cos", "z", ""}};
  for (std::size_t k = 0; k < table.pairs.size(); ++k) {
    const PairRow& pair = table.pairs[k];
    const CohortAxis& axis = schema.axes.at(pair.axis);
    std::vector<std::string> row = {
        fmt::format("{}: {} / {}", axis_name(axis), axis.cohorts.at(pair.first), axis.cohorts.at(pair.second))};
    for (const Divergence& d : {pair.kl, pair.kl_reverse, pair.jensen_shannon, pair.wasserstein, pair.cosine}) {
      row.push_back(number(d.value, 4));
      row.push_back(number(d.z, 1));
    }
    row.push_back(table.has_choice && table.chosen == k ? "chosen" : pair.eligible ? "" : "not eligible");
    rows.push_back(std::move(row));
  }
  return aligned(rows);
}

std::string choice_line(const DiscoveryTable& table, const Schema& schema) {
  const bool by_z = table.settings.choose_by_z && table.settings.criterion != DivergenceCriterion::excess_ne;
  const std::string ranking =
      fmt::format("{}{}", by_z ? "z-score of the " : "", criterion_text(table.settings.criterion));
  if (!table.has_choice &&
      std::any_of(table.pairs.begin(), table.pairs.end(), [](auto& pair) { return pair.eligible; }))
    return fmt::format("No pair is chosen: the {} is undefined for every eligible pair.\n", ranking);
  if (!table.has_choice)
    return fmt::format(
        "No pair is eligible: every axis is a control or has fewer than two cohorts of at least {} samples.\n",
        table.settings.minimum_cohort);
  const PairRow& pair = table.pairs.at(table.chosen);
  const CohortAxis& axis = schema.axes.at(pair.axis);
  return fmt::format("Chosen: axis {}, head {}, tail {}, by the largest {}.\n", axis.name, axis.cohorts.at(pair.first),
                     axis.cohorts.at(pair.second), ranking);
}

/// What a control axis betrays about the z-scores beside it; empty where it is as quiet as it should be.
std::string control_warning(const DiscoveryTable& table, const Schema& schema) {
  constexpr double loud = 5;
  std::string text;
  for (const PairRow& pair : table.pairs) {
    const CohortAxis& axis = schema.axes.at(pair.axis);
    if (!axis.is_control) continue;
    double largest = 0;
    for (const Divergence& d : {pair.kl, pair.kl_reverse, pair.jensen_shannon, pair.wasserstein, pair.cosine})
      largest = std::max(largest, std::isfinite(d.z) ? d.z : 0.0);
    if (largest > loud)
      text += fmt::format(
          "Caution: {} / {} of the inert axis {} reach a z-score of {:.1f}. The baseline's predictions differ by a "
          "field "
          "that carries nothing, so z-scores of this size on other axes are no evidence of contrast.\n",
          axis.cohorts.at(pair.first), axis.cohorts.at(pair.second), axis.name, largest);
  }
  return text;
}

}  // namespace

std::string discovery_text(const DiscoveryTable& table, const Schema& schema) {
  return fmt::format(
      "{}\n{}\nz: standard deviations above the mean under {} permutations of the membership. W1 in quantiles of the "
      "pooled prediction. Excess NE is never taken from the truth when choosing; the oracle column is for "
      "reading.\n{}{}",
      cohort_table(table, schema), pair_table(table, schema), table.settings.permutations, choice_line(table, schema),
      control_warning(table, schema));
}

}  // namespace c2al

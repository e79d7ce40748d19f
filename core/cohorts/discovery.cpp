#include "core/cohorts/discovery.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "core/cohorts/divergences.hpp"
#include "core/cohorts/excess_ne.hpp"
#include "core/cohorts/pooled_bins.hpp"
#include "core/data/random_stream.hpp"
#include "core/error.hpp"
#include "core/evaluation/cross_entropy.hpp"
#include "core/evaluation/evaluate.hpp"

namespace c2al {

namespace {

void require_settings(const DiscoverySettings& settings) {
  if (settings.bins < 2 || settings.bins > 65535)
    throw UsageError(fmt::format("cohorts.bins is {}, expected 2 .. 65535", settings.bins));
  if (settings.permutations < 2)
    throw UsageError(fmt::format("cohorts.permutations is {}, expected at least 2", settings.permutations));
  if (settings.folds < 2) throw UsageError(fmt::format("cohorts.folds is {}, expected at least 2", settings.folds));
  if (!(settings.ridge > 0 && std::isfinite(settings.ridge)))
    throw UsageError(fmt::format("cohorts.ridge is {}, expected a positive number", settings.ridge));
}

void require_input(const DiscoveryInput& input) {
  if (input.size == 0) throw RunError("discovery: the discovery split has no samples");
  const auto require = [&](const char* column, std::size_t found, std::size_t per_sample) {
    if (found != input.size * per_sample)
      throw RunError(
          fmt::format("discovery: column '{}' has {} values, expected {}", column, found, input.size * per_sample));
  };
  require("logit", input.logit.size(), 1);
  require("label", input.label.size(), 1);
  require("cohort", input.cohort.size(), input.schema->axes.size());
  require("h", input.h.size(), input.h_width);
  for (std::size_t i = 0; i < input.size; ++i) {
    if (!std::isfinite(input.logit[i]))
      throw RunError(
          fmt::format("discovery: the baseline's logit of sample {} is {}, expected a finite one", i, input.logit[i]));
    if (input.label[i] != 0 && input.label[i] != 1)
      throw RunError(fmt::format("discovery: label of sample {} is {}, expected 0 or 1", i, input.label[i]));
  }
  for (std::size_t k = 0; k < input.cohort.size(); ++k) {
    const std::size_t axes = input.schema->axes.size();
    const CohortAxis& axis = input.schema->axes[k % axes];
    if (input.cohort[k] >= axis.cohorts.size())
      throw RunError(fmt::format("discovery: cohort of sample {} on axis '{}' is {}, expected 0 .. {}", k / axes,
                                 axis.name, input.cohort[k], axis.cohorts.size() - 1));
  }
  for (std::size_t i = 0; i < input.h.size(); ++i)
    if (!std::isfinite(input.h[i]))
      throw RunError(fmt::format("discovery: h of sample {}, unit {} is {}, expected a finite value", i / input.h_width,
                                 i % input.h_width, input.h[i]));
}

std::vector<std::uint16_t> membership_of(const DiscoveryInput& input, std::size_t axis) {
  std::vector<std::uint16_t> membership(input.size);
  for (std::size_t i = 0; i < input.size; ++i) membership[i] = input.cohort[i * input.schema->axes.size() + axis];
  return membership;
}

/// One row a cohort, in the order of the axes and their cohorts.
std::vector<CohortRow> cohort_rows(const DiscoveryInput& input, const DiscoverySettings& settings) {
  ScoredSamples samples;
  samples.logit.assign(input.logit.begin(), input.logit.end());
  samples.label = input.label;
  samples.cohort = input.cohort;
  samples.p_true = input.p_true;
  samples.p_bayes = input.p_bayes;
  const EvaluationTable scores = evaluate(samples, *input.schema, "discovery");

  std::vector<CohortRow> rows;
  std::size_t score = 1;  // row 0 of the evaluation is the overall one
  for (std::size_t axis = 0; axis < input.schema->axes.size(); ++axis) {
    const std::vector<std::uint16_t> membership = membership_of(input, axis);
    std::vector<std::vector<std::uint32_t>> members(input.schema->axes[axis].cohorts.size());
    for (std::size_t i = 0; i < input.size; ++i) members[membership[i]].push_back(static_cast<std::uint32_t>(i));
    for (std::size_t cohort = 0; cohort < members.size(); ++cohort, ++score) {
      CohortRow row;
      row.axis = axis;
      row.cohort = cohort;
      row.samples = scores.rows[score].samples;
      row.base_rate = scores.rows[score].base_rate;
      row.ne = scores.rows[score].ne;
      row.excess_ne_oracle = scores.rows[score].gap_to_bayes;
      double predicted = 0;
      for (const std::uint32_t i : members[cohort]) predicted += sigmoid(samples.logit[i]);
      row.mean_prediction = members[cohort].empty() ? undefined_value : predicted / row.samples;
      row.excess_ne_estimated = excess_ne(members[cohort], input.logit, input.label, input.h, input.h_width,
                                          {settings.folds, settings.ridge, input.seed});
      rows.push_back(row);
    }
  }
  return rows;
}

/// The criteria that compare histograms, in PairRow and in Divergences.
struct Criterion {
  Divergence PairRow::*row;
  double Divergences::*value;
};
constexpr Criterion criteria[] = {{&PairRow::kl, &Divergences::kl},
                                  {&PairRow::kl_reverse, &Divergences::kl_reverse},
                                  {&PairRow::jensen_shannon, &Divergences::jensen_shannon},
                                  {&PairRow::wasserstein, &Divergences::wasserstein},
                                  {&PairRow::cosine, &Divergences::cosine}};

/// Divergences of all pairs of one axis under one membership.
std::vector<Divergences> pair_divergences(const std::vector<PairRow>& pairs, const PooledBins& bins,
                                          std::span<const std::uint16_t> membership, std::size_t cohorts) {
  const std::vector<double> counts = cohort_histograms(bins, membership, cohorts);
  std::vector<SmoothedHistogram> histograms;
  for (std::size_t c = 0; c < cohorts; ++c)
    histograms.emplace_back(std::span(counts).subspan(c * bins.size(), bins.size()));
  std::vector<Divergences> all;
  for (const PairRow& pair : pairs)
    all.push_back(divergences(histograms[pair.first], histograms[pair.second], bins.position));
  return all;
}

/// Fills values and z-scores of the pairs of one axis. Every permutation deals the whole axis's membership anew, so
/// that cohorts keep their sizes.
void compare_pairs(std::vector<PairRow>& pairs, const PooledBins& bins, std::vector<std::uint16_t> membership,
                   const CohortAxis& axis, const DiscoverySettings& settings, std::uint64_t seed) {
  const std::size_t cohorts = axis.cohorts.size();
  const std::vector<Divergences> found = pair_divergences(pairs, bins, membership, cohorts);
  std::vector<std::vector<Divergences>> permuted;
  RandomStream stream(seed, StreamPurpose::permutation, name_hash(axis.name.c_str()));
  for (std::size_t p = 0; p < settings.permutations; ++p) {
    for (std::size_t i = membership.size(); i > 1; --i) std::swap(membership[i - 1], membership[stream.below(i)]);
    permuted.push_back(pair_divergences(pairs, bins, membership, cohorts));
  }
  const auto n = static_cast<double>(settings.permutations);
  for (std::size_t k = 0; k < pairs.size(); ++k)
    for (const Criterion& criterion : criteria) {
      double mean = 0, squares = 0;
      for (const auto& all : permuted) mean += all[k].*criterion.value / n;
      for (const auto& all : permuted) squares += std::pow(all[k].*criterion.value - mean, 2);
      const double deviation = std::sqrt(squares / (n - 1)), value = found[k].*criterion.value;
      // Without spread (all logits equal, say) no value is more surprising than another.
      (pairs[k].*criterion.row) = {value, deviation > 1e-12 ? (value - mean) / deviation : undefined_value};
    }
}

/// A pair's divergence by the criterion, KL for excess_ne; NaN cannot be chosen.
double divergence(const PairRow& pair, const DiscoverySettings& settings) {
  const auto of = [&](const Divergence& d) { return settings.choose_by_z ? d.z : d.value; };
  switch (settings.criterion) {
    case DivergenceCriterion::kl:
    case DivergenceCriterion::excess_ne:
      return of(pair.kl);
    case DivergenceCriterion::kl_reverse:
      return of(pair.kl_reverse);
    case DivergenceCriterion::jensen_shannon:
      return of(pair.jensen_shannon);
    case DivergenceCriterion::wasserstein:
      return of(pair.wasserstein);
    case DivergenceCriterion::cosine:
      return of(pair.cosine);
  }
  return undefined_value;
}

/// What a pair is chosen by; NaN cannot be chosen.
double rank_value(const PairRow& pair, std::span<const CohortRow> axis_rows, const DiscoverySettings& settings) {
  return settings.criterion == DivergenceCriterion::excess_ne
             ? axis_rows[pair.first].excess_ne_estimated + axis_rows[pair.second].excess_ne_estimated
             : divergence(pair, settings);
}

/// All pairs of an axis whose cohorts have samples, the higher mean prediction first.
std::vector<PairRow> pairs_of(std::size_t axis, bool is_control, std::span<const CohortRow> axis_rows,
                              const DiscoverySettings& settings) {
  std::vector<PairRow> pairs;
  for (std::size_t a = 0; a < axis_rows.size(); ++a)
    for (std::size_t b = a + 1; b < axis_rows.size(); ++b) {
      if (axis_rows[a].samples == 0 || axis_rows[b].samples == 0) continue;
      PairRow pair;
      pair.axis = axis;
      const bool in_order = axis_rows[a].mean_prediction >= axis_rows[b].mean_prediction;
      pair.first = in_order ? a : b;
      pair.second = in_order ? b : a;
      const auto minimum = static_cast<double>(settings.minimum_cohort);
      pair.eligible = !is_control && axis_rows[a].samples >= minimum && axis_rows[b].samples >= minimum;
      pairs.push_back(pair);
    }
  return pairs;
}

}  // namespace

DiscoveryTable discover(const DiscoveryInput& input, const DiscoverySettings& settings) {
  require_settings(settings);
  require_input(input);
  DiscoveryTable table;
  table.settings = settings;
  table.cohorts = cohort_rows(input, settings);

  const PooledBins bins = pooled_bins(input.logit, settings.bins);
  double best = -std::numeric_limits<double>::infinity();
  std::size_t first_row = 0;
  for (std::size_t axis = 0; axis < input.schema->axes.size(); ++axis) {
    const CohortAxis& description = input.schema->axes[axis];
    const std::span<const CohortRow> axis_rows =
        std::span(table.cohorts).subspan(first_row, description.cohorts.size());
    first_row += axis_rows.size();
    std::vector<PairRow> pairs = pairs_of(axis, description.is_control, axis_rows, settings);
    compare_pairs(pairs, bins, membership_of(input, axis), description, settings, input.seed);
    for (const PairRow& pair : pairs) {
      const double value = rank_value(pair, axis_rows, settings);
      if (pair.eligible && value > best) {
        best = value;
        table.chosen = table.pairs.size();
        table.has_choice = true;
      }
      table.pairs.push_back(pair);
    }
  }
  return table;
}

std::optional<std::size_t> least_divergent(const DiscoveryTable& table) {
  std::optional<std::size_t> least;
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < table.pairs.size(); ++k) {
    const double value = divergence(table.pairs[k], table.settings);
    if (!table.pairs[k].eligible || !(value < smallest)) continue;
    smallest = value;
    least = k;
  }
  return least;
}

}  // namespace c2al

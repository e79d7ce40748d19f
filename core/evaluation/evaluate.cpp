#include "core/evaluation/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

#include "core/error.hpp"
#include "core/evaluation/ascending_order.hpp"
#include "core/evaluation/cross_entropy.hpp"

namespace c2al {

namespace {

/// What is known of the samples and what each contributes to the scores, in ascending order of their logits.
struct RankedSamples {
  std::vector<double> logit, p, loss;
  std::vector<float> label, weight;
  std::vector<std::uint16_t> cohort;                      ///< (N, axes)
  std::vector<double> p_true, expected_loss, bayes_loss;  ///< (N), or empty

  bool has_truth() const { return !p_true.empty(); }
};

/// Cross entropy of p(y|x) under the known probability: the loss that no prediction changes.
std::vector<double> bayes_losses(const ScoredSamples& samples) {
  std::vector<double> loss(samples.p_true.size());
  for (std::size_t i = 0; i < loss.size(); ++i) {
    const double q = samples.p_bayes[i];
    loss[i] = cross_entropy(samples.p_true[i], std::log(q) - std::log1p(-q));
  }
  return loss;
}

/// Throws RunError for a NaN logit.
RankedSamples rank(const ScoredSamples& samples, std::span<const double> logit, std::span<const double> bayes_loss,
                   std::size_t axes) {
  for (std::size_t i = 0; i < logit.size(); ++i)
    if (std::isnan(logit[i])) throw RunError(fmt::format("the prediction of sample {} is not a number", i));
  const std::vector<std::uint32_t> order = ascending_order(logit);
  const std::size_t n = order.size();
  const auto gather = [&](const auto& from, auto& to) {
    if (from.empty()) return;
    to.resize(n);
    for (std::size_t k = 0; k < n; ++k) to[k] = from[order[k]];
  };
  RankedSamples r;
  gather(logit, r.logit);
  gather(samples.label, r.label);
  gather(samples.weight, r.weight);
  gather(samples.p_true, r.p_true);
  gather(bayes_loss, r.bayes_loss);
  if (r.weight.empty()) r.weight.assign(n, 1.0f);
  r.cohort.resize(n * axes);
  for (std::size_t k = 0; k < n; ++k)
    std::copy_n(samples.cohort.data() + order[k] * axes, axes, r.cohort.data() + k * axes);

  r.p.resize(n);
  r.loss.resize(n);
  r.expected_loss.resize(r.p_true.size());
  for (std::size_t k = 0; k < n; ++k) {
    const LogitTerms terms(r.logit[k]);
    r.p[k] = terms.sigmoid();
    r.loss[k] = terms.cross_entropy(r.label[k]);
    if (r.has_truth()) r.expected_loss[k] = terms.cross_entropy(r.p_true[k]);
  }
  return r;
}

/// Sums over samples of equal logits.
struct Tied {
  double weight = 0, excess = 0, positive = 0, negative = 0;
};

/// Weighted area under the ROC curve (pairs ordered rightly, ties one half) and expected calibration error of the
/// members of one group.
void score_ranks(const RankedSamples& r, std::span<const std::uint32_t> members, CohortScores& s) {
  std::array<double, calibration_bins> excess{};
  double area = 0, negatives = 0, positives = 0, before = 0;
  for (std::size_t i = 0; i < members.size();) {
    const double z = r.logit[members[i]];
    Tied tied;
    for (; i < members.size() && r.logit[members[i]] == z; ++i) {
      const std::uint32_t k = members[i];
      const double w = r.weight[k];
      tied.weight += w;
      tied.excess += w * (r.p[k] - r.label[k]);
      (r.label[k] > 0 ? tied.positive : tied.negative) += w;
    }
    area += tied.positive * (negatives + 0.5 * tied.negative);
    negatives += tied.negative;
    positives += tied.positive;
    const double middle = (before + 0.5 * tied.weight) / s.weight;
    const auto bin = static_cast<std::size_t>(middle * static_cast<double>(calibration_bins));
    excess[std::min(bin, calibration_bins - 1)] += tied.excess;
    before += tied.weight;
  }
  double sum = 0;
  for (const double e : excess) sum += std::abs(e);
  s.ece = sum / s.weight;
  if (s.positives > 0 && s.positives < s.weight) s.auc = area / (positives * negatives);
}

/// Scores of the members of one group, given by ascending rank.
CohortScores score(const RankedSamples& r, std::span<const std::uint32_t> members) {
  CohortScores s;
  s.samples = static_cast<double>(members.size());
  double loss = 0, predicted = 0, expected_loss = 0, bayes_loss = 0, expected_positives = 0;
  for (const std::uint32_t k : members) {
    const double w = r.weight[k];
    s.weight += w;
    s.positives += w * r.label[k];
    loss += w * r.loss[k];
    predicted += w * r.p[k];
    if (!r.has_truth()) continue;
    expected_loss += w * r.expected_loss[k];
    bayes_loss += w * r.bayes_loss[k];
    expected_positives += w * r.p_true[k];
  }
  if (!(s.weight > 0)) return s;
  s.base_rate = s.positives / s.weight;
  s.log_loss = loss / s.weight;
  score_ranks(r, members, s);
  if (s.positives > 0) s.calibration = predicted / s.positives;
  if (s.positives > 0 && s.positives < s.weight) s.ne = s.log_loss / binary_entropy(s.base_rate);
  if (!r.has_truth()) return s;
  const double entropy = binary_entropy(expected_positives / s.weight);
  s.expected_log_loss = expected_loss / s.weight;
  s.bayes_log_loss = bayes_loss / s.weight;
  s.expected_ne = s.expected_log_loss / entropy;
  s.bayes_ne = s.bayes_log_loss / entropy;
  s.gap_to_bayes = s.expected_ne - s.bayes_ne;
  return s;
}

EvaluationTable score_groups(const RankedSamples& r, const Schema& schema, const std::string& split) {
  EvaluationTable table;
  table.split = split;
  std::vector<std::uint32_t> all(r.logit.size());
  std::iota(all.begin(), all.end(), 0u);
  table.rows.push_back(score(r, all));
  table.rows.back().cohort = "overall";
  for (std::size_t a = 0; a < schema.axes.size(); ++a) {
    std::vector<std::vector<std::uint32_t>> members(schema.axes[a].cohorts.size());
    for (const std::uint32_t k : all) members.at(r.cohort[k * schema.axes.size() + a]).push_back(k);
    for (std::size_t cohort = 0; cohort < members.size(); ++cohort) {
      table.rows.push_back(score(r, members[cohort]));
      table.rows.back().axis = schema.axes[a].name;
      table.rows.back().cohort = schema.axes[a].cohorts[cohort];
    }
  }
  return table;
}

void require_equal_lengths(const ScoredSamples& samples, const Schema& schema) {
  const std::size_t n = samples.logit.size();
  const auto require = [n](const char* column, std::size_t found, std::size_t per_sample) {
    if (found != n * per_sample)
      throw RunError(
          fmt::format("column '{}' of the scored samples has {} values, expected {}", column, found, n * per_sample));
  };
  require("label", samples.label.size(), 1);
  require("cohort", samples.cohort.size(), schema.axes.size());
  if (!samples.weight.empty()) require("weight", samples.weight.size(), 1);
  if (!samples.p_true.empty() || !samples.p_bayes.empty()) {
    require("p_true", samples.p_true.size(), 1);
    require("p_bayes", samples.p_bayes.size(), 1);
  }
}

}  // namespace

double binary_entropy(double p) { return p > 0 && p < 1 ? -p * std::log(p) - (1 - p) * std::log1p(-p) : 0.0; }

SplitScorer::SplitScorer(const ScoredSamples& samples, const Schema& schema, std::string split)
    : samples_(samples), schema_(schema), split_(std::move(split)) {
  require_equal_lengths(samples, schema);
  bayes_loss_ = bayes_losses(samples);
}

EvaluationTable SplitScorer::raw() const {
  return score_groups(rank(samples_, samples_.logit, bayes_loss_, schema_.axes.size()), schema_, split_);
}

EvaluationTable SplitScorer::recalibrated(const Recalibration& recalibration) const {
  EvaluationTable table;
  if (recalibration.defined()) {
    std::vector<double> moved = samples_.logit;
    for (double& z : moved) z = recalibration.scale * z + recalibration.offset;
    table = score_groups(rank(samples_, moved, bayes_loss_, schema_.axes.size()), schema_, split_);
  } else {
    table = raw();
    for (CohortScores& row : table.rows)
      for (double* value : {&row.ne, &row.log_loss, &row.auc, &row.calibration, &row.ece, &row.expected_ne,
                            &row.expected_log_loss, &row.gap_to_bayes})
        *value = undefined_value;
  }
  table.recalibrated = true;
  table.scale = recalibration.scale;
  table.offset = recalibration.offset;
  return table;
}

EvaluationTable evaluate(const ScoredSamples& samples, const Schema& schema, const std::string& split) {
  return SplitScorer(samples, schema, split).raw();
}

}  // namespace c2al

#include "core/evaluation/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "core/error.hpp"
#include "core/evaluation/cross_entropy.hpp"

namespace c2al {

namespace {

/// What every sample contributes, computed once for all groups.
struct Contributions {
  std::vector<double> p, loss, expected_loss, bayes_loss;
};

Contributions contributions(const ScoredSamples& samples) {
  Contributions c;
  const std::size_t n = samples.logit.size();
  c.p.resize(n);
  c.loss.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    c.p[i] = sigmoid(samples.logit[i]);
    c.loss[i] = cross_entropy(samples.label[i], samples.logit[i]);
  }
  if (samples.p_true.empty()) return c;
  c.expected_loss.resize(n);
  c.bayes_loss.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double q = samples.p_bayes[i];
    c.expected_loss[i] = cross_entropy(samples.p_true[i], samples.logit[i]);
    c.bayes_loss[i] = cross_entropy(samples.p_true[i], std::log(q) - std::log1p(-q));
  }
  return c;
}

/// Weighted area under the ROC curve over members sorted by logit: pairs ordered rightly, ties one half.
double area_under_curve(const ScoredSamples& samples, std::span<const std::uint32_t> sorted) {
  double area = 0, negatives = 0, positives = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    const double z = samples.logit[sorted[i]];
    double tied_positive = 0, tied_negative = 0;
    for (; i < sorted.size() && samples.logit[sorted[i]] == z; ++i) {
      const double w = samples.weight.empty() ? 1.0 : samples.weight[sorted[i]];
      (samples.label[sorted[i]] > 0 ? tied_positive : tied_negative) += w;
    }
    area += tied_positive * (negatives + 0.5 * tied_negative);
    negatives += tied_negative;
    positives += tied_positive;
  }
  return area / (positives * negatives);
}

double expected_calibration_error(const ScoredSamples& samples, const Contributions& c,
                                  std::span<const std::uint32_t> sorted, double total) {
  std::vector<double> excess(calibration_bins, 0.0);
  double before = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    const double z = samples.logit[sorted[i]];
    double tied = 0, tied_excess = 0;
    for (; i < sorted.size() && samples.logit[sorted[i]] == z; ++i) {
      const double w = samples.weight.empty() ? 1.0 : samples.weight[sorted[i]];
      tied += w;
      tied_excess += w * (c.p[sorted[i]] - samples.label[sorted[i]]);
    }
    const double middle = (before + 0.5 * tied) / total;
    const auto bin = static_cast<std::size_t>(middle * static_cast<double>(calibration_bins));
    excess[std::min(bin, calibration_bins - 1)] += tied_excess;
    before += tied;
  }
  double sum = 0;
  for (const double e : excess) sum += std::abs(e);
  return sum / total;
}

/// Scores of the members of one group, given in the order of their logits.
CohortScores score(const ScoredSamples& samples, const Contributions& c, std::span<const std::uint32_t> sorted) {
  CohortScores s;
  s.samples = static_cast<double>(sorted.size());
  double loss = 0, predicted = 0, expected_loss = 0, bayes_loss = 0, expected_positives = 0;
  for (const std::uint32_t i : sorted) {
    const double w = samples.weight.empty() ? 1.0 : samples.weight[i];
    s.weight += w;
    s.positives += w * samples.label[i];
    loss += w * c.loss[i];
    predicted += w * c.p[i];
    if (samples.p_true.empty()) continue;
    expected_loss += w * c.expected_loss[i];
    bayes_loss += w * c.bayes_loss[i];
    expected_positives += w * samples.p_true[i];
  }
  if (!(s.weight > 0)) return s;
  s.base_rate = s.positives / s.weight;
  s.log_loss = loss / s.weight;
  s.ece = expected_calibration_error(samples, c, sorted, s.weight);
  if (s.positives > 0) s.calibration = predicted / s.positives;
  if (s.positives > 0 && s.positives < s.weight) {
    s.ne = s.log_loss / binary_entropy(s.base_rate);
    s.auc = area_under_curve(samples, sorted);
  }
  if (samples.p_true.empty()) return s;
  const double entropy = binary_entropy(expected_positives / s.weight);
  s.expected_log_loss = expected_loss / s.weight;
  s.bayes_log_loss = bayes_loss / s.weight;
  s.expected_ne = s.expected_log_loss / entropy;
  s.bayes_ne = s.bayes_log_loss / entropy;
  s.gap_to_bayes = s.expected_ne - s.bayes_ne;
  return s;
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
  for (std::size_t i = 0; i < n; ++i)
    if (std::isnan(samples.logit[i])) throw RunError(fmt::format("the prediction of sample {} is not a number", i));
}

}  // namespace

double binary_entropy(double p) { return p > 0 && p < 1 ? -p * std::log(p) - (1 - p) * std::log1p(-p) : 0.0; }

EvaluationTable evaluate(const ScoredSamples& samples, const Schema& schema, const std::string& split) {
  require_equal_lengths(samples, schema);
  const Contributions c = contributions(samples);
  std::vector<std::uint32_t> sorted(samples.logit.size());
  std::iota(sorted.begin(), sorted.end(), 0u);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return samples.logit[a] < samples.logit[b]; });

  EvaluationTable table;
  table.split = split;
  table.rows.push_back(score(samples, c, sorted));
  table.rows.back().cohort = "overall";
  for (std::size_t a = 0; a < schema.axes.size(); ++a) {
    std::vector<std::vector<std::uint32_t>> members(schema.axes[a].cohorts.size());
    for (const std::uint32_t i : sorted) members.at(samples.cohort[i * schema.axes.size() + a]).push_back(i);
    for (std::size_t cohort = 0; cohort < members.size(); ++cohort) {
      table.rows.push_back(score(samples, c, members[cohort]));
      table.rows.back().axis = schema.axes[a].name;
      table.rows.back().cohort = schema.axes[a].cohorts[cohort];
    }
  }
  return table;
}

EvaluationTable evaluate_recalibrated(const ScoredSamples& samples, const Recalibration& recalibration,
                                      const Schema& schema, const std::string& split) {
  EvaluationTable table;
  if (recalibration.defined()) {
    ScoredSamples moved = samples;
    for (double& z : moved.logit) z = recalibration.scale * z + recalibration.offset;
    table = evaluate(moved, schema, split);
  } else {
    table = evaluate(samples, schema, split);
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

}  // namespace c2al

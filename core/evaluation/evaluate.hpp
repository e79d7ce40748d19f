#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/data/schema.hpp"
#include "core/evaluation/evaluation_table.hpp"
#include "core/evaluation/recalibration.hpp"

namespace c2al {

/// Predictions beside what is known of their samples; N samples. Logits may be +-infinity (probabilities 0 and 1),
/// never NaN.
struct ScoredSamples {
  std::vector<double> logit;
  std::vector<float> label;           ///< (N) 0 or 1
  std::vector<float> weight;          ///< (N), or empty for 1
  std::vector<std::uint16_t> cohort;  ///< (N, axes of the schema)
  std::vector<double> p_true;         ///< (N) p(y=1 | x, all cohorts), or empty
  std::vector<double> p_bayes;        ///< (N) p(y=1 | x), or empty; present together with p_true
};

inline constexpr std::size_t calibration_bins = 15;

/// Scores the samples overall and for every cohort of every axis (EvaluationTable says what each score is). A cohort's
/// NE uses that cohort's own base rate. AUC counts ties as one half. ECE: mean |sum of predictions - sum of labels|
/// over 15 bins of equal weight; equal predictions share a bin. A certain prediction that is wrong makes log loss and
/// NE infinite. O(N). Throws RunError for a NaN logit or columns of unequal length.
EvaluationTable evaluate(const ScoredSamples& samples, const Schema& schema, const std::string& split);

/// Scores one set of samples under its predictions and under recalibrated ones; what predictions do not change is
/// computed once. What it is given must outlive it.
class SplitScorer {
 public:
  /// Throws RunError for columns of unequal length.
  SplitScorer(const ScoredSamples& samples, const Schema& schema, std::string split);

  /// As evaluate() gives. Throws RunError for a NaN logit, as recalibrated() does for one that the recalibration makes.
  EvaluationTable raw() const;
  /// The same with every logit replaced by scale * logit + offset; all scores are NaN where the recalibration is
  /// undefined.
  EvaluationTable recalibrated(const Recalibration& recalibration) const;

 private:
  const ScoredSamples& samples_;
  const Schema& schema_;
  std::string split_;
  std::vector<double> bayes_loss_;  ///< (N) of p_bayes under p_true, or empty
};

/// Binary entropy in nats; 0 at 0 and 1.
double binary_entropy(double p);

}  // namespace c2al

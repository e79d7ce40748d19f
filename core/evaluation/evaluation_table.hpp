#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace c2al {

inline constexpr double undefined_value = std::numeric_limits<double>::quiet_NaN();

/// Scores of one set of samples. Undefined values are NaN, never 0.
struct CohortScores {
  std::string axis;    ///< empty for the overall row
  std::string cohort;  ///< "overall", or the cohort's name
  double samples = 0;
  double weight = 0;     ///< sum of evaluation weights
  double positives = 0;  ///< weighted
  double base_rate = undefined_value;
  double ne = undefined_value;        ///< log_loss / H(base rate of this set)
  double log_loss = undefined_value;  ///< weighted mean cross entropy, nats
  double auc = undefined_value;
  double calibration = undefined_value;  ///< sum of predictions / sum of labels
  double ece = undefined_value;          ///< expected calibration error, equal-mass bins
  // Against the known p(y|x); NaN where the truth is unknown.
  double expected_ne = undefined_value;  ///< sum w CE(p_true, p) / (sum w H(m)), m = sum w p_true / sum w
  double expected_log_loss = undefined_value;
  double bayes_ne = undefined_value;  ///< the same score of p_bayes
  double bayes_log_loss = undefined_value;
  double gap_to_bayes = undefined_value;  ///< expected_ne - bayes_ne
};

/// One evaluated split: the overall row first, then every cohort of every axis.
struct EvaluationTable {
  std::string split;
  bool recalibrated = false;  ///< logits replaced by scale * logit + offset, fitted on validation
  double scale = 1, offset = 0;
  std::vector<CohortScores> rows;
};

}  // namespace c2al

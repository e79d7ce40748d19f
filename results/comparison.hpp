#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "results/statistics.hpp"
#include "results/suite_runs.hpp"

namespace c2al {

/// Names of what is compared; the same in tables, CSV, JSON and reference files.
namespace measure {
/// Relative change of normalised entropy, percent: 100 (NE - NE_ref) / NE_ref.
inline constexpr const char* ne = "ne";
/// The same after each run's own two-parameter logit recalibration: better calibration alone lowers NE.
inline constexpr const char* ne_recalibrated = "ne_recalibrated";
/// Absolute change of the mean cross entropy, nats.
inline constexpr const char* cross_entropy = "cross_entropy";
inline constexpr const char* cross_entropy_recalibrated = "cross_entropy_recalibrated";
/// A cohort's part of the overall change: 100 share (CE - CE_ref) of the cohort / overall CE_ref, percent. Over the
/// cohorts of an axis it adds up to the overall `ne`, exactly but for rounding.
inline constexpr const char* ne_contribution = "ne_contribution";
/// The primary statistic of attention: mean Gini coefficient of |Y(x)|.
inline constexpr const char* attention_gini = "attention_gini";
}  // namespace measure

/// One measure of one method against a reference method on one set of samples, paired by seed.
struct Comparison {
  std::string scenario, method;
  std::string reference;  ///< "plain", or a control
  std::string measure;  ///< of namespace measure, or "layer/<tensor>/<parameter|activation>/<statistic>" (exploratory)
  std::string set;      ///< "overall" or "axis/cohort"
  std::string unit;     ///< "%", "nat" or "1"
  PairedDifference difference;
  std::vector<std::uint64_t> seeds;         ///< of the pairs
  double reference_mean = undefined_value;  ///< the reference's own mean over these seeds: NE, nats or the statistic
  /// Of `ne` against plain, where the truth is known: 100 mean(NE_ref - NE) / mean(NE_ref - Bayes NE), percent. NaN
  /// where plain's mean gap is not above 0. See PlainLevel::gap_to_bayes on cohorts of a hidden axis.
  double gap_closed = undefined_value;
};

/// Plain's own level on one set of samples, means over its seeds.
struct PlainLevel {
  std::string set;
  std::size_t seeds = 0;
  double share = undefined_value;  ///< of the evaluation weight
  double base_rate = undefined_value;
  double ne = undefined_value, cross_entropy = undefined_value;
  /// p_bayes, the probability given the inputs alone, is the best score overall and in every cohort that the inputs
  /// determine. In a cohort of a hidden axis it is no lower bound: who belongs there says more about the label than the
  /// inputs do, a model that leans towards the cohort scores better in it, and the gap may be negative.
  double bayes_ne = undefined_value, gap_to_bayes = undefined_value;
  double auc = undefined_value, calibration = undefined_value;
};

/// What a method costs.
struct MethodCost {
  std::string method;
  std::string base_method;  ///< of the catalogue; another name for a variant
  ModelCost trained, served;
  bool served_as_plain = false;  ///< parameters and FLOPs of every run's served model equal those of plain
  double training_time_ratio = undefined_value;  ///< median over seeds of training time over plain's; wall time, noisy
  /// Share of the steps on which the method acted at all (StepMetrics::acted); mean over seeds.
  double acted_share = undefined_value;
};

/// All comparisons of a scenario.
struct ScenarioComparison {
  std::string scenario, title;
  std::vector<std::string> methods;  ///< plain first
  std::vector<std::string> sets;     ///< "overall" first, then the cohorts of all axes
  std::string axis, head_set, tail_set;
  bool expected_scores = false;  ///< scored by the known p(y|x); otherwise by labels
  /// All seeds share one split of a data set: intervals of `ne` are from a crossed bootstrap of seeds and test rows
  /// where the runs hold their rows; all others are conditional on the test rows.
  bool shares_split = false;
  /// The configuration says that cohorts differ in nothing but their base rate: there is nothing to gain.
  bool base_rate_only = false;
  std::vector<PlainLevel> levels;
  std::vector<Comparison> comparisons;
  std::vector<MethodCost> costs;
  std::vector<std::string> attention_tensors;  ///< of role Y, in the order of the layers
  double decomposition_residual = 0;           ///< largest |sum of contributions - overall change|, percent
  std::vector<MissingRun> missing;
  std::size_t plain_seeds = 0;

  /// Null when the scenario has no such comparison.
  const Comparison* find(const std::string& method, const std::string& measure, const std::string& set = "overall",
                         const std::string& reference = "plain") const;
};

/// Compares every method with plain on every measure and set, and c2al with each control on NE and on the primary
/// attention statistic. Pairs need both runs of a seed. Scores are those of the test split: expected ones where the
/// truth is known, label ones otherwise. Throws RunError naming the file when runs of a scenario disagree in their
/// cohorts, a run has no test scores, or there is no run at all.
ScenarioComparison compare(const ScenarioRuns& runs);

/// Methods that separate the contrast between cohorts from everything else that an auxiliary task does.
inline const std::vector<std::string> control_methods = {"random_cohorts", "sham_cohorts", "duplicate_label"};

}  // namespace c2al

#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/data/schema.hpp"

namespace c2al {

/// How discovery chooses the pair (paper, section 3.2.1: the pair of maximal distributional disparity).
enum class DivergenceCriterion { kl, kl_reverse, jensen_shannon, wasserstein, cosine, excess_ne };

struct DiscoverySettings {
  DivergenceCriterion criterion = DivergenceCriterion::jensen_shannon;
  /// Rank by z-score against permuted membership, otherwise by the raw value. excess_ne has no z-score.
  bool choose_by_z = true;
  std::size_t bins = 50;             ///< equal-mass bins of the pooled logit
  std::size_t permutations = 100;    ///< for z-scores
  std::size_t minimum_cohort = 500;  ///< samples; smaller cohorts are listed but not chosen
  std::size_t folds = 5;             ///< cross-fitting of the per-cohort heads
  double ridge = 1.0;  ///< > 0; penalty on a refitted head's deviation from the baseline's (excess_ne.hpp)
};

/// Baseline predictions on the discovery split, on rows it was not trained on. N samples.
struct DiscoveryInput {
  const Schema* schema = nullptr;
  std::size_t size = 0;
  std::vector<float> logit;           ///< (N)
  std::vector<float> label;           ///< (N)
  std::vector<std::uint16_t> cohort;  ///< (N, axes)
  std::vector<float> h;               ///< (N, H) representation the baseline's head reads
  std::size_t h_width = 0;
  std::vector<double> p_true, p_bayes;  ///< (N) or empty
  std::uint64_t seed = 0;               ///< of the permutations and folds
};

/// A criterion's value, and its z-score against permuted membership (raw values are biased upward for small cohorts).
/// z is NaN where permutations do not spread, as with equal logits.
struct Divergence {
  double value = 0, z = 0;
};

/// Two cohorts of one axis, compared.
struct PairRow {
  std::size_t axis = 0, first = 0, second = 0;  ///< indices; `first` has the higher mean prediction
  Divergence kl, kl_reverse, jensen_shannon, wasserstein, cosine;
  bool eligible = false;  ///< may be chosen: no control axis, both cohorts of the minimum size
};

/// One cohort under the baseline; NaN where undefined.
struct CohortRow {
  std::size_t axis = 0, cohort = 0;
  double samples = 0, base_rate = 0, mean_prediction = 0, ne = 0;
  double excess_ne_estimated = 0;  ///< NE minus that of the cross-fitted per-cohort head
  double excess_ne_oracle = 0;     ///< NE minus Bayes NE; NaN without truth; never used to choose
};

/// What discovery found.
struct DiscoveryTable {
  std::vector<CohortRow> cohorts;
  std::vector<PairRow> pairs;
  std::size_t chosen = 0;   ///< index into pairs
  bool has_choice = false;  ///< false: no pair is eligible, or the criterion is NaN for all that are
  DiscoverySettings settings;
  std::uint64_t baseline_seed = 0, baseline_variant = 0;
};

/// Every axis and cohort pair by every criterion, and the pair the settings choose (control axes and pairs with a
/// cohort below the minimum size are never chosen). For excess_ne a pair's value is the sum of its cohorts' estimated
/// excess. Pairs with an empty cohort are not listed. p_true and p_bayes fill the oracle column and nothing else.
/// Throws UsageError for settings out of range, RunError for an empty split, columns of unequal length, logits and h
/// that are not finite, labels other than 0 and 1, cohorts that the schema does not name, and a refitted head that does
/// not converge.
DiscoveryTable discover(const DiscoveryInput& input, const DiscoverySettings& settings);

/// Index into pairs of the eligible one of the smallest divergence by the table's criterion, as value or z-score as its
/// settings say; the first of equals. For excess_ne, which compares no two cohorts, by KL. Empty where no pair is
/// eligible or the criterion is NaN for all that are.
std::optional<std::size_t> least_divergent(const DiscoveryTable& table);

}  // namespace c2al

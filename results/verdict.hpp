#pragma once
#include <string>
#include <vector>

#include "results/comparison.hpp"

namespace c2al {

/// What the data say about a claim, at the scenario's fixed settings.
enum class Verdict {
  not_tested,      ///< runs are missing, or the claim does not apply; the first, so that nothing is claimed by default
  reproduced,      ///< the whole 95 % interval lies on the claimed side
  not_reproduced,  ///< the interval excludes an effect of the claimed size, and shows no opposite one
  opposite,        ///< the whole interval lies on the other side of 0
  unresolved,      ///< the interval holds both no effect and the claimed one, or there are fewer than two pairs
};
/// "reproduced", "not reproduced", "opposite", "unresolved", "not tested".
const char* to_string(Verdict verdict) noexcept;

/// A claim with what was measured.
struct ClaimVerdict {
  std::string id;        ///< "overall_ne", "control/random_cohorts", ...
  std::string claim;     ///< in words
  std::string paper;     ///< the paper's figure; empty where the claim is a control of this suite
  std::string measured;  ///< what the interval is of, in words; empty where nothing was measured
  std::string unit;      ///< of the interval
  PairedDifference difference;
  Verdict verdict = Verdict::not_tested;
  std::string note;
};

/// The paper's figures: relative changes of normalised entropy, percent ("up to").
inline constexpr double paper_overall_change = -0.16;
inline constexpr double paper_minority_change = -0.30;
/// The smallest fall of the Gini coefficient that counts as denser attention when none is resolved. The paper prints no
/// figure; a Gaussian matrix has 0.414, an even one 0.
inline constexpr double smallest_gini_fall = -0.01;

/// Of a gain (or a fall of the Gini coefficient) that C2AL has against plain, the share that must be due to cohort
/// contrast for the claim that a control tests: "not reproduced" needs an interval of C2AL minus the control that
/// contains 0 and excludes this share of the gain's mean. The paper states none; one half is a convention of this
/// project.
inline constexpr double contrast_share = 0.5;

/// A claim that a difference is negative, `claimed` (< 0) being the size at stake: reproduced below 0, opposite above
/// 0; around 0 not reproduced when the whole interval lies above `claimed`, unresolved otherwise.
Verdict judge_fall(const PairedDifference& difference, double claimed);

/// A claim that a difference is below `bound` (< 0): reproduced when the whole interval is, opposite when the whole
/// interval lies above 0, not reproduced when it lies above the bound, unresolved when it holds the bound.
Verdict judge_beyond(const PairedDifference& difference, double bound);

/// A claim that nothing falls by `size` (< 0) or more: the mirror of judge_fall. Reproduced when the whole interval
/// lies above `size` and not below 0, opposite when it lies below 0, unresolved otherwise.
Verdict judge_no_gain(const PairedDifference& difference, double size);

/// A claim that there is no difference at all: reproduced when the interval contains 0, not reproduced when it does not
/// (one in twenty intervals of a true null does not).
Verdict judge_null(const PairedDifference& difference);

/// Verdicts on the claims of the paper, and on the controls that guard them, in a fixed order. Everything is computed
/// from the comparisons.
std::vector<ClaimVerdict> judge(const ScenarioComparison& scenario);

}  // namespace c2al

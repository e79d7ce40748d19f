#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace c2al {

/// How the heads of excess_ne() are fitted.
struct RefitSettings {
  std::size_t folds = 5;   ///< >= 2
  double ridge = 1.0;      ///< > 0, see excess_ne()
  std::uint64_t seed = 0;  ///< decides, with a sample's index, its fold
};

/// What the baseline loses on one cohort that a head of the cohort's own would gain, without knowledge of the truth:
/// NE of the baseline minus NE of the baseline with a refitted head, on the cohort's own base rate. Positive: a head of
/// its own would be better. NaN for a cohort of one class.
///
/// The head is a logistic regression on h with the baseline's logit as offset, so that nothing learned means the
/// baseline itself. It minimises sum of BCE + ridge / 2 * (units * |weights|^2 + intercept^2), h standardised within
/// the cohort and units those that vary in it. The ridge thus depends neither on the scale nor on the width of h: 1
/// expects a deviation of about 1 from the baseline's logit. The head is cross-fitted: each sample is scored by the
/// head fitted on the other folds. What no linear function of h can tell is not seen, and the cost of fitting lowers
/// the result in small cohorts: read it as a lower bound.
/// @param members  indices of the cohort's samples
/// @param logit, label  (N) of all samples, the logits finite
/// @param h        (N, h_width)
/// Cost: one Newton solve a fold, about 6 times members * h_width^2 multiply-adds each. Throws RunError when a solve
/// does not converge.
double excess_ne(std::span<const std::uint32_t> members, std::span<const float> logit, std::span<const float> label,
                 std::span<const float> h, std::size_t h_width, const RefitSettings& settings);

}  // namespace c2al

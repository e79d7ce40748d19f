#pragma once
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace c2al {

/// What a paired comparison says about a quantity of which less is better.
enum class Reading {
  gain,        ///< the whole 95 % interval lies below 0
  harm,        ///< the whole 95 % interval lies above 0
  unresolved,  ///< the interval contains 0, or there are fewer than two pairs
};
/// "gain", "harm", "unresolved".
const char* to_string(Reading reading) noexcept;

/// Statistics of differences between two methods, paired by seed. The seed is the statistical unit, never the sample:
/// samples of one seed share a model and are not independent. A seed of a synthetic scenario is one world with one
/// initialisation and order of training. On a data set all seeds share one split: a seed is an initialisation and an
/// order alone, and intervals are conditional on that split. Everything a single pair cannot tell is NaN.
struct PairedDifference {
  std::size_t n = 0;          ///< pairs with a defined difference
  std::size_t undefined = 0;  ///< pairs left out because their difference is NaN (a cohort of one class, say)
  double mean = std::numeric_limits<double>::quiet_NaN();
  double standard_error = std::numeric_limits<double>::quiet_NaN();  ///< sd / sqrt(n), sd with n - 1
  double median = std::numeric_limits<double>::quiet_NaN();
  std::size_t negative = 0, positive = 0, zero = 0;       ///< sign count
  double low = std::numeric_limits<double>::quiet_NaN();  ///< 95 % t interval of the mean, n - 1 degrees of freedom
  double high = std::numeric_limits<double>::quiet_NaN();
  /// (t_0.975 + t_0.80) sd / sqrt(n): the effect that n seeds of this spread find four times in five.
  double smallest_resolvable = std::numeric_limits<double>::quiet_NaN();
  double t_test_p = std::numeric_limits<double>::quiet_NaN();     ///< two-sided paired t test
  double sign_test_p = std::numeric_limits<double>::quiet_NaN();  ///< two-sided exact sign test
  Reading reading = Reading::unresolved;
};

/// @param differences  one a seed, in the order of the seeds (the order only fixes the rounding); NaN = undefined
PairedDifference paired_difference(std::span<const double> differences);

/// Quantile of Student's t distribution; `degrees` >= 1.
double t_quantile(double probability, double degrees);

/// Two-sided exact sign test: the probability under Binomial(n, 1/2) of a split at least as uneven as the one found;
/// zeros are left out by the caller. NaN when there are no signs.
double sign_test(std::size_t negative, std::size_t positive);

/// Holm's step-down adjustment (Holm 1979) of a family of p-values: same order, NaN stays NaN and is not counted.
std::vector<double> holm_adjusted(std::span<const double> p);

}  // namespace c2al

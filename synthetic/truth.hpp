#pragma once
#include <cstddef>
#include <vector>

#include "synthetic/sampler.hpp"
#include "synthetic/world.hpp"

namespace c2al::synthetic {

/// 1 / (1 + exp(-x)).
double sigmoid(double x) noexcept;

/// The terms of the logit and the true probabilities of a block of samples. Results of one call last until the next.
class Truth {
 public:
  explicit Truth(const World& world);

  /// Computes the terms below and logit().
  void evaluate(const SampleBlock& block);
  /// (size) logit of p(y | x, all cohorts) without the intercept.
  const double* logit() const { return logit_.data(); }
  /// (size) linear term times its strength.
  const double* linear() const { return linear_.data(); }
  /// (size) global interactions times their strength and the multipliers of the sample's cohorts.
  const double* global() const { return global_.data(); }
  /// (size) bias and cohort-only interactions times their strength that a cohort has, or would have, on these samples.
  const double* cohort_effect(std::size_t axis, std::size_t cohort) const {
    return effect_[axis].data() + cohort * SampleBlock::capacity;
  }

  /// p_true = p(y | x, all cohorts) and p_bayes = p(y | x) of the evaluated block, both (size). p_bayes sums over every
  /// combination of hidden cohorts, weighted by its posterior probability given the proxies; both are equal without
  /// hidden axes.
  void probabilities(const SampleBlock& block, double intercept, double* p_true, double* p_bayes);

 private:
  double marginalised(const SampleBlock& block, std::size_t sample, double intercept);

  const World& world_;
  std::vector<std::size_t> hidden_;  ///< indices of the hidden axes
  std::vector<double> linear_, unmultiplied_, global_, logit_, specific_;
  std::vector<std::vector<double>> effect_;     ///< (axis)(cohort, capacity)
  std::vector<std::vector<double>> posterior_;  ///< (hidden axis)(cohort) of one sample
  std::vector<std::size_t> combination_;        ///< (hidden axis) cohort
};

}  // namespace c2al::synthetic

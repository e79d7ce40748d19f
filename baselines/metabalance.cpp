#include <algorithm>
#include <cmath>
#include <limits>

#include "baselines/gradient_method.hpp"

namespace c2al::baselines {

namespace {

/// Pulls the auxiliary gradients' magnitudes towards the primary's, whose weight stays 1. Magnitudes are moving
/// averages of norms over the whole gradient scope, where the authors' code balances each parameter tensor by itself.
/// An auxiliary gradient that has always been zero keeps weight 1.
class Metabalance final : public Aggregator {
 public:
  Metabalance(std::uint64_t, Settings& settings)
      : beta_(settings.number("beta", 0.9, 0, 1)),
        relax_factor_(settings.number("relax_factor", 0.7, 0, 1)),
        strategy_(settings.choice("strategy", "C", {"A", "B", "C"})) {}

  void weigh(const TaskGradients& gradients, std::span<double> weights) override {
    const std::size_t tasks = gradients.tasks;
    magnitude_.resize(tasks, 0.0);
    for (std::size_t t = 0; t < tasks; ++t)
      magnitude_[t] = beta_ * magnitude_[t] + (1 - beta_) * std::sqrt(std::max(gradients.gram[t * tasks + t], 0.0));
    weights[0] = 1;
    for (std::size_t t = 1; t < tasks; ++t) {
      const bool larger = magnitude_[t] > magnitude_[0];
      const bool balanced = magnitude_[t] > 0 && (strategy_ == "C" || larger == (strategy_ == "A"));
      const double ratio = balanced ? std::min(magnitude_[0] / magnitude_[t], std::numeric_limits<double>::max()) : 1.0;
      weights[t] = relax_factor_ * ratio + (1 - relax_factor_);
    }
  }

  void save(StateWriter& state) const override { state.numbers("metabalance", magnitude_); }
  void load(StateReader& state) override { magnitude_ = state.numbers("metabalance"); }

 private:
  double beta_, relax_factor_;
  std::string strategy_;
  std::vector<double> magnitude_;  ///< (T) not corrected for the start at 0, which cancels in every ratio
};

}  // namespace

MethodDescription metabalance() {
  MethodProperties p;
  p.permutation = Permutation::auxiliaries;
  p.permutation_reason = "the primary's magnitude is the yardstick";
  p.zero_auxiliary_is_plain = true;
  p.descent_reason = "only lengths are changed: gradients that conflict still do";
  return describe_gradient_method<Metabalance>(
      "MetaBalance: the auxiliary gradients' magnitudes are pulled towards the primary's",
      "He et al., MetaBalance: Improving Multi-Task Recommendations via Adapting Gradient Magnitudes of Auxiliary "
      "Tasks, WWW 2022; norms over the gradient scope, not a parameter tensor",
      p,
      {{"beta", "0.9", "decay of the moving averages of the norms", "factor a step"},
       {"relax_factor", "0.7", "how close to the primary's magnitude: 0 leaves the gradients, 1 makes it equal",
        "factor"},
       {"strategy", "C", "what is changed: larger gradients (A), smaller ones (B), both (C)", "A | B | C"}});
}

}  // namespace c2al::baselines

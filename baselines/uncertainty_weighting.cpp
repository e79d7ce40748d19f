#include <cmath>

#include "baselines/contrastive_pair.hpp"

namespace c2al::baselines {

namespace {

/// Minimises sum_t a L_t / e^{s_t} + s_t / 2 over the log variances s as well, L_t with its loss weight; a is 1 for
/// classification losses (equation 10) and 1/2 in the regression form (equation 7), which public code applies to any. s
/// starts at 0 and follows its gradient. A task of loss weight 0 has no variance to learn.
class UncertaintyWeighting final : public ContrastivePair {
 public:
  UncertaintyWeighting(const MethodContext& context, Settings& settings)
      : ContrastivePair(context, settings),
        scale_(settings.choice("likelihood", "classification", {"classification", "regression"}) == "regression" ? 0.5
                                                                                                                 : 1.0),
        learning_rate_(settings.number("weight_learning_rate", 0.025, 0, 1)),
        log_variance_(tasks(0).size(), 0.0) {}

  void coefficients(const StepInput& input, std::span<double> trunk, std::span<double> heads) override {
    const std::vector<TaskSpec> specs = tasks(0);
    for (std::size_t t = 0; t < trunk.size(); ++t) {
      if (specs[t].weight == 0) continue;
      trunk[t] = heads[t] = scale_ * std::exp(-log_variance_[t]);
      log_variance_[t] -= learning_rate_ * (0.5 - specs[t].weight * input.losses[t] * trunk[t]);
    }
  }

  void save(StateWriter& state) const override { state.numbers("log_variance", log_variance_); }
  void load(StateReader& state) override { log_variance_ = state.numbers("log_variance"); }

 private:
  double scale_, learning_rate_;
  std::vector<double> log_variance_;
};

}  // namespace

MethodDescription uncertainty_weighting() {
  MethodDescription d = describe_auxiliary_pair<UncertaintyWeighting>(
      "uncertainty weighting: each loss is divided by a learned variance",
      "Kendall, Gal and Cipolla, Multi-Task Learning Using Uncertainty to Weigh Losses, CVPR 2018, equations 7 and 10",
      cohort_label_settings(
          {{"likelihood", "classification",
            "form of the divided loss: L / e^s, the paper's for cross entropy, or L / (2 e^s)",
            "classification | regression"},
           {"weight_learning_rate", "0.025",
            "step of the log variances along their gradient (the paper trains them with the model)", "factor"}}));
  d.properties.zero_auxiliary_is_plain = false;
  d.properties.zero_auxiliary_reason = "the primary's own weight is learned too";
  d.properties.descent = Descent::none;
  d.properties.descent_reason = "it descends the sum under its own weights, not the given ones";
  return d;
}

}  // namespace c2al::baselines

#include <algorithm>
#include <cmath>

#include "baselines/contrastive_pair.hpp"

namespace c2al::baselines {

namespace {

/// Learns loss weights w that pull each task's gradient norm at the last shared layer towards the mean norm times its
/// relative inverse training rate to the power alpha. w starts at 1, follows the gradient of sum_t |G_t - target_t|,
/// stays at 0 or above and keeps its sum. A task of loss weight 0 takes no part.
class Gradnorm final : public ContrastivePair {
 public:
  Gradnorm(const MethodContext& context, Settings& settings)
      : ContrastivePair(context, settings),
        alpha_(settings.number("alpha", 1.5, 0, 100)),
        learning_rate_(settings.number("weight_learning_rate", 0.025, 0, 1)),
        weight_(tasks(0).size(), 1.0) {}

  StepNeeds needs(std::uint64_t) const override { return {GradientScope::last_shared_layer}; }

  void coefficients(const StepInput& input, std::span<double> trunk, std::span<double> heads) override {
    initial_loss_.resize(trunk.size(), 0.0);
    // A masked loss is 0 in a batch without its cohort.
    for (std::size_t t = 0; t < trunk.size(); ++t)
      if (!(initial_loss_[t] > 0)) initial_loss_[t] = input.losses[t];
    for (std::size_t t = 0; t < trunk.size(); ++t) trunk[t] = heads[t] = weight_[t];
    follow_gradient(input);
  }

  void save(StateWriter& state) const override {
    state.numbers("weight", weight_);
    state.numbers("initial_loss", initial_loss_);
  }
  void load(StateReader& state) override {
    weight_ = state.numbers("weight");
    initial_loss_ = state.numbers("initial_loss");
  }

 private:
  void follow_gradient(const StepInput& input) {
    const std::vector<TaskSpec> specs = tasks(0);
    const std::size_t count = weight_.size();
    std::vector<std::size_t> active;
    for (std::size_t t = 0; t < count; ++t)
      if (specs[t].weight > 0 && initial_loss_[t] > 0) active.push_back(t);
    if (active.empty()) return;
    const auto tasks_active = static_cast<double>(active.size());
    std::vector<double> norm(count), rate(count);
    double mean_norm = 0, mean_rate = 0;
    for (const std::size_t t : active) {
      norm[t] = std::sqrt(std::max(0.0, input.gram[t * count + t]));
      rate[t] = input.losses[t] / initial_loss_[t];
      mean_norm += weight_[t] * norm[t] / tasks_active;
      mean_rate += rate[t] / tasks_active;
    }
    if (!(mean_rate > 0)) return;
    double sum = 0;
    for (const std::size_t t : active) {
      const double excess = weight_[t] * norm[t] - mean_norm * std::pow(rate[t] / mean_rate, alpha_);
      const double sign = excess > 0 ? 1 : excess < 0 ? -1 : 0;
      weight_[t] = std::max(0.0, weight_[t] - learning_rate_ * sign * norm[t]);
      sum += weight_[t];
    }
    for (const std::size_t t : active) weight_[t] = sum > 0 ? weight_[t] * (tasks_active / sum) : 1.0;
  }

  double alpha_, learning_rate_;
  std::vector<double> weight_, initial_loss_;
};

}  // namespace

MethodDescription gradnorm() {
  MethodDescription d = describe_auxiliary_pair<Gradnorm>(
      "GradNorm: loss weights that balance gradient norms against training rates",
      "Chen et al., GradNorm, ICML 2018, algorithm 1",
      cohort_label_settings(
          {{"alpha", "1.5", "strength with which slow tasks are pulled along", "exponent"},
           {"weight_learning_rate", "0.025", "step of the loss weights along their gradient", "factor"}}));
  d.cost = "1 backward pass, and the top MLP's last layer a task";
  d.properties.descent = Descent::none;
  d.properties.descent_reason = "it descends the sum under its own weights, not the given ones";
  return d;
}

}  // namespace c2al::baselines

#include <cmath>

#include "baselines/contrastive_pair.hpp"

namespace c2al::baselines {

namespace {

/// Weighs a task by how slowly its loss fell: w_t = K softmax(r_t / temperature), r_t the ratio of its mean losses over
/// the last two whole periods; 1 before there are two. K tasks have a loss weight other than 0; the others do not
/// count.
class DynamicWeightAverage final : public ContrastivePair {
 public:
  DynamicWeightAverage(const MethodContext& context, Settings& settings)
      : ContrastivePair(context, settings),
        temperature_(settings.number("temperature", 2, 1e-3, 1e6)),
        period_(static_cast<std::uint64_t>(settings.integer("period", 20, 1, 1'000'000'000))),
        weight_(tasks(0).size(), 1.0),
        sum_(weight_.size(), 0.0),
        last_mean_(weight_.size(), 0.0) {}

  void coefficients(const StepInput& input, std::span<double> trunk, std::span<double> heads) override {
    if (input.step > 0 && input.step % period_ == 0) begin_period(input.step / period_);
    for (std::size_t t = 0; t < trunk.size(); ++t) {
      trunk[t] = heads[t] = weight_[t];
      sum_[t] += input.losses[t];
    }
  }

  void save(StateWriter& state) const override {
    state.numbers("weight", weight_);
    state.numbers("sum", sum_);
    state.numbers("last_mean", last_mean_);
  }
  void load(StateReader& state) override {
    weight_ = state.numbers("weight");
    sum_ = state.numbers("sum");
    last_mean_ = state.numbers("last_mean");
  }

 private:
  void begin_period(std::uint64_t whole_periods) {
    const std::vector<TaskSpec> specs = tasks(0);
    std::vector<double> share(sum_.size(), 0.0);
    double total = 0, active = 0;
    for (std::size_t t = 0; t < sum_.size(); ++t) {
      const double mean = sum_[t] / static_cast<double>(period_);
      // A loss of 0 has nothing left to fall.
      const double rate = last_mean_[t] > 0 ? mean / last_mean_[t] : 1.0;
      last_mean_[t] = mean;
      sum_[t] = 0;
      if (specs[t].weight == 0) continue;
      share[t] = std::exp(rate / temperature_);
      total += share[t];
      ++active;
    }
    if (whole_periods < 2) return;
    for (std::size_t t = 0; t < share.size(); ++t)
      if (share[t] > 0) weight_[t] = active * (share[t] / total);
  }

  double temperature_;
  std::uint64_t period_;
  std::vector<double> weight_, sum_, last_mean_;
};

}  // namespace

MethodDescription dynamic_weight_average() {
  MethodDescription d = describe_auxiliary_pair<DynamicWeightAverage>(
      "dynamic weight average: tasks whose loss falls slowly weigh more",
      "Liu, Johns and Davison, End-to-End Multi-Task Learning with Attention, CVPR 2019, equation 7",
      cohort_label_settings({{"temperature", "2", "evenness of the weights", "factor"},
                             {"period", "20", "steps that a mean loss is taken over (the paper's epoch)", "steps"}}));
  d.properties.descent = Descent::none;
  d.properties.descent_reason = "it descends the sum under its own weights, not the given ones";
  return d;
}

}  // namespace c2al::baselines

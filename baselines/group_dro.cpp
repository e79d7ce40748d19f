#include <algorithm>
#include <cmath>

#include "core/training/method.hpp"

namespace c2al::baselines {

namespace {

/// Minimises sum_g q_g L_g, L_g the mean loss of cohort g's samples in the batch, with q on the simplex moved towards
/// the worst cohorts by exponentiated gradient before it is used. The paper's algorithm draws one group a step; here,
/// as in its authors' code, every step updates all groups of the batch, and an absent one keeps its q up to the
/// normalisation. Kept as log q, so that no q is lost to underflow.
class GroupDro final : public Method {
 public:
  GroupDro(const MethodContext& context, double eta)
      : axis_(context.pair.axis), eta_(eta), log_q_(context.schema->axes.at(axis_).cohorts.size(), 0.0) {
    normalise();
  }

  StepNeeds needs(std::uint64_t) const override { return {std::nullopt, true}; }

  void reweigh(std::size_t, const BatchView& batch, std::span<const double> sample_loss,
               std::span<float> weight) override {
    std::vector<double> loss(log_q_.size(), 0.0), samples(log_q_.size(), 0.0);
    for (std::size_t b = 0; b < batch.size; ++b) {
      loss.at(cohort(batch, b)) += sample_loss[b];
      samples[cohort(batch, b)] += 1;
    }
    for (std::size_t g = 0; g < log_q_.size(); ++g)
      if (samples[g] > 0) log_q_[g] += eta_ * loss[g] / samples[g];
    normalise();
    for (std::size_t b = 0; b < batch.size; ++b) {
      const std::size_t g = cohort(batch, b);
      weight[b] = static_cast<float>(std::exp(log_q_[g]) * static_cast<double>(batch.size) / samples[g]);
    }
  }

  void save(StateWriter& state) const override { state.numbers("log_q", log_q_); }
  void load(StateReader& state) override { log_q_ = state.numbers("log_q"); }

 private:
  std::size_t cohort(const BatchView& batch, std::size_t b) const { return batch.cohort[b * batch.axes + axis_]; }

  void normalise() {
    const double largest = *std::max_element(log_q_.begin(), log_q_.end());
    double sum = 0;
    for (const double value : log_q_) sum += std::exp(value - largest);
    for (double& value : log_q_) value -= largest + std::log(sum);
  }

  std::size_t axis_;
  double eta_;
  std::vector<double> log_q_;
};

std::unique_ptr<Method> make(const MethodContext& context, Settings settings) {
  const double eta = settings.number("eta", 0.01, 0, 1e3);
  settings.finish();
  return std::make_unique<GroupDro>(context, eta);
}

}  // namespace

MethodDescription group_dro() {
  MethodDescription d;
  d.summary = "group DRO: minimises the loss of the worst cohorts of the pair's axis";
  d.paper = "Sagawa et al., Distributionally Robust Neural Networks for Group Shifts, ICLR 2020, algorithm 1";
  d.cost = "1 backward pass";
  d.settings = {{"eta", "0.01", "step size of the cohorts' weights q", "1 / nat"}};
  d.properties.permutation = Permutation::full;
  d.properties.zero_auxiliary_reason = "it has no auxiliary task";
  d.properties.descent = Descent::sum;
  d.make = make;
  return d;
}

}  // namespace c2al::baselines

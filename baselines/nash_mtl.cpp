#include <cmath>

#include "baselines/gradient_method.hpp"
#include "baselines/solvers/bargaining.hpp"

namespace c2al::baselines {

namespace {

/// Nash's bargaining solution G a = 1 / a. Its direction has length T^(1/2) whatever the gradients' lengths. A zero
/// gradient gets weight 0, all of them for a zero Gram matrix.
class NashMtl final : public Aggregator {
 public:
  NashMtl(std::uint64_t, Settings& settings) : max_norm_(settings.number("max_norm", 0, 0, 1e9)) {}

  void weigh(const TaskGradients& gradients, std::span<double> weights) override {
    const std::size_t tasks = gradients.tasks;
    const std::vector<double> found = bargaining_weights(gradients.gram, tasks);
    double square = 0;
    for (std::size_t i = 0; i < tasks; ++i)
      for (std::size_t j = 0; j < tasks; ++j) square += found[i] * gradients.gram[i * tasks + j] * found[j];
    const bool clipped = max_norm_ > 0 && square > max_norm_ * max_norm_;
    const double factor = clipped ? max_norm_ / std::sqrt(square) : 1.0;
    for (std::size_t t = 0; t < tasks; ++t) weights[t] = factor * found[t];
  }

 private:
  double max_norm_;
};

}  // namespace

MethodDescription nash_mtl() {
  MethodProperties p;
  p.permutation = Permutation::full;
  p.descent = Descent::every_task;
  p.zero_auxiliary_reason = "the direction's length is fixed, the primary's weight is one over its gradient's length";
  return describe_gradient_method<NashMtl>(
      "Nash-MTL: the direction on which the tasks would agree in Nash's bargaining game",
      "Navon et al., Multi-Task Learning as a Bargaining Game, ICML 2022, algorithm 1 (solved exactly at every step)",
      p,
      {{"max_norm", "0", "longest direction, 0 for no limit (the paper); the authors' code and TorchJD use 1",
        "gradient norm"}});
}

}  // namespace c2al::baselines

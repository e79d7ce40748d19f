#include "baselines/gradient_method.hpp"
#include "baselines/solvers/conflict_averse.hpp"

namespace c2al::baselines {

namespace {

/// The direction of the largest worst-task improvement within a ball around g0. Equal weights (center = average) or the
/// primary's alone (center = primary) where g0 is zero, for a zero Gram matrix too.
class Cagrad final : public Aggregator {
 public:
  Cagrad(std::uint64_t, Settings& settings)
      : c_(settings.number("c", 0.5, 0, 100)),
        primary_(settings.choice("center", "average", {"average", "primary"}) == "primary") {
    const std::string rescale = settings.choice("rescale", "none", {"none", "one_plus_c", "one_plus_c_squared"});
    factor_ = rescale == "one_plus_c" ? 1 / (1 + c_) : rescale == "one_plus_c_squared" ? 1 / (1 + c_ * c_) : 1.0;
  }

  void weigh(const TaskGradients& gradients, std::span<double> weights) override {
    const std::size_t tasks = gradients.tasks;
    std::vector<double> center(tasks, primary_ ? 0.0 : 1 / static_cast<double>(tasks));
    if (primary_) center[0] = 1;
    const std::vector<double> found = conflict_averse_weights(gradients.gram, tasks, center, c_);
    for (std::size_t t = 0; t < tasks; ++t) weights[t] = factor_ * found[t];
  }

 private:
  double c_;
  bool primary_;
  double factor_ = 1;
};

}  // namespace

MethodDescription cagrad() {
  MethodProperties p;
  p.permutation = Permutation::full;
  p.descent = Descent::sum;
  p.zero_auxiliary_reason = "the average over all tasks shrinks the primary's gradient";
  return describe_gradient_method<Cagrad>(
      "CAGrad: the best worst-task improvement within a ball around the average gradient",
      "Liu et al., Conflict-Averse Gradient Descent for Multi-task Learning, NeurIPS 2021", p,
      {{"c", "0.5", "radius of the ball in lengths of its centre", "factor"},
       {"rescale", "none",
        "what divides the direction: nothing (algorithm 1, TorchJD), 1 + c (the authors' toy) or 1 + c^2 (LibMTL)",
        "none | one_plus_c | one_plus_c_squared"},
       {"center", "average", "centre of the ball: the average gradient (the paper) or the primary's",
        "average | primary"}});
}

}  // namespace c2al::baselines

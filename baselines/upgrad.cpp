#include "baselines/gradient_method.hpp"
#include "baselines/solvers/dual_cone.hpp"

namespace c2al::baselines {

namespace {

/// The mean of the task gradients, each projected on the dual cone of all of them. Equal weights for a zero Gram
/// matrix.
class Upgrad final : public Aggregator {
 public:
  Upgrad(std::uint64_t, Settings& settings)
      : norm_eps_(settings.number("norm_eps", 0, 0, 1)), reg_eps_(settings.number("reg_eps", 0, 0, 1)) {}

  void weigh(const TaskGradients& gradients, std::span<double> weights) override {
    const std::size_t tasks = gradients.tasks;
    const std::vector<double> gram = regularised(gradients);
    for (double& weight : weights) weight = 0;
    std::vector<double> one(tasks, 0.0);
    for (std::size_t t = 0; t < tasks; ++t) {
      one[t] = 1;
      const std::vector<double> projected = project_on_dual_cone(gram, tasks, one);
      for (std::size_t i = 0; i < tasks; ++i) weights[i] += projected[i] / static_cast<double>(tasks);
      one[t] = 0;
    }
  }

 private:
  /// TorchJD's conditioning: unit trace (zero where the trace is below norm_eps), reg_eps on the diagonal.
  std::vector<double> regularised(const TaskGradients& gradients) const {
    std::vector<double> gram(gradients.gram.begin(), gradients.gram.end());
    if (norm_eps_ == 0 && reg_eps_ == 0) return gram;
    double trace = 0;
    for (std::size_t t = 0; t < gradients.tasks; ++t) trace += gram[t * gradients.tasks + t];
    for (double& entry : gram) entry = trace > 0 && trace >= norm_eps_ ? entry / trace : 0.0;
    for (std::size_t t = 0; t < gradients.tasks; ++t) gram[t * gradients.tasks + t] += reg_eps_;
    return gram;
  }

  double norm_eps_, reg_eps_;
};

}  // namespace

MethodDescription upgrad() {
  MethodProperties p;
  p.permutation = Permutation::full;
  p.descent = Descent::every_task;
  p.zero_auxiliary_reason = "the mean over all tasks shrinks the primary's gradient";
  return describe_gradient_method<Upgrad>(
      "UPGrad: each task gradient is projected on the dual cone of all of them, and the projections averaged",
      "Quinton and Rey, Jacobian Descent for Multi-Objective Optimization, arXiv 2406.16232, 2024", p,
      {{"norm_eps", "0", "trace of the Gram matrix below which it counts as zero; TorchJD uses 1e-4",
        "squared gradient norm"},
       {"reg_eps", "0", "added to the diagonal of the Gram matrix of unit trace; TorchJD uses 1e-4", "factor"}});
}

}  // namespace c2al::baselines

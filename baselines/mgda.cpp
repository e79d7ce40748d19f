#include <cmath>

#include "baselines/gradient_method.hpp"
#include "baselines/solvers/min_norm_point.hpp"

namespace c2al::baselines {

namespace {

/// Weights of the shortest vector in the convex hull of the task gradients; equal ones for a zero Gram matrix.
class Mgda final : public Aggregator {
 public:
  Mgda(std::uint64_t, Settings& settings)
      : normalization_(settings.choice("normalization", "none", {"none", "l2", "l2_step"})) {}

  void weigh(const TaskGradients& gradients, std::span<double> weights) override {
    const std::size_t tasks = gradients.tasks;
    std::vector<double> gram(gradients.gram.begin(), gradients.gram.end()), length(tasks, 1.0);
    if (normalization_ != "none") {
      for (std::size_t t = 0; t < tasks; ++t)
        if (gram[t * tasks + t] > 0) length[t] = std::sqrt(gram[t * tasks + t]);
      for (std::size_t i = 0; i < tasks; ++i)
        for (std::size_t j = 0; j < tasks; ++j) gram[i * tasks + j] = gram[i * tasks + j] / length[i] / length[j];
    }
    const std::vector<double> point = min_norm_point(gram, tasks);
    for (std::size_t t = 0; t < tasks; ++t) weights[t] = normalization_ == "l2_step" ? point[t] / length[t] : point[t];
  }

 private:
  std::string normalization_;
};

}  // namespace

MethodDescription mgda() {
  MethodProperties p;
  p.permutation = Permutation::full;
  p.descent = Descent::every_task;
  p.zero_auxiliary_reason = "a zero gradient is the shortest vector of the hull: nothing moves";
  return describe_gradient_method<Mgda>(
      "MGDA: the shortest vector in the convex hull of the task gradients",
      "Sener and Koltun, Multi-Task Learning as Multi-Objective Optimization, NeurIPS 2018; Desideri, 2012", p,
      {{"normalization", "none",
        "gradients whose hull is searched: the paper's; of unit length, weighing the original ones (the authors' code) "
        "or themselves (LibMTL)",
        "none | l2 | l2_step"}});
}

}  // namespace c2al::baselines

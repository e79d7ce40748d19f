#include <cmath>

#include "baselines/gradient_method.hpp"
#include "baselines/solvers/dense.hpp"
#include "baselines/solvers/unit_gram.hpp"

namespace c2al::baselines {

namespace {

/// The task gradients' principal components brought to one length: weights scale^(1/2) G^(-1/2) w, w = 1 / T, inverted
/// on the components whose eigenvalue is above 1e-12 T of the largest. Equal weights for a zero Gram matrix.
class AlignedMtl final : public Aggregator {
 public:
  AlignedMtl(std::uint64_t, Settings& settings)
      : scale_mode_(settings.choice("scale_mode", "min", {"min", "median", "rmse"})),
        sum_(settings.choice("reduction", "mean", {"mean", "sum"}) == "sum") {}

  void weigh(const TaskGradients& gradients, std::span<double> weights) override {
    const std::size_t tasks = gradients.tasks;
    const double preference = sum_ ? 1.0 : 1 / static_cast<double>(tasks);
    const double unit = longest(gradients.gram, tasks);
    if (!(unit > 0)) {
      for (double& weight : weights) weight = preference;
      return;
    }
    std::vector<double> gram(gradients.gram.begin(), gradients.gram.end());
    for (double& entry : gram) entry = entry / unit / unit;
    const Spectrum components = spectrum(gram, tasks);
    std::size_t first = 0;
    while (components.values[first] <= 1e-12 * static_cast<double>(tasks) * components.values.back()) ++first;

    for (double& weight : weights) weight = 0;
    const double scale = std::sqrt(common_eigenvalue(std::span(components.values).subspan(first)));
    for (std::size_t k = first; k < tasks; ++k) {
      double along = 0;
      for (std::size_t t = 0; t < tasks; ++t) along += components.vectors[t * tasks + k] * preference;
      const double factor = scale / std::sqrt(components.values[k]);
      for (std::size_t t = 0; t < tasks; ++t) weights[t] += factor * along * components.vectors[t * tasks + k];
    }
  }

 private:
  /// @param values  ascending
  double common_eigenvalue(std::span<const double> values) const {
    if (scale_mode_ == "min") return values.front();
    if (scale_mode_ == "median") return values[(values.size() - 1) / 2];
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
  }

  std::string scale_mode_;
  bool sum_;
};

}  // namespace

MethodDescription aligned_mtl() {
  MethodProperties p;
  p.permutation = Permutation::full;
  p.descent = Descent::sum;
  p.zero_auxiliary_reason = "the average over all tasks shrinks the primary's gradient";
  return describe_gradient_method<AlignedMtl>(
      "Aligned-MTL: the principal components of the task gradients are brought to one length",
      "Senushkin et al., Independent Component Alignment for Multi-Task Learning, CVPR 2023, algorithm 1", p,
      {{"scale_mode", "min", "the common length: the root of the least, the (lower) median or the mean eigenvalue",
        "min | median | rmse"},
       {"reduction", "mean", "what becomes of the aligned gradients: averaged (TorchJD) or added up (LibMTL)",
        "mean | sum"}});
}

}  // namespace c2al::baselines

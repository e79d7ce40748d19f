#include <cmath>

#include "baselines/gradient_method.hpp"
#include "baselines/solvers/dense.hpp"
#include "baselines/solvers/unit_gram.hpp"

namespace c2al::baselines {

namespace {

/// Weights that sum to 1 and give the direction equal projections on all task gradients. Dependent gradients get the
/// shortest least-squares solution in unit gradients. Zero gradients get weight 0; where no such weights exist (the sum
/// to be scaled to 1 is 0, as for opposing gradients), all do.
class ImtlG final : public Aggregator {
 public:
  ImtlG(std::uint64_t, Settings&) {}

  void weigh(const TaskGradients& gradients, std::span<double> weights) override {
    const UnitGram unit = unit_gram(gradients.gram, gradients.tasks);
    const std::vector<double> ones(unit.size(), 1.0);
    const std::vector<double> found = unit.weights(least_norm_solution(unit.cosine, ones));
    double sum = 0, magnitude = 0;
    for (const double weight : found) {
      sum += weight;
      magnitude += std::abs(weight);
    }
    const bool exist = std::abs(sum) > 1e-12 * magnitude;
    for (std::size_t t = 0; t < gradients.tasks; ++t) weights[t] = exist ? found[t] / sum : 0.0;
  }
};

}  // namespace

MethodDescription imtl_g() {
  MethodProperties p;
  p.permutation = Permutation::full;
  p.descent_reason = "weights may be negative, and with them the projection that all tasks share";
  p.zero_auxiliary_is_plain = true;
  return describe_gradient_method<ImtlG>("IMTL-G: the direction has equal projections on all task gradients",
                                         "Liu et al., Towards Impartial Multi-task Learning, ICLR 2021", p);
}

}  // namespace c2al::baselines

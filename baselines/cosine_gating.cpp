#include <algorithm>
#include <cmath>

#include "baselines/gradient_method.hpp"

namespace c2al::baselines {

namespace {

/// The primary gradient plus those auxiliary ones that point the same way. The primary's weight is always 1; a zero
/// gradient has cosine 0 and gets weight 0.
class CosineGating final : public Aggregator {
 public:
  CosineGating(std::uint64_t, Settings& settings)
      : weighted_(settings.choice("mode", "hard", {"hard", "weighted"}) == "weighted") {}

  void weigh(const TaskGradients& gradients, std::span<double> weights) override {
    const std::size_t tasks = gradients.tasks;
    weights[0] = 1;
    const double primary = std::sqrt(std::max(gradients.gram[0], 0.0));
    for (std::size_t t = 1; t < tasks; ++t) {
      const double product = gradients.gram[t], square = gradients.gram[t * tasks + t];
      const bool agrees = product > 0 && primary > 0 && square > 0;
      weights[t] = !agrees ? 0.0 : weighted_ ? std::min(product / primary / std::sqrt(square), 1.0) : 1.0;
    }
  }

 private:
  bool weighted_;
};

}  // namespace

MethodDescription cosine_gating() {
  MethodProperties p;
  p.permutation = Permutation::auxiliaries;
  p.permutation_reason = "the primary gradient is the yardstick";
  p.zero_auxiliary_is_plain = true;
  p.descent = Descent::primary;
  return describe_gradient_method<CosineGating>(
      "gradient-cosine gating: auxiliary gradients count while their cosine with the primary's is positive",
      "Du et al., Adapting Auxiliary Losses Using Gradient Similarity, arXiv 1812.02224, 2018", p,
      {{"mode", "hard", "an agreeing auxiliary gradient counts in full or times its cosine", "hard | weighted"}});
}

}  // namespace c2al::baselines

#pragma once
#include <algorithm>
#include <cmath>
#include <type_traits>

#include "baselines/contrastive_pair.hpp"

namespace c2al::baselines {

/// A control of C2AL, an AuxiliaryPair P, that can be compared with it at equal loss weights (lambda_match = equal) or
/// at an equal push on the trunk (gradient_norm): the auxiliary tasks of two methods differ in gradient norm at the
/// same weights, and a control that pushes less shows less of everything. With gradient_norm the model also carries
/// C2AL's two tasks, of the same loss weights, whose heads learn but which never move the trunk. Every match_interval
/// steps the norms at h of the summed weighted auxiliary gradients are measured, the control's own and C2AL's. The
/// control's auxiliary losses are multiplied by the ratio of their means so far, C2AL's over its own (1 while its own
/// is 0). A task that gets solved, as membership in a cohort that is an input, has hardly a gradient left: its factor
/// grows and still it pushes less than C2AL.
template <class P>
class MatchedControl final : public P {
  static_assert(std::is_base_of_v<AuxiliaryPair, P>);

 public:
  /// Reads what P reads, lambda_match and match_interval.
  MatchedControl(const MethodContext& context, Settings& settings)
      : P(context, settings),
        pair_(context.pair),
        matched_(settings.choice("lambda_match", "equal", {"equal", "gradient_norm"}) == "gradient_norm"),
        interval_(static_cast<std::uint64_t>(settings.integer("match_interval", 10, 1, 1'000'000))) {}

  std::vector<TaskSpec> tasks(std::size_t model) const override {
    std::vector<TaskSpec> tasks = P::tasks(model);
    if (!matched_) return tasks;
    tasks.push_back({"head_reference", tasks[1].weight, false});
    tasks.push_back({"tail_reference", tasks[2].weight, false});
    return tasks;
  }

  void make_targets(std::size_t model, const BatchView& batch, std::span<float> target,
                    std::span<float> weight) const override {
    P::make_targets(model, batch, target, weight);
    if (!matched_) return;
    for (std::size_t b = 0; b < batch.size; ++b) {
      const bool head = in_cohort(batch, b, pair_.axis, pair_.head_cohort);
      const bool tail = in_cohort(batch, b, pair_.axis, pair_.tail_cohort);
      target[3 * batch.size + b] = head ? batch.label[b] : 0.0f;
      target[4 * batch.size + b] = tail ? batch.label[b] : 0.0f;
      // A masked control is compared with masked C2AL.
      if (this->masked() && !head) weight[3 * batch.size + b] = 0.0f;
      if (this->masked() && !tail) weight[4 * batch.size + b] = 0.0f;
    }
  }

  StepNeeds needs(std::uint64_t step) const override {
    StepNeeds needs = P::needs(step);
    if (matched_ && step % interval_ == 0) needs.gram = GradientScope::representation;
    return needs;
  }

  void coefficients(const StepInput& input, std::span<double> trunk, std::span<double> heads) override {
    if (!matched_) return;
    if (!input.gram.empty()) {
      own_sum_ += norm_of_sum(input.gram, 1, 2);
      reference_sum_ += norm_of_sum(input.gram, 3, 4);
    }
    const double factor = own_sum_ > 0 ? reference_sum_ / own_sum_ : 1.0;
    trunk[1] = trunk[2] = heads[1] = heads[2] = factor;
    trunk[3] = trunk[4] = 0.0;
  }

  void save(StateWriter& state) const override {
    state.number("own_sum", own_sum_);
    state.number("reference_sum", reference_sum_);
  }
  void load(StateReader& state) override {
    own_sum_ = state.number("own_sum");
    reference_sum_ = state.number("reference_sum");
  }

 private:
  /// |g_i + g_j| from the Gram matrix of five tasks.
  static double norm_of_sum(std::span<const double> gram, std::size_t i, std::size_t j) {
    return std::sqrt(std::max(0.0, gram[i * 5 + i] + gram[j * 5 + j] + 2 * gram[i * 5 + j]));
  }

  CohortPair pair_;
  bool matched_;
  std::uint64_t interval_;
  double own_sum_ = 0, reference_sum_ = 0;  ///< of the norms measured so far, as often the one as the other
};

/// The description of a control P that the paper lacks.
template <class P>
MethodDescription describe_matched_control(std::string summary, std::vector<SettingDescription> more_settings = {}) {
  more_settings.insert(
      more_settings.end(),
      {{"lambda_match", "equal",
        "compare with c2al at equal loss weights, or at an equal mean norm of the auxiliary gradient at h",
        "equal | gradient_norm"},
       {"match_interval", "10", "how often lambda_match = gradient_norm measures the norms", "steps"}});
  MethodDescription d = describe_auxiliary_pair<MatchedControl<P>>(
      std::move(summary), "none: a control the paper lacks", std::move(more_settings));
  d.cost += "; lambda_match = gradient_norm adds two heads and a Gram matrix at h every match_interval steps";
  return d;
}

}  // namespace c2al::baselines

#pragma once
#include <utility>

#include "core/training/method.hpp"

namespace c2al::baselines {

/// Primary task plus two weighted auxiliary tasks (equation 4). A method of this shape says only what the auxiliary
/// labels are; the primary's logit is served.
class AuxiliaryPair : public Method {
 public:
  /// Reads lambda_head and lambda_tail (defaults: the scenario's) and rejects every other key the caller has not read.
  AuxiliaryPair(const MethodContext& context, Settings& settings)
      : lambda_head_(settings.number("lambda_head", context.lambda_head, 0, 1e6)),
        lambda_tail_(settings.number("lambda_tail", context.lambda_tail, 0, 1e6)) {
    settings.finish();
  }

  std::vector<TaskSpec> tasks(std::size_t) const override {
    return {{"primary", 1.0}, {"head_cohort", lambda_head_}, {"tail_cohort", lambda_tail_}};
  }

  void make_targets(std::size_t, const BatchView& batch, std::span<float> target, std::span<float>) const override {
    for (std::size_t b = 0; b < batch.size; ++b) {
      target[batch.size + b] = head_label(batch, b);
      target[2 * batch.size + b] = tail_label(batch, b);
    }
  }

 protected:
  virtual float head_label(const BatchView& batch, std::size_t sample) const = 0;
  virtual float tail_label(const BatchView& batch, std::size_t sample) const = 0;

 private:
  double lambda_head_, lambda_tail_;
};

/// The description of a method M of this shape; M is made from the context and its settings.
template <class M>
MethodDescription describe_auxiliary_pair(std::string summary, std::string paper) {
  MethodDescription d;
  d.summary = std::move(summary);
  d.paper = std::move(paper);
  d.cost = "1 backward pass";
  d.settings = {{"lambda_head", "the scenario's [method] lambda_head", "weight of the head cohort's auxiliary loss"},
                {"lambda_tail", "the scenario's [method] lambda_tail", "weight of the tail cohort's auxiliary loss"}};
  d.make = [](const MethodContext& context, Settings settings) -> std::unique_ptr<Method> {
    return std::make_unique<M>(context, settings);
  };
  return d;
}

/// The same for a control that the paper lacks.
template <class M>
MethodDescription describe_auxiliary_control(std::string summary) {
  return describe_auxiliary_pair<M>(std::move(summary), "none: a control the paper lacks");
}

}  // namespace c2al::baselines

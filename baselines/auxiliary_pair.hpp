#pragma once
#include <utility>

#include "core/training/method.hpp"

namespace c2al::baselines {

/// Primary task plus two weighted auxiliary tasks (equation 4). A method of this shape says only what the auxiliary
/// labels are; the primary's logit is served.
class AuxiliaryPair : public Method {
 public:
  /// Reads lambda_head and lambda_tail (defaults: the scenario's) and aux_gradient_scope.
  AuxiliaryPair(const MethodContext& context, Settings& settings)
      : lambda_head_(settings.number("lambda_head", context.lambda_head, 0, 1e6)),
        lambda_tail_(settings.number("lambda_tail", context.lambda_tail, 0, 1e6)),
        scope_(read_scope(settings)) {}

  std::vector<TaskSpec> tasks(std::size_t) const override {
    return {{"primary", 1.0}, {"head_cohort", lambda_head_}, {"tail_cohort", lambda_tail_}};
  }
  AuxiliaryGradientScope auxiliary_gradient_scope() const override { return scope_; }
  /// Whether an auxiliary loss counts its own cohort's samples only.
  virtual bool masked() const { return false; }

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
  static AuxiliaryGradientScope read_scope(Settings& settings) {
    using enum AuxiliaryGradientScope;
    const std::string scope = settings.choice(
        "aux_gradient_scope", "all", {"all", "attention_only", "all_but_attention", "embeddings_only", "head_only"});
    return scope == "attention_only"      ? attention_only
           : scope == "all_but_attention" ? all_but_attention
           : scope == "embeddings_only"   ? embeddings_only
           : scope == "head_only"         ? head_only
                                          : all;
  }

  double lambda_head_, lambda_tail_;
  AuxiliaryGradientScope scope_;
};

/// The settings that AuxiliaryPair reads, and what a method adds to them.
inline std::vector<SettingDescription> auxiliary_settings(std::vector<SettingDescription> more = {}) {
  std::vector<SettingDescription> settings = {
      {"lambda_head", "the scenario's [method] lambda_head", "weight of the head cohort's auxiliary loss", "factor"},
      {"lambda_tail", "the scenario's [method] lambda_tail", "weight of the tail cohort's auxiliary loss", "factor"},
      {"aux_gradient_scope", "all", "shared parameters that the auxiliary tasks move",
       "all | attention_only | all_but_attention | embeddings_only | head_only"}};
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

/// Properties of a method that adds up its weighted losses and asks for nothing.
inline MethodProperties plain_sum_properties() {
  MethodProperties p;
  p.permutation = Permutation::full;
  p.zero_auxiliary_is_plain = true;
  p.descent = Descent::sum;
  return p;
}

/// The description of a method M of this shape; M is made from the context and its settings.
template <class M>
MethodDescription describe_auxiliary_pair(std::string summary, std::string paper,
                                          std::vector<SettingDescription> more_settings = {}) {
  MethodDescription d;
  d.summary = std::move(summary);
  d.paper = std::move(paper);
  d.cost = "1 backward pass (2 with an aux_gradient_scope other than all and head_only)";
  d.settings = auxiliary_settings(std::move(more_settings));
  d.properties = plain_sum_properties();
  d.make = [](const MethodContext& context, Settings settings) -> std::unique_ptr<Method> {
    auto method = std::make_unique<M>(context, settings);
    settings.finish();
    return method;
  };
  return d;
}

}  // namespace c2al::baselines

#pragma once
#include <algorithm>
#include <cmath>
#include <limits>

#include "baselines/contrastive_pair.hpp"
#include "core/training/aggregator.hpp"

namespace c2al::baselines {

/// C2AL's tasks, with the gradients of the weighted losses combined by an aggregator at a scope. A task's own
/// parameters get its own gradient as it is.
class GradientMethod final : public ContrastivePair {
 public:
  GradientMethod(const MethodContext& context, Settings& settings, std::unique_ptr<Aggregator> aggregator)
      : ContrastivePair(context, settings), aggregator_(std::move(aggregator)), scope_(read_scope(settings)) {}

  StepNeeds needs(std::uint64_t) const override { return {scope_}; }
  void coefficients(const StepInput& input, std::span<double> trunk, std::span<double>) override {
    // Rules are made for finite numbers; the trainer reports a coefficient that is not finite as divergence.
    if (!std::all_of(input.gram.begin(), input.gram.end(), [](double entry) { return std::isfinite(entry); })) {
      std::fill(trunk.begin(), trunk.end(), std::numeric_limits<double>::quiet_NaN());
      return;
    }
    aggregator_->weigh({trunk.size(), input.gram, input.step}, trunk);
  }
  void save(StateWriter& state) const override { aggregator_->save(state); }
  void load(StateReader& state) override { aggregator_->load(state); }

 private:
  static GradientScope read_scope(Settings& settings) {
    const std::string scope =
        settings.choice("gradient_scope", "shared_parameters", {"shared_parameters", "dense_shared", "representation"});
    return scope == "dense_shared"     ? GradientScope::dense_shared
           : scope == "representation" ? GradientScope::representation
                                       : GradientScope::shared_parameters;
  }

  std::unique_ptr<Aggregator> aggregator_;
  GradientScope scope_;
};

/// The description of a gradient method whose rule is the aggregator A, made as A(seed, settings).
template <class A>
MethodDescription describe_gradient_method(std::string summary, std::string paper, MethodProperties properties,
                                           std::vector<SettingDescription> rule_settings = {}) {
  MethodDescription d;
  d.summary = std::move(summary);
  d.paper = std::move(paper);
  d.cost = "1 backward pass a task; at gradient_scope = representation 1 pass and the top MLP's a task";
  d.settings = auxiliary_settings(
      cohort_label_settings({{"gradient_scope", "shared_parameters", "where the task gradients are compared",
                              "shared_parameters | dense_shared | representation"}}));
  d.settings.insert(d.settings.end(), rule_settings.begin(), rule_settings.end());
  d.properties = std::move(properties);
  d.make = [](const MethodContext& context, Settings settings) -> std::unique_ptr<Method> {
    auto aggregator = std::make_unique<A>(context.seed, settings);
    auto method = std::make_unique<GradientMethod>(context, settings, std::move(aggregator));
    settings.finish();
    return method;
  };
  d.make_aggregator = [](std::uint64_t seed, Settings settings) -> std::unique_ptr<Aggregator> {
    auto aggregator = std::make_unique<A>(seed, settings);
    settings.finish();
    return aggregator;
  };
  return d;
}

}  // namespace c2al::baselines

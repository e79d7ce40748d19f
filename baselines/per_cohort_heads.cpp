#include "core/training/method.hpp"

namespace c2al::baselines {

namespace {

/// One head a cohort of the pair's axis on a shared trunk. A head's loss counts its cohort's samples only, still
/// divided by the whole batch, so that the losses add up to plain's; a sample is served by its cohort's head.
class PerCohortHeads final : public Method {
 public:
  explicit PerCohortHeads(const MethodContext& context)
      : axis_(context.pair.axis), cohorts_(context.schema->axes.at(axis_).cohorts) {}

  std::vector<TaskSpec> tasks(std::size_t) const override {
    std::vector<TaskSpec> tasks;
    for (const std::string& cohort : cohorts_) tasks.push_back({cohort, 1.0});
    return tasks;
  }
  void make_targets(std::size_t, const BatchView& batch, std::span<float>, std::span<float> weight) const override {
    for (std::size_t t = 0; t < cohorts_.size(); ++t)
      for (std::size_t b = 0; b < batch.size; ++b) weight[t * batch.size + b] = cohort(batch, b) == t ? 1.0f : 0.0f;
  }
  ServedLogit served(const BatchView& batch, std::size_t sample) const override {
    return {0, static_cast<std::uint32_t>(cohort(batch, sample))};
  }

 private:
  std::size_t cohort(const BatchView& batch, std::size_t b) const { return batch.cohort[b * batch.axes + axis_]; }
  std::size_t axis_;
  std::vector<std::string> cohorts_;
};

std::unique_ptr<Method> make(const MethodContext& context, Settings settings) {
  settings.finish();
  return std::make_unique<PerCohortHeads>(context);
}

}  // namespace

MethodDescription per_cohort_heads() {
  MethodDescription d;
  d.summary = "a head for each cohort of the pair's axis on a shared trunk, each serving its own cohort";
  d.paper =
      "the multi-task heads that C2AL's abstract names as earlier practice; a shared bottom (Caruana, Multitask "
      "Learning, 1997) with cohorts as tasks";
  d.cost = "1 backward pass";
  d.properties = {Permutation::full, {}, false, "every task is a cohort's primary one", Descent::sum, {}};
  d.make = make;
  return d;
}

}  // namespace c2al::baselines

#include "core/training/method.hpp"

namespace c2al::baselines {

namespace {

/// A whole model a cohort of the pair's axis, trained on that cohort's samples of every batch and serving them.
class SingleTaskPerCohort final : public Method {
 public:
  explicit SingleTaskPerCohort(const MethodContext& context)
      : axis_(context.pair.axis), cohorts_(context.schema->axes.at(axis_).cohorts.size()) {}

  std::size_t models() const override { return cohorts_; }
  bool in_model(std::size_t model, const BatchView& batch, std::size_t sample) const override {
    return cohort(batch, sample) == model;
  }
  ServedLogit served(const BatchView& batch, std::size_t sample) const override {
    return {static_cast<std::uint32_t>(cohort(batch, sample)), 0};
  }

 private:
  std::size_t cohort(const BatchView& batch, std::size_t b) const { return batch.cohort[b * batch.axes + axis_]; }
  std::size_t axis_, cohorts_;
};

std::unique_ptr<Method> make(const MethodContext& context, Settings settings) {
  settings.finish();
  return std::make_unique<SingleTaskPerCohort>(context);
}

}  // namespace

MethodDescription single_task_per_cohort() {
  MethodDescription d;
  d.summary = "a model for each cohort of the pair's axis, trained on that cohort alone and serving it";
  d.paper = "none: the upper end of cost, without any sharing";
  d.cost = "1 model a cohort (parameters and memory times their number), 1 backward pass over each sample in all";
  d.properties = {Permutation::full, {}, false, "it has no auxiliary task", Descent::sum, {}};
  d.make = make;
  return d;
}

}  // namespace c2al::baselines

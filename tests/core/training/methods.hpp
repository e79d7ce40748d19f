#pragma once
#include <cmath>

#include "core/training/method.hpp"

namespace c2al::testing {

/// Weighs the tasks by a running mean of their losses: a state that must survive a resume.
class LossWeighted final : public Method {
 public:
  std::vector<TaskSpec> tasks(std::size_t) const override { return {{"primary", 1.0}, {"copy", 0.5}}; }
  void coefficients(const StepInput& input, std::span<double> trunk, std::span<double> heads) override {
    for (std::size_t t = 0; t < trunk.size(); ++t) {
      mean_[t] = 0.9 * mean_[t] + 0.1 * input.losses[t];
      trunk[t] = heads[t] = 1.0 / (0.1 + mean_[t]);
    }
  }
  void save(StateWriter& state) const override { state.numbers("mean", mean_); }
  void load(StateReader& state) override { mean_ = state.numbers("mean"); }

 private:
  std::vector<double> mean_ = {0.0, 0.0};
};

/// Drops the auxiliary task where its gradient at h opposes the primary's.
class CosineAtRepresentation final : public Method {
 public:
  std::vector<TaskSpec> tasks(std::size_t) const override { return {{"primary", 1.0}, {"inverted", 1.0}}; }
  void make_targets(std::size_t, const BatchView& batch, std::span<float> target, std::span<float>) const override {
    for (std::size_t b = 0; b < batch.size; ++b) target[batch.size + b] = 1.0f - batch.label[b];
  }
  StepNeeds needs(std::uint64_t) const override { return {GradientScope::representation}; }
  void coefficients(const StepInput& input, std::span<double> trunk, std::span<double>) override {
    cosine = input.gram[1] / std::sqrt(input.gram[0] * input.gram[3]);
    if (cosine < 0) trunk[1] = 0;
  }
  double cosine = 0;
};

/// Two updates a batch, primary then auxiliary, and a served head that depends on the sample's cohort.
class TwoUpdates final : public Method {
 public:
  std::vector<TaskSpec> tasks(std::size_t) const override { return {{"others", 1.0}, {"first_cohort", 1.0}}; }
  void make_targets(std::size_t, const BatchView& batch, std::span<float>, std::span<float> weight) const override {
    for (std::size_t b = 0; b < batch.size; ++b) weight[(in_first(batch, b) ? 0 : batch.size) + b] = 0.0f;
  }
  std::vector<PlannedUpdate> plan(std::uint64_t) override { return {{{0}}, {{1}}}; }
  ServedLogit served(const BatchView& batch, std::size_t b) const override { return {0, in_first(batch, b) ? 1u : 0u}; }

 private:
  static bool in_first(const BatchView& batch, std::size_t b) { return batch.cohort[b * batch.axes] == 0; }
};

/// One model for each cohort of the first axis (two cohorts), each trained on its own samples.
class ModelPerCohort final : public Method {
 public:
  std::size_t models() const override { return 2; }
  bool in_model(std::size_t model, const BatchView& batch, std::size_t b) const override {
    return batch.cohort[b * batch.axes] == model;
  }
  ServedLogit served(const BatchView& batch, std::size_t b) const override { return {batch.cohort[b * batch.axes], 0}; }
};

}  // namespace c2al::testing

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/model/make_dhen_model.hpp"
#include "tests/core/model/expert_samples.hpp"

namespace c2al::testing {
namespace {

/// What backends may differ by, relative to a tensor's largest entry after five steps: the same sums in another order.
/// Rules that divide by the gradient's size make whole steps of a gradient that is all rounding. Largest seen: float32
/// 2.0e-4 (3.7e-7 with SGD), float64 3.3e-13. Some ten times as much is allowed.
double tolerance(const std::string& precision, OptimizerKind optimizer) {
  if (precision == "float64") return 5e-12;
  return optimizer == OptimizerKind::sgd ? 5e-6 : 2e-3;
}

class Backends : public ::testing::TestWithParam<std::tuple<std::string, HeadKind, OptimizerKind, bool>> {};
INSTANTIATE_TEST_SUITE_P(Device, Backends,
                         ::testing::Combine(::testing::Values("float32", "float64"),
                                            ::testing::Values(HeadKind::shared_bottom, HeadKind::mmoe, HeadKind::ple,
                                                              HeadKind::towers),
                                            ::testing::Values(OptimizerKind::adam, OptimizerKind::adagrad,
                                                              OptimizerKind::row_wise_adagrad, OptimizerKind::sgd),
                                            ::testing::Bool()));

TEST_P(Backends, TrainAlike) {
  const auto& [precision, kind, optimizer, gram] = GetParam();
  const double allowed = tolerance(precision, optimizer);
  const InputShape input = small_input();
  const HeadConfig heads = kind == HeadKind::shared_bottom ? HeadConfig{3} : expert_heads(kind, 3, 2);
  const ChunkConfig chunk{16, 2};
  const auto host = make_dhen_model<Kokkos::DefaultHostExecutionSpace>(full_model(), heads, input, precision, chunk);
  const auto device = make_model(full_model(), heads, input, precision, chunk);
  const TaskCoefficients coefficients{{1, 0.3, 0.7}, {1, 0.3, 0.7}};
  const std::vector<double> scale{1, 0.5, 2};
  std::vector<double> losses[2] = {std::vector<double>(3), std::vector<double>(3)};
  for (std::uint64_t step = 1; step <= 5; ++step) {
    const Samples samples(50 + step, 3, input, step);
    UpdateRule rule;
    rule.kind = optimizer;
    rule.step = step;
    rule.learning_rate = rule.embedding_learning_rate = 0.01;
    std::vector<double> grams[2] = {std::vector<double>(9), std::vector<double>(9)};
    int which = 0;
    for (Model* model : {host.get(), device.get()}) {
      if (step == 1) model->initialise(3, 0);
      model->forward(samples.view());
      model->losses(samples.task_targets(true), losses[which]);
      if (gram) {
        model->gram(GradientScope::shared_parameters, scale, grams[which]);
        model->combine(coefficients);
      } else {
        model->backward(coefficients);
      }
      model->update(rule);
      ++which;
    }
    EXPECT_LT(relative_difference(losses[0], losses[1]), allowed) << step;
    EXPECT_LT(relative_difference(grams[0], grams[1]), allowed) << step;
  }
  double largest = 0;
  for (const std::string& name : parameter_names(*host)) {
    const double difference = relative_difference(host->parameter(name), device->parameter(name));
    EXPECT_LT(difference, allowed) << name;
    largest = std::max(largest, difference);
  }
  // Equal to the bit would mean that the host was compared with itself.
  EXPECT_GT(largest, 0);
  RecordProperty("largest_difference", fmt::format("{:.2g}", largest));
}

}  // namespace
}  // namespace c2al::testing

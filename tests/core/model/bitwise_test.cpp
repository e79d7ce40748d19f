#include <gtest/gtest.h>

#include "core/training/state.hpp"
#include "tests/core/model/model_samples.hpp"

namespace c2al::testing {
namespace {

UpdateRule rule_of(OptimizerKind kind, std::uint64_t step) {
  UpdateRule rule;
  rule.kind = kind;
  rule.step = step;
  rule.learning_rate = rule.embedding_learning_rate = 0.01;
  return rule;
}

void train(Model& model, const Samples& samples, const TaskCoefficients& coefficients, std::uint64_t first,
           std::uint64_t last, OptimizerKind kind = OptimizerKind::adam) {
  for (std::uint64_t step = first; step <= last; ++step) {
    pass(model, samples, coefficients);
    model.update(rule_of(kind, step));
  }
}

std::vector<float> predictions(Model& model, const Samples& samples) {
  std::vector<float> logits(samples.size * model.heads().tasks);
  model.predict(samples.view(), logits);
  return logits;
}

class Precisions : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Model, Precisions, ::testing::Values("float32", "float64"));

TEST_P(Precisions, TasksOfWeightZeroLeaveThePrimaryBitIdentical) {
  const InputShape input = small_input();
  Samples three(50, 3, input);
  Samples one = three;
  one.tasks = 1;
  const auto alone = make_model(full_model(), HeadConfig{1}, input, GetParam(), {16, 3});
  const auto among = make_model(full_model(), HeadConfig{3}, input, GetParam(), {16, 3});
  alone->initialise(9, 0);
  among->initialise(9, 0);
  train(*alone, one, {{1}, {1}}, 1, 5);
  train(*among, three, {{1, 0, 0}, {1, 0, 0}}, 1, 5);
  for (const std::string& name : parameter_names(*alone)) {
    const std::vector<double> expected = alone->parameter(name);
    std::vector<double> found = among->parameter(name);
    found.resize(expected.size());  // heads: row 0
    EXPECT_EQ(found, expected) << name;
  }
  const std::vector<float> expected = predictions(*alone, one), found = predictions(*among, three);
  for (std::size_t b = 0; b < one.size; ++b) EXPECT_EQ(found[3 * b], expected[b]) << b;
}

TEST_P(Precisions, ServedModelPredictsAsTheTrainedOneBitForBit) {
  const InputShape input = small_input();
  const Samples samples(50, 3, input);
  const auto trained = make_model(full_model(), HeadConfig{3}, input, GetParam(), {16, 3});
  trained->initialise(4, 0);
  train(*trained, samples, {{1, 0.3, 0.7}, {1, 0.3, 0.7}}, 1, 3);
  const std::vector<float> all = predictions(*trained, samples);
  for (std::size_t task = 0; task < 3; ++task) {
    const auto served = export_served(*trained, task);
    const std::vector<float> logits = predictions(*served, samples);
    for (std::size_t b = 0; b < samples.size; ++b) ASSERT_EQ(logits[b], all[3 * b + task]) << b;
    // It has exactly what a plain model has, and costs what it costs.
    const auto plain = make_model(full_model(), HeadConfig{1}, input, GetParam());
    EXPECT_EQ(served->layout().size, plain->layout().size);
    EXPECT_EQ(parameter_names(*served), parameter_names(*plain));
    EXPECT_EQ(model_cost(served->config(), served->heads(), served->input()).forward_flop,
              model_cost(full_model(), HeadConfig{1}, input).forward_flop);
  }
  EXPECT_THROW(export_served(*trained, 3), std::exception);
}

TEST_P(Precisions, EqualRunsGiveEqualBits) {
  const InputShape input = small_input();
  const Samples samples(37, 2, input);
  const auto a = make_model(full_model(), HeadConfig{2}, input, GetParam(), {8, 2});
  const auto b = make_model(full_model(), HeadConfig{2}, input, GetParam(), {8, 2});
  for (Model* model : {a.get(), b.get()}) {
    model->initialise(6, 0);
    train(*model, samples, {{1, 0.5}, {1, 0.5}}, 1, 4);
  }
  for (const std::string& name : parameter_names(*a)) EXPECT_EQ(a->parameter(name), b->parameter(name)) << name;
}

TEST_P(Precisions, ChunkSizeAndLanesOnlyChangeRounding) {
  const InputShape input = small_input();
  const Samples samples(37, 2, input);
  const TaskCoefficients coefficients{{1, 0.5}, {1, 0.5}};
  const double tolerance = GetParam() == "float64" ? 1e-13 : 1e-5;
  const auto whole = make_model(full_model(), HeadConfig{2}, input, GetParam());
  whole->initialise(6, 0);
  pass(*whole, samples, coefficients);
  for (const ChunkConfig chunk : {ChunkConfig{1, 1}, ChunkConfig{5, 3}, ChunkConfig{16, 64}, ChunkConfig{37, 2}}) {
    const auto cut = make_model(full_model(), HeadConfig{2}, input, GetParam(), chunk);
    cut->initialise(6, 0);
    pass(*cut, samples, coefficients);
    for (const std::string& name : parameter_names(*whole))
      EXPECT_LT(relative_difference(whole->gradient(name), cut->gradient(name)), tolerance) << name;
  }
}

TEST_P(Precisions, PredictionLeavesTheTrainingStateAlone) {
  const InputShape input = small_input();
  const Samples samples(20, 1, input), others(33, 1, input, 2);
  const auto disturbed = make_model(full_model(), HeadConfig{1}, input, GetParam());
  const auto quiet = make_model(full_model(), HeadConfig{1}, input, GetParam());
  std::vector<double> losses(1);
  for (Model* model : {disturbed.get(), quiet.get()}) {
    model->initialise(6, 0);
    model->forward(samples.view());
    model->losses(samples.task_targets(), losses);
  }
  predictions(*disturbed, others);
  disturbed->observe(others.view());
  for (Model* model : {disturbed.get(), quiet.get()}) model->backward({{1}, {1}});
  for (const std::string& name : parameter_names(*quiet)) EXPECT_EQ(disturbed->gradient(name), quiet->gradient(name));
}

TEST_P(Precisions, PredictedLogitsAndRepresentationAreTheObservedOnes) {
  const InputShape input = small_input();
  const Samples samples(33, 2, input);
  const auto model = make_model(full_model(), HeadConfig{2}, input, GetParam(), {8, 2});
  model->initialise(6, 0);
  std::vector<float> logits(66), h;
  model->predict(samples.view(), logits, &h);
  const Observations seen = model->observe(samples.view());
  ASSERT_EQ(h.size(), 33 * model->head_width());
  for (std::size_t i = 0; i < logits.size(); ++i) EXPECT_EQ(logits[i], static_cast<float>(seen.at("logits").values[i]));
  for (std::size_t i = 0; i < h.size(); ++i) EXPECT_EQ(h[i], static_cast<float>(seen.at("h").values[i]));
}

class Resume : public ::testing::TestWithParam<OptimizerKind> {};
INSTANTIATE_TEST_SUITE_P(Model, Resume,
                         ::testing::Values(OptimizerKind::adam, OptimizerKind::adagrad, OptimizerKind::row_wise_adagrad,
                                           OptimizerKind::sgd));

TEST_P(Resume, ContinuesBitIdentically) {
  const InputShape input = small_input();
  const Samples samples(30, 2, input);
  const TaskCoefficients coefficients{{1, 0.5}, {1, 0.5}};
  const auto straight = make_model(full_model(), HeadConfig{2}, input, "float32");
  straight->initialise(6, 0);
  train(*straight, samples, coefficients, 1, 2, GetParam());
  StateWriter state;
  straight->save(state);
  train(*straight, samples, coefficients, 3, 5, GetParam());

  const auto resumed = make_model(full_model(), HeadConfig{2}, input, "float32");
  resumed->initialise(1, 0);
  train(*resumed, samples, coefficients, 1, 1, GetParam());  // state to be replaced
  StateReader reader(state);
  resumed->load(reader);
  train(*resumed, samples, coefficients, 3, 5, GetParam());
  for (const std::string& name : parameter_names(*straight))
    EXPECT_EQ(resumed->parameter(name), straight->parameter(name)) << name;
}

TEST(Initialisation, IsSharedByName) {
  const InputShape input = small_input();
  const auto plain = make_model(full_model(), HeadConfig{1}, input, "float32");
  const auto three = make_model(full_model(), HeadConfig{3}, input, "float64");
  plain->initialise(8, 0);
  three->initialise(8, 0);
  for (const std::string& name : parameter_names(*plain)) {
    std::vector<double> values = three->parameter(name);
    values.resize(plain->parameter(name).size());
    EXPECT_EQ(plain->parameter(name), values) << name;
  }
  const std::vector<double> before = plain->parameter("embedding");
  plain->initialise(8, 1);
  EXPECT_NE(plain->parameter("embedding"), before) << "another variant";
  plain->initialise(9, 0);
  EXPECT_NE(plain->parameter("embedding"), before) << "another seed";
  plain->initialise(8, 0);
  EXPECT_EQ(plain->parameter("embedding"), before);
}

TEST(Initialisation, IsUniformWithinTheFanInBound) {
  const InputShape input = small_input();
  const auto model = make_model(full_model(), HeadConfig{1}, input, "float64");
  model->initialise(8, 0);
  for (const Parameter& parameter : model->layout().parameters) {
    for (const double value : model->parameter(parameter.name)) {
      if (parameter.fan_in == 0)
        EXPECT_EQ(value, parameter.constant) << parameter.name;
      else
        EXPECT_LE(std::abs(value), 1 / std::sqrt(static_cast<double>(parameter.fan_in)) * (1 + 1e-7)) << parameter.name;
    }
  }
  // Variance of a uniform distribution on +-1/sqrt(20): 1/60; 400 draws leave it within 20 %.
  const std::vector<double> draws = model->parameter("layers.0.short.weight");
  double square = 0;
  for (const double value : draws) square += value * value;
  EXPECT_NEAR(square / static_cast<double>(draws.size()), 1.0 / 60, 0.2 / 60);
}

}  // namespace
}  // namespace c2al::testing

#include <gtest/gtest.h>

#include "tests/core/model/model_samples.hpp"

namespace c2al::testing {
namespace {

constexpr std::size_t tasks = 3;

TaskCoefficients one_task(std::size_t task) {
  TaskCoefficients one{std::vector<double>(tasks, 0.0), std::vector<double>(tasks, 0.0)};
  one.trunk[task] = one.heads[task] = 1;
  return one;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

struct Case {
  GradientScope scope;
  bool with_top;
};

std::string case_name(const Case& c) {
  const char* names[] = {"SharedParameters", "DenseShared", "LastSharedLayer", "Representation"};
  return std::string(names[static_cast<int>(c.scope)]) + (c.with_top ? "" : "WithoutTop");
}

class Gram : public ::testing::TestWithParam<Case> {};

TEST_P(Gram, EqualsScalarProductsOfTheTaskGradients) {
  const auto [scope, with_top] = GetParam();
  const InputShape input = small_input();
  ModelConfig config = full_model();
  if (!with_top) config.top.clear();
  const auto model = make_model(config, HeadConfig{tasks}, input, "float64", {4, 2});
  model->initialise(2, 0);
  const Samples samples(17, tasks, input);

  // The vectors compared, task by task.
  std::vector<std::vector<double>> vectors(tasks);
  for (std::size_t t = 0; t < tasks; ++t) {
    pass(*model, samples, one_task(t));
    if (scope == GradientScope::last_shared_layer) {
      vectors[t] = model->gradient(with_top ? "top.1.weight" : "layers.1.short.weight");
      continue;
    }
    if (scope == GradientScope::representation) {
      // Of x_L: through the shared linear layer behind it.
      const Observations gradients = model->observe_output_gradients();
      if (!with_top) {
        vectors[t] = gradients.at("h").values;
        continue;
      }
      const Observations seen = model->observe(samples.view());
      const std::vector<double>&h = seen.at("top1").values, &below = seen.at("top0").values,
            &dh = gradients.at("h").values, w1 = model->parameter("top.1.weight"),
            w0 = model->parameter("top.0.weight");
      const std::size_t n1 = 7, n0 = 8, D = input.columns() * config.dim;
      for (std::size_t b = 0; b < samples.size; ++b) {
        std::vector<double> d0(n0), dx(D);
        for (std::size_t i = 0; i < n1; ++i)
          for (std::size_t j = 0; j < n0; ++j)
            if (h[b * n1 + i] > 0 && below[b * n0 + j] > 0) d0[j] += dh[b * n1 + i] * w1[i * n0 + j];
        for (std::size_t j = 0; j < n0; ++j)
          for (std::size_t e = 0; e < D; ++e) dx[e] += d0[j] * w0[j * D + e];
        vectors[t].insert(vectors[t].end(), dx.begin(), dx.end());
      }
      continue;
    }
    for (const std::string& name : parameter_names(*model)) {
      if (name.starts_with("head.")) continue;
      if (name == "embedding" && scope == GradientScope::dense_shared) continue;
      const std::vector<double> gradient = model->gradient(name);
      vectors[t].insert(vectors[t].end(), gradient.begin(), gradient.end());
    }
  }

  const std::vector<double> scale{1, 0.5, 2};
  std::vector<double> gram(tasks * tasks), losses(tasks);
  model->forward(samples.view());
  model->losses(samples.task_targets(), losses);
  model->gram(scope, scale, gram);
  for (std::size_t i = 0; i < tasks; ++i) {
    for (std::size_t j = 0; j < tasks; ++j) {
      const double expected = scale[i] * scale[j] * dot(vectors[i], vectors[j]);
      const double size = std::sqrt(dot(vectors[i], vectors[i]) * dot(vectors[j], vectors[j]));
      ASSERT_GT(size, 0);
      EXPECT_NEAR(gram[i * tasks + j], expected, 1e-12 * scale[i] * scale[j] * size) << i << " " << j;
      EXPECT_EQ(gram[i * tasks + j], gram[j * tasks + i]);
    }
  }
}

TEST_P(Gram, CombineEqualsBackward) {
  const auto [scope, with_top] = GetParam();
  const InputShape input = small_input();
  ModelConfig config = full_model();
  if (!with_top) config.top.clear();
  const auto model = make_model(config, HeadConfig{tasks}, input, "float64", {4, 2});
  model->initialise(2, 0);
  const Samples samples(17, tasks, input);
  const TaskCoefficients coefficients{{1, -0.4, 0}, {0.5, 0, 3}};
  pass(*model, samples, coefficients);
  std::map<std::string, std::vector<double>> expected;
  for (const std::string& name : parameter_names(*model)) expected[name] = model->gradient(name);

  std::vector<double> gram(tasks * tasks), losses(tasks);
  model->forward(samples.view());
  model->losses(samples.task_targets(), losses);
  model->gram(scope, std::vector<double>{1, 0.5, 2}, gram);
  model->combine(coefficients);
  for (const auto& [name, gradient] : expected)
    EXPECT_LT(relative_difference(gradient, model->gradient(name)), 1e-12) << name;
}

INSTANTIATE_TEST_SUITE_P(
    Scopes, Gram,
    ::testing::Values(Case{GradientScope::shared_parameters, true}, Case{GradientScope::dense_shared, true},
                      Case{GradientScope::last_shared_layer, true}, Case{GradientScope::last_shared_layer, false},
                      Case{GradientScope::representation, true}, Case{GradientScope::representation, false}),
    [](const auto& info) { return case_name(info.param); });

TEST(Gram, OfOneTaskIsTheSquaredNormOfAllButTheHead) {
  const InputShape input = small_input(0);
  const auto model = make_model(full_model(), HeadConfig{1}, input, "float64");
  model->initialise(1, 0);
  const Samples samples(8, 1, input);
  pass(*model, samples, {{1}, {1}});
  double expected = 0;
  for (const std::string& name : parameter_names(*model))
    if (!name.starts_with("head.")) expected += dot(model->gradient(name), model->gradient(name));
  std::vector<double> gram(1);
  model->gram(GradientScope::shared_parameters, std::vector<double>{1}, gram);
  EXPECT_NEAR(gram[0], expected, 1e-13 * expected);
}

}  // namespace
}  // namespace c2al::testing

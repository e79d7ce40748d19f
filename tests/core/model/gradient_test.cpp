#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/model/model_samples.hpp"

namespace c2al::testing {
namespace {

struct Architecture {
  std::string name;
  ModelConfig model;
  InputShape input;
};

std::vector<Architecture> architectures() {
  std::vector<Architecture> all;
  for (const FmForm form : {FmForm::covariance, FmForm::pairwise})
    for (const AttentionSource attention : {AttentionSource::mlp, AttentionSource::parameter})
      all.push_back({fmt::format("{}_{}", form == FmForm::covariance ? "covariance" : "pairwise",
                                 attention == AttentionSource::mlp ? "mlp" : "parameter"),
                     full_model(form, attention), small_input()});
  const auto variant = [&](const std::string& name, const InputShape& input, const auto& change) {
    Architecture architecture{name, full_model(), input};
    change(architecture.model);
    all.push_back(architecture);
  };
  variant("without_dense", small_input(0), [](ModelConfig&) {});
  variant("without_top", small_input(), [](ModelConfig& m) { m.top.clear(); });
  variant("without_dense_and_top", small_input(0), [](ModelConfig& m) { m.top.clear(); });
  variant("fm_only", small_input(), [](ModelConfig& m) {
    for (LayerConfig& layer : m.layers) layer.cross.reset(), layer.mlp.reset();
  });
  variant("cross_only", small_input(), [](ModelConfig& m) {
    for (LayerConfig& layer : m.layers) layer.fm_attention.reset(), layer.mlp.reset();
  });
  variant("mlp_only", small_input(), [](ModelConfig& m) {
    for (LayerConfig& layer : m.layers) layer.fm_attention.reset(), layer.cross.reset();
  });
  variant("three_different_layers", small_input(), [](ModelConfig& m) {
    m.layers = {LayerConfig{std::nullopt, CrossConfig{3}, std::nullopt},
                LayerConfig{fm_attention(FmForm::pairwise, AttentionSource::parameter, 5), std::nullopt, MlpConfig{3}},
                LayerConfig{fm_attention(FmForm::covariance, AttentionSource::mlp, 4), CrossConfig{1}, std::nullopt}};
  });
  return all;
}

class Gradient : public ::testing::TestWithParam<Architecture> {};

TEST_P(Gradient, EqualsCentralDifferences) {
  const Architecture& architecture = GetParam();
  // More chunks than lanes, the last one shorter.
  const auto model = make_model(architecture.model, HeadConfig{2}, architecture.input, "float64", {3, 2});
  model->initialise(3, 0);
  randomise(*model, 7);
  const Samples samples(14, 2, architecture.input);
  const std::vector<double> weights{0.7, 0.4};
  const auto loss = [&] {
    std::vector<double> losses(2);
    model->forward(samples.view());
    model->losses(samples.task_targets(true), losses);
    return weights[0] * losses[0] + weights[1] * losses[1];
  };
  pass(*model, samples, {weights, weights}, true);
  std::map<std::string, std::vector<double>> gradients;
  for (const std::string& name : parameter_names(*model)) gradients[name] = model->gradient(name);

  RandomStream random(11, StreamPurpose::method);
  for (const auto& [name, gradient] : gradients) {
    std::vector<double> values = model->parameter(name);
    for (int trial = 0; trial < 6; ++trial) {
      const std::size_t i = random.below(values.size());
      const double original = values[i], step = 1e-6;
      values[i] = original + step;
      model->set_parameter(name, values);
      const double above = loss();
      values[i] = original - step;
      model->set_parameter(name, values);
      const double below = loss();
      values[i] = original;
      model->set_parameter(name, values);
      // Rounding of the loss over 2 steps is 1e-10; the third derivative adds less.
      EXPECT_NEAR(gradient[i], (above - below) / (2 * step), 1e-8 + 1e-6 * std::abs(gradient[i])) << name << " " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Architectures, Gradient, ::testing::ValuesIn(architectures()),
                         [](const auto& info) { return info.param.name; });

TEST(Gradient, IsScaledByTheCoefficientsOfTrunkAndHeads) {
  const InputShape input = small_input();
  const Samples samples(9, 2, input);
  const auto model = make_model(full_model(), HeadConfig{2}, input, "float64");
  model->initialise(1, 0);
  pass(*model, samples, {{1, 0}, {1, 0}});
  const std::vector<double> trunk = model->gradient("layers.0.fm_out.weight"), heads = model->gradient("head.weight");
  pass(*model, samples, {{3, 0}, {5, 0}});
  const std::vector<double> trunk3 = model->gradient("layers.0.fm_out.weight"), heads5 = model->gradient("head.weight");
  for (std::size_t i = 0; i < trunk.size(); ++i) EXPECT_NEAR(trunk3[i], 3 * trunk[i], 1e-14);
  for (std::size_t i = 0; i < heads.size(); ++i) EXPECT_NEAR(heads5[i], 5 * heads[i], 1e-14);
}

// Equation 6 of the paper: dL/dY = X X^T (dL_primary/dG + lambda_head dL_head/dG + lambda_tail dL_tail/dG).
TEST(EquationSix, HoldsTermByTerm) {
  const InputShape input = small_input();
  const Samples samples(10, 3, input);
  const std::vector<double> weights{1, 0.3, 0.7};
  const auto model = make_model(full_model(), HeadConfig{3}, input, "float64");
  model->initialise(5, 0);
  randomise(*model, 2);
  const Observations seen = model->observe(samples.view());
  std::vector<Observations> terms;
  for (std::size_t t = 0; t < 3; ++t) {
    TaskCoefficients one{std::vector<double>(3, 0.0), std::vector<double>(3, 0.0)};
    one.trunk[t] = one.heads[t] = 1;
    pass(*model, samples, one);
    terms.push_back(model->observe_output_gradients());
  }
  pass(*model, samples, {weights, weights});
  const Observations whole = model->observe_output_gradients();

  const std::size_t m = input.columns(), d = 4, k = 3;
  for (const std::string layer : {"layer0", "layer1"}) {
    const std::vector<double>& x = seen.at(layer + "/X").values;
    // X X^T N of a sample; memory holds X transposed, m rows of d numbers.
    const auto product = [&](std::size_t b, const std::vector<double>& n) {
      std::vector<double> result(d * k);
      for (std::size_t j = 0; j < m; ++j)
        for (std::size_t a = 0; a < d; ++a)
          for (std::size_t e = 0; e < d; ++e)
            for (std::size_t c = 0; c < k; ++c)
              result[a * k + c] += x[(b * m + j) * d + a] * x[(b * m + j) * d + e] * n[(b * d + e) * k + c];
      return result;
    };
    for (std::size_t b = 0; b < samples.size; ++b) {
      std::vector<double> sum(d * k);
      for (std::size_t t = 0; t < 3; ++t) {
        const std::vector<double> term = product(b, terms[t].at(layer + "/G").values);
        const double* found = terms[t].at(layer + "/Y").values.data() + b * d * k;
        for (std::size_t i = 0; i < d * k; ++i) {
          EXPECT_NEAR(found[i], term[i], 1e-13 + 1e-12 * std::abs(term[i])) << layer << " task " << t;
          sum[i] += weights[t] * term[i];
        }
      }
      const double* found = whole.at(layer + "/Y").values.data() + b * d * k;
      for (std::size_t i = 0; i < d * k; ++i) EXPECT_NEAR(found[i], sum[i], 1e-13 + 1e-12 * std::abs(sum[i])) << layer;
    }
  }
}

TEST(EquationSix, SumsOverTheBatchForAParameterY) {
  const InputShape input = small_input();
  const Samples samples(10, 1, input);
  const auto model =
      make_model(full_model(FmForm::covariance, AttentionSource::parameter), HeadConfig{1}, input, "float64", {3, 2});
  model->initialise(5, 0);
  const Observations seen = model->observe(samples.view());
  pass(*model, samples, {{1}, {1}});
  const std::vector<double> x = seen.at("layer0/X").values,
                            dg = model->observe_output_gradients().at("layer0/G").values;
  const std::size_t m = input.columns(), d = 4, k = 3;
  std::vector<double> expected(d * k);
  for (std::size_t b = 0; b < samples.size; ++b)
    for (std::size_t j = 0; j < m; ++j)
      for (std::size_t a = 0; a < d; ++a)
        for (std::size_t e = 0; e < d; ++e)
          for (std::size_t c = 0; c < k; ++c)
            expected[a * k + c] += x[(b * m + j) * d + a] * x[(b * m + j) * d + e] * dg[(b * d + e) * k + c];
  EXPECT_LT(relative_difference(expected, model->gradient("layers.0.Y")), 1e-12);
}

}  // namespace
}  // namespace c2al::testing

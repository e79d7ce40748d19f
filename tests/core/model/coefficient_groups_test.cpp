// Coefficients of their own for the attention and the embeddings, and step counts of their own for the tasks' heads.
#include <gtest/gtest.h>

#include "tests/core/model/model_samples.hpp"

namespace c2al::testing {
namespace {

using Vector = std::vector<double>;

class CoefficientGroups : public ::testing::TestWithParam<std::string> {
 protected:
  CoefficientGroups() : model_(make_model(full_model(), HeadConfig{3}, small_input(), GetParam(), {4, 2})) {
    model_->initialise(2, 0);
  }

  /// Gradients of all dense parameters and the embedding under coefficients, by backward or by gram and combine.
  std::map<std::string, Vector> gradients(const TaskCoefficients& coefficients, bool combined) {
    Vector losses(3), gram(9);
    const Vector ones(3, 1.0);
    model_->forward(samples_.view());
    model_->losses(samples_.task_targets(), losses);
    if (combined) {
      model_->gram(GradientScope::shared_parameters, ones, gram);
      model_->combine(coefficients);
    } else {
      model_->backward(coefficients);
    }
    std::map<std::string, Vector> all;
    for (const Parameter& p : model_->layout().parameters) all[p.name] = model_->gradient(p.name);
    all["embedding"] = model_->gradient("embedding");
    return all;
  }

  Samples samples_{17, 3, small_input()};
  std::unique_ptr<Model> model_;
};

INSTANTIATE_TEST_SUITE_P(Model, CoefficientGroups, ::testing::Values("float32", "float64"));

TEST_P(CoefficientGroups, EachPartHasTheGradientOfItsOwnCoefficients) {
  const Vector trunk{1, 0, 0.5}, heads{1, 2, 3}, attention{1, 0.3, -0.7}, embedding{0.2, 1, 0};
  for (const bool combined : {false, true}) {
    const auto by_trunk = gradients({trunk, heads}, combined);
    const auto by_attention = gradients({attention, heads}, combined);
    const auto by_embedding = gradients({embedding, heads}, combined);
    ASSERT_NE(by_trunk.at("layers.0.attn1.weight"), by_attention.at("layers.0.attn1.weight"));
    ASSERT_NE(by_trunk.at("embedding"), by_embedding.at("embedding"));
    for (const bool with_attention : {false, true}) {
      for (const bool with_embedding : {false, true}) {
        const auto mixed = gradients(
            {trunk, heads, with_attention ? attention : Vector{}, with_embedding ? embedding : Vector{}}, combined);
        for (const Parameter& p : model_->layout().parameters) {
          const bool other = with_attention && p.group == ParameterGroup::attention;
          EXPECT_EQ(mixed.at(p.name), (other ? by_attention : by_trunk).at(p.name)) << p.name;
        }
        EXPECT_EQ(mixed.at("embedding"), (with_embedding ? by_embedding : by_trunk).at("embedding"));
      }
    }
  }
}

TEST_P(CoefficientGroups, OneVectorForBothGroupsIsTheSame) {
  const Vector trunk{1, 0, 0}, all{1, 0.3, 0.7};
  const auto mixed = gradients({trunk, all, all, all}, false);
  const auto by_trunk = gradients({trunk, all}, false), by_all = gradients({all, all}, false);
  EXPECT_EQ(mixed.at("layers.0.attn2.weight"), by_all.at("layers.0.attn2.weight"));
  EXPECT_EQ(mixed.at("embedding"), by_all.at("embedding"));
  EXPECT_EQ(mixed.at("layers.0.short.weight"), by_trunk.at("layers.0.short.weight"));
}

TEST_P(CoefficientGroups, AStepCountOfZeroLeavesATasksOwnParametersAlone) {
  const Vector all{1, 0.3, 0.7};
  const std::size_t width = model_->head_width();
  UpdateRule rule;
  for (const std::vector<std::uint64_t>& own :
       {std::vector<std::uint64_t>{1, 1, 1}, std::vector<std::uint64_t>{2, 0, 2},
        std::vector<std::uint64_t>{0, 2, 0}}) {
    gradients({all, all}, false);
    const Vector weight = model_->parameter("head.weight"), bias = model_->parameter("head.bias"),
                 shared = model_->parameter("top.0.weight");
    rule.own_steps = own;
    model_->update(rule);
    ++rule.step;
    const Vector weight_after = model_->parameter("head.weight"), bias_after = model_->parameter("head.bias");
    EXPECT_NE(model_->parameter("top.0.weight"), shared);
    for (std::size_t t = 0; t < 3; ++t) {
      const auto begin = static_cast<std::ptrdiff_t>(t * width), end = static_cast<std::ptrdiff_t>((t + 1) * width);
      EXPECT_EQ(std::equal(weight.begin() + begin, weight.begin() + end, weight_after.begin() + begin), own[t] == 0);
      EXPECT_EQ(bias[t] == bias_after[t], own[t] == 0);
    }
  }
}

TEST_P(CoefficientGroups, AHeadsFirstStepIsAdamsFirstWheneverItComes) {
  // The first Adam step moves every entry by the learning rate, whatever the gradient's size.
  const Vector all{1, 0.3, 0.7};
  UpdateRule rule;
  rule.learning_rate = 0.01;
  const std::vector<std::vector<std::uint64_t>> steps = {{1, 0, 0}, {2, 0, 0}, {3, 1, 0}};
  double before = 0;
  for (const auto& own : steps) {
    gradients({all, all}, false);
    before = model_->parameter("head.bias")[1];
    rule.own_steps = own;
    model_->update(rule);
    ++rule.step;
  }
  EXPECT_NEAR(std::abs(model_->parameter("head.bias")[1] - before), 0.01, 1e-5);
}

}  // namespace
}  // namespace c2al::testing

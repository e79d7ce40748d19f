// Which shared parameters C2AL's auxiliary tasks move under each aux_gradient_scope.
#include <gtest/gtest.h>

#include <set>

#include "core/training/trainer.hpp"
#include "tests/baselines/world.hpp"

namespace c2al {
namespace {

using testing::contract_context;
using testing::contract_model;
using testing::contract_training;
using testing::contract_world;

/// Every shared parameter after some steps, by name; the embedding table among them.
struct Shared {
  std::map<std::string, std::vector<double>> values;
  std::set<std::string> attention;
};

Shared train(const std::string& name, const std::string& scope, std::uint64_t steps) {
  static const auto data = contract_world();
  Settings settings;
  if (!scope.empty()) settings = Settings("test", {{"aux_gradient_scope", scope}});
  const auto method = make_method(name, contract_context(*data.source), settings);
  Trainer trainer(*data.source, contract_model(), contract_training(), *method, 3);
  trainer.train([steps](std::uint64_t done, std::uint64_t, std::uint64_t) { return done < steps; });
  EXPECT_EQ(trainer.steps_done(), steps);
  Shared shared;
  for (const Parameter& parameter : trainer.model(0).layout().parameters) {
    if (parameter.group == ParameterGroup::task_head) continue;
    if (parameter.group == ParameterGroup::attention) shared.attention.insert(parameter.name);
    shared.values[parameter.name] = trainer.model(0).parameter(parameter.name);
  }
  shared.values["embedding"] = trainer.model(0).parameter("embedding");
  return shared;
}

/// Names of the parameters in which two models differ.
std::set<std::string> difference(const Shared& a, const Shared& b) {
  std::set<std::string> names;
  for (const auto& [name, values] : a.values)
    if (values != b.values.at(name)) names.insert(name);
  return names;
}

TEST(AuxiliaryGradientScope, HeadOnlyLeavesPlainsModel) {
  EXPECT_EQ(difference(train("c2al", "head_only", 20), train("plain", "", 20)), std::set<std::string>{});
}

TEST(AuxiliaryGradientScope, AllIsTheDefaultAndMovesEverything) {
  const Shared all = train("c2al", "all", 1), plain = train("plain", "", 1);
  EXPECT_EQ(difference(all, train("c2al", "", 1)), std::set<std::string>{});
  EXPECT_EQ(difference(all, plain).size(), all.values.size());
}

// After one step, before the moved parameters change the gradients of the others.
TEST(AuxiliaryGradientScope, EmbeddingsOnlyMovesTheTableAlone) {
  const Shared scoped = train("c2al", "embeddings_only", 1);
  EXPECT_EQ(difference(scoped, train("plain", "", 1)), std::set<std::string>{"embedding"});
}

TEST(AuxiliaryGradientScope, EmbeddingsOnlyEndsElsewhereThanC2alAndPlain) {
  const Shared scoped = train("c2al", "embeddings_only", 20);
  const std::size_t all = scoped.values.size();
  EXPECT_EQ(difference(scoped, train("c2al", "", 20)).size(), all);
  EXPECT_EQ(difference(scoped, train("plain", "", 20)).size(), all);
}

TEST(AuxiliaryGradientScope, AttentionOnlyMovesTheAttentionAlone) {
  const Shared scoped = train("c2al", "attention_only", 1);
  ASSERT_FALSE(scoped.attention.empty());
  EXPECT_EQ(difference(scoped, train("plain", "", 1)), scoped.attention);
}

TEST(AuxiliaryGradientScope, AllButAttentionLeavesTheAttentionToThePrimary) {
  const Shared scoped = train("c2al", "all_but_attention", 1);
  std::set<std::string> others;
  for (const auto& [name, values] : scoped.values)
    if (scoped.attention.count(name) == 0) others.insert(name);
  EXPECT_EQ(difference(scoped, train("plain", "", 1)), others);
}

}  // namespace
}  // namespace c2al

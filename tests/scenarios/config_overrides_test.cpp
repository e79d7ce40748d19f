#include "scenarios/config_overrides.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"

namespace c2al {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

ConfigValue root() {
  return parse_toml("name = 'x'\n[model]\ndim = 8\n[[model.layers]]\nmlp = {hidden = 4}\n[[model.layers]]\n", "f.toml");
}

std::string after(const std::vector<std::string>& overrides, const std::string& table, const std::string& key) {
  ConfigValue value = root();
  apply_overrides(value, overrides);
  return to_string(*value.find(table)->find(key));
}

TEST(ConfigOverrides, ReplaceAddAndReachIntoArrays) {
  EXPECT_EQ(after({"model.dim=4"}, "model", "dim"), "4");
  EXPECT_EQ(after({"model.top=[64,32]"}, "model", "top"), "[64, 32]");
  EXPECT_EQ(after({"training.epochs=2"}, "training", "epochs"), "2");
  EXPECT_EQ(after({"model.dim=4", "model.dim=2"}, "model", "dim"), "2");
  EXPECT_EQ(after({"model.layers[0].mlp.hidden=9"}, "model", "layers"), "[{mlp = {hidden = 9}}, {}]");
  EXPECT_EQ(after({"model.layers[1].cross={rank=3}"}, "model", "layers"),
            "[{mlp = {hidden = 4}}, {cross = {rank = 3}}]");
  EXPECT_EQ(after({"cohorts.mode=discovered"}, "cohorts", "mode"), "\"discovered\"");
  EXPECT_EQ(after({"cohorts.title=\"a=b\""}, "cohorts", "title"), "\"a=b\"");
}

TEST(ConfigOverrides, RememberWhereAValueComesFrom) {
  ConfigValue value = root();
  apply_overrides(value, {"model.dim=4"});
  EXPECT_EQ(value.find("model")->find("dim")->where, "--set model.dim=4");
}

TEST(ConfigOverrides, BadOnesAreNamed) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"model.dim", "--set model.dim: expected PATH=VALUE"},
      {"=3", "expected PATH=VALUE"},
      {"model..dim=3", "expected PATH=VALUE"},
      {"model.layers[x]=3", "expected PATH=VALUE"},
      {"model.layers[0=3", "expected PATH=VALUE"},
      {"model.layers[0]x=3", "expected PATH=VALUE"},
      {"model.dim.x=3", "--set model.dim.x=3: model.dim is 8, not a table"},
      {"model.layers[2].mlp={}", "model.layers has 2 elements, no number 2"},
      {"model.dim[0]=1", "model.dim has no elements, no number 0"},
      {"model.dim=[1", "'[1' is not a TOML value"},
  };
  for (const auto& [text, message] : cases) {
    ConfigValue value = root();
    const auto apply = [&] { apply_overrides(value, std::vector<std::string>{text}); };
    EXPECT_THAT(apply, ThrowsMessage<UsageError>(HasSubstr(message))) << text;
  }
}

}  // namespace
}  // namespace c2al

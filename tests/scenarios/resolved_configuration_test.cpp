#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "scenarios/scenario.hpp"

namespace c2al {
namespace {

Scenario preset(const std::string& name, const std::vector<std::string>& overrides = {}) {
  return parse_scenario(std::filesystem::path(C2AL_SOURCE_DIR) / "scenarios" / (name + ".toml"), overrides);
}

TEST(ResolvedConfiguration, FillsInDefaultsAndOverrides) {
  const auto json = nlohmann::json::parse(resolved_configuration(preset("preset_e", {"method.c2al.lambda_head=0.5"})));
  EXPECT_EQ(json["world"]["axes"][0]["conflict"], (nlohmann::json{"high", "low"}));
  EXPECT_EQ(json["world"]["axes"][0]["cohorts"][0]["global_multiplier"], 1.0);
  EXPECT_EQ(json["splits"]["train"], 400000);
  EXPECT_EQ(json["model"]["layers"][1]["cross"]["rank"], 8);
  EXPECT_EQ(json["model"]["layers"][0]["fm_attention"]["form"], "pairwise");
  EXPECT_EQ(json["training"]["precision"], "float32");
  EXPECT_EQ(json["training"]["lanes"], ChunkConfig{}.lanes);
  EXPECT_EQ(json["cohorts"]["criterion"], "jensen_shannon");
  EXPECT_EQ(json["method"]["lambda_tail"], 0.3);
  EXPECT_EQ(json["method"]["c2al"]["lambda_head"], 0.5);
  EXPECT_EQ(json["record"]["probe_samples"], 256);
  EXPECT_FALSE(json.contains("dataset"));
}

TEST(ResolvedConfiguration, HoldsTheFrozenPair) {
  Scenario s = preset("two_axes");
  EXPECT_EQ(nlohmann::json::parse(resolved_configuration(s))["cohorts"]["axis"], "");
  s.cohorts.axis = "region";
  s.cohorts.head_cohort = "coast";
  s.cohorts.tail_cohort = "islands";
  const auto cohorts = nlohmann::json::parse(resolved_configuration(s))["cohorts"];
  EXPECT_EQ(cohorts["mode"], "discovered");
  EXPECT_EQ(cohorts["axis"], "region");
  EXPECT_EQ(cohorts["head_cohort"], "coast");
  EXPECT_EQ(cohorts["tail_cohort"], "islands");
}

TEST(ResolvedConfiguration, DependsOnTheSettingsAndNotOnTheirSpelling) {
  EXPECT_EQ(resolved_configuration(preset("preset_a")),
            resolved_configuration(preset("preset_a", {"training.learning_rate=0.004", "world.base_rate=1e-1"})));
  EXPECT_NE(resolved_configuration(preset("preset_a")),
            resolved_configuration(preset("preset_a", {"training.learning_rate=0.005"})));
}

TEST(ResolvedConfiguration, DescribesADataset) {
  const auto json = nlohmann::json::parse(resolved_configuration(preset("census_income")));
  EXPECT_EQ(json["dataset"]["axes"].size(), 4u);
  EXPECT_EQ(json["dataset"]["split_seed"], 1);
  EXPECT_FALSE(json.contains("world"));
  EXPECT_FALSE(json.contains("splits"));
}

}  // namespace
}  // namespace c2al

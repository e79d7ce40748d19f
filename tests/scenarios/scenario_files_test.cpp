#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "core/model/model_config.hpp"
#include "scenarios/scenario.hpp"

namespace c2al {
namespace {

namespace fs = std::filesystem;
const fs::path folder = fs::path(C2AL_SOURCE_DIR) / "scenarios";

std::vector<fs::path> toml_files(const fs::path& directory) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

TEST(ScenarioFiles, AllParseAndAreNamedAsTheirFiles) {
  const auto files = toml_files(folder);
  EXPECT_GE(files.size(), 9u);
  for (const fs::path& file : files) {
    const Scenario s = parse_scenario(file);
    EXPECT_EQ(s.name, file.stem().string());
    EXPECT_TRUE(s.text.starts_with("# ")) << file << " says first what it asks";
    EXPECT_THAT(s.text, ::testing::ContainsRegex("inputs? of the model"))
        << file << " says whether the axis is an input";
  }
}

TEST(ScenarioFiles, AllSuitesParseAndTheirScenariosToo) {
  for (const fs::path& file : toml_files(folder / "suites")) {
    const Suite suite = parse_suite(file);
    EXPECT_EQ(suite.name, file.stem().string());
    EXPECT_EQ(suite.methods.front(), "plain");
    for (const fs::path& scenario : suite.scenarios) {
      const Scenario s = parse_scenario(scenario, suite.overrides);
      EXPECT_EQ(std::count(suite.seeds.begin(), suite.seeds.end(), s.cohorts.discovery_seed), 0)
          << "no reported arm may use the discovery seed";
    }
  }
}

/// The table of presets the scenarios were written from.
TEST(ScenarioFiles, PresetsFollowTheirTable) {
  struct Row {
    const char* name;
    const char* objective;
    double rate, head_share, tail_share, head_bias, specific, lambda;
    std::size_t train;
  };
  const std::vector<Row> table = {{"default", "click", 0.10, 0.07, 0.03, 0.5, 1.0, 1.0, 300000},
                                  {"preset_a", "click", 0.10, 0.07, 0.03, 0.5, 2.0, 1.0, 300000},
                                  {"preset_b", "click", 0.10, 0.20, 0.20, 0.5, 1.0, 0.3, 300000},
                                  {"preset_c", "conversion", 0.02, 0.07, 0.03, 1.0, 1.5, 1.0, 600000},
                                  {"preset_d", "conversion", 0.05, 0.10, 0.05, 0.5, 1.5, 1.0, 300000},
                                  {"preset_e", "click", 0.10, 0.07, 0.03, 0.5, 1.2, 0.3, 400000},
                                  {"preset_f", "click", 0.10, 0.07, 0.03, 1.0, 0.0, 1.0, 300000}};
  for (const Row& row : table) {
    SCOPED_TRACE(row.name);
    const Scenario s = parse_scenario(folder / (std::string(row.name) + ".toml"));
    ASSERT_TRUE(s.world.has_value());
    ASSERT_EQ(s.world->axes.size(), 1u);
    const synthetic::AxisConfig& axis = s.world->axes[0];
    const auto cohort = [&](const std::string& name) {
      return *std::find_if(axis.cohorts.begin(), axis.cohorts.end(), [&](const auto& c) { return c.name == name; });
    };
    const auto head = cohort(s.cohorts.head_cohort), tail = cohort(s.cohorts.tail_cohort);
    EXPECT_FALSE(s.cohorts.discovered);
    EXPECT_EQ(s.world->objective, row.objective);
    EXPECT_EQ(s.world->base_rate, row.rate);
    EXPECT_EQ(s.splits.train, row.train);
    EXPECT_EQ(head.share, row.head_share);
    EXPECT_EQ(tail.share, row.tail_share);
    EXPECT_EQ(head.bias, row.head_bias);
    EXPECT_EQ(tail.bias, -row.head_bias);
    EXPECT_EQ(head.specific_strength, row.specific);
    EXPECT_EQ(tail.specific_strength, row.specific);
    EXPECT_EQ(s.lambda_head, row.lambda);
    EXPECT_EQ(s.lambda_tail, row.lambda);
    EXPECT_EQ(s.training.learning_rate, 4e-3);
    EXPECT_EQ(s.training.embedding_learning_rate, 2e-2);
    EXPECT_EQ(axis.visible, std::string(row.name) != "preset_d");
    EXPECT_EQ(axis.conflict_of.empty(), std::string(row.name) != "preset_e");
  }
}

/// "small": (8 fields + the cohort's field) x 8 = D 72. Multiply-adds of a forward pass: attention MLP 72*32 + 32*36,
/// FM 2*9*4*8 and its output 36*72, MLP 72*16*2, shortcut 72*72, top 72*32, head 32; times 2 FLOP, times 3 with
/// backward.
TEST(ScenarioFiles, SmallModelCostsAbout98KiloFlopATrainingSample) {
  const Scenario s = parse_scenario(folder / "preset_a.toml");
  const InputShape input{s.world->fields + 1, 0, 1000};
  const ModelCost cost = model_cost(s.model, HeadConfig{}, input);
  const double multiply_adds = 72 * 32 + 32 * 36 + 2 * 9 * 4 * 8 + 36 * 72 + 72 * 16 * 2 + 72 * 72 + 72 * 32 + 32;
  EXPECT_NEAR(cost.step_flop, 6 * multiply_adds, 0.02 * 6 * multiply_adds);
}

}  // namespace
}  // namespace c2al

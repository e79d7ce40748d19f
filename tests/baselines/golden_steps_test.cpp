// Three training steps of every method, pinned. The figures are this suite's own (float64, seed 3): a change of any of
// them is a change of a method's meaning and belongs into CHANGELOG.md.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <map>

#include "core/training/trainer.hpp"
#include "tests/baselines/world.hpp"

namespace c2al {
namespace {

struct Golden {
  double mean;       ///< of the test split's logits as served after three steps
  double deviation;  ///< their standard deviation
};

const std::map<std::string, Golden> golden = {
    {"aligned_mtl", {-1.5128174, 0.1571015}},
    {"c2al", {-0.9457524, 0.0954768}},
    {"cagrad", {-1.2180318, 0.1623506}},
    {"cohort_recalibrated", {-0.9484889, 0.5325327}},
    {"cosine_gating", {-0.6937303, 0.0974928}},
    {"duplicate_label", {-0.4901350, 0.1205830}},
    {"dynamic_weight_average", {-0.9399376, 0.0961852}},
    {"gradnorm", {-0.9403595, 0.0953098}},
    {"group_dro", {-0.5985477, 0.1289695}},
    {"imtl_g", {-1.5437221, 0.1296919}},
    {"inverse_frequency", {-0.6033684, 0.1193141}},
    {"membership_only", {-0.5508591, 0.1122152}},
    {"metabalance", {-0.9771904, 0.0977941}},
    {"mgda", {-1.9032814, 0.1987787}},
    {"mmoe", {-1.4698031, 0.0766392}},
    {"nash_mtl", {-1.4706888, 0.1679283}},
    {"pcgrad", {-1.2095295, 0.1300626}},
    {"per_cohort_heads", {-0.6598941, 0.4436874}},
    {"plain", {-0.6280466, 0.1158323}},
    {"plain_replica", {-0.4878461, 0.2565757}},
    {"ple", {-1.0098107, 0.0828987}},
    {"random_cohorts", {-0.9782743, 0.0768863}},
    {"selective_updates", {-0.5561909, 0.0440613}},
    {"sham_cohorts", {-0.9526910, 0.1055582}},
    {"shared_bottom", {-0.6207389, 0.0744027}},
    {"single_task_per_cohort", {-0.9834348, 0.5075105}},
    {"uncertainty_weighting", {-0.9477686, 0.0954238}},
    {"upgrad", {-1.1959994, 0.1311215}},
    {"weighted_label", {-0.6243954, 0.1284870}},
    {"wrong_pair", {-0.9391159, 0.0926476}},
};

Golden three_steps(const std::string& name) {
  const synthetic::GeneratedData data = synthetic::generate(
      testing::small_world(
          {{"middle", 0.4, 0.0, 1.0, 0.0}, {"high", 0.35, 0.5, 1.0, 1.5}, {"low", 0.25, -0.5, 1.0, 1.5}}),
      testing::small_splits(3 * 128), 11);
  MethodContext context = testing::contract_context(*data.source);
  context.least_divergent = CohortPair{0, 0, 1};
  context.steps = 3;
  TrainingConfig training = testing::contract_training();
  training.precision = "float64";
  training.learning_rate = training.embedding_learning_rate = 0.05;
  // Within three steps its weights move only where a period is one step.
  Settings settings;
  if (name == "dynamic_weight_average") settings = Settings("test", {{"period", std::int64_t{1}}});
  const auto method = make_method(name, context, settings);
  Trainer trainer(*data.source, testing::contract_model(), training, *method, 3);
  EXPECT_EQ(trainer.steps(), 3u);
  trainer.train();
  const std::vector<float> logits = trainer.served_logits(Split::test);
  const auto count = static_cast<double>(logits.size());
  double sum = 0, squares = 0;
  for (const float z : logits) {
    sum += z;
    squares += static_cast<double>(z) * z;
  }
  const Golden found{sum / count, std::sqrt(squares / count - sum / count * (sum / count))};
  return found;
}

class GoldenSteps : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenSteps, ThreeStepsAreAsPinned) {
  const Golden found = three_steps(GetParam());
  const auto expected = golden.find(GetParam());
  char row[200];
  std::snprintf(row, sizeof row, "    {\"%s\", {%.7f, %.7f}},", GetParam().c_str(), found.mean, found.deviation);
  if (expected == golden.end()) GTEST_SKIP() << "not pinned yet; its row of the table would be\n" << row;
  constexpr double tolerance = 1e-5;  // served logits are single precision
  EXPECT_NEAR(found.mean, expected->second.mean, tolerance) << row;
  EXPECT_NEAR(found.deviation, expected->second.deviation, tolerance) << row;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const CatalogueEntry& entry : method_catalogue()) all.push_back(entry.name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, GoldenSteps, ::testing::ValuesIn(names()),
                         [](const auto& test) { return test.param; });

TEST(GoldenStepsTable, PinsNoMethodThatDoesNotExist) {
  for (const auto& [name, values] : golden) EXPECT_NO_THROW(find_method(name)) << name;
  // A method still being written may lack its row; those of the suite may not lose theirs.
  EXPECT_GE(golden.size(), 30u);
}

}  // namespace
}  // namespace c2al

// A benchmark in which two methods are one code path compares nothing: on a world whose cohorts contradict each other
// every method of the catalogue must end elsewhere.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "core/training/trainer.hpp"
#include "tests/baselines/world.hpp"

namespace c2al {
namespace {

/// Three cohorts of like size; what attracts the first repels the second.
synthetic::GeneratedData opposing_world() {
  synthetic::WorldConfig world = testing::small_world(
      {{"middle", 0.3, 0.0, 1.0, 0.0}, {"high", 0.4, 0.5, 1.0, 2.0}, {"low", 0.3, -0.5, -1.0, 2.0}});
  world.axes[0].conflict_of = "high";
  world.axes[0].conflict_with = "low";
  return synthetic::generate(world, testing::small_splits(8000), 21);
}

/// Keeps the share of acted steps.
class ActedShare final : public Recorder {
 public:
  void begin_model(std::size_t, const std::vector<std::string>&) override {}
  void record(const StepMetrics& metrics) override { largest = std::max(largest, metrics.acted); }
  void save(StateWriter&) const override {}
  void load(StateReader&) override {}
  double largest = 0;
};

/// Root of the mean squared difference.
double distance(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::pow(static_cast<double>(a[i]) - b[i], 2);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

TEST(Methods, AreAllDistinctWhereTaskGradientsOppose) {
  const auto data = opposing_world();
  MethodContext context = testing::contract_context(*data.source);
  context.least_divergent = CohortPair{0, 0, 1};
  context.steps = 63;
  std::vector<std::pair<std::string, std::vector<float>>> results;
  for (const CatalogueEntry& entry : method_catalogue()) {
    // Adaptive methods must have changed their minds by then.
    std::map<std::string, Settings::Value> quick;
    for (const SettingDescription& s : entry.describe().settings) {
      if (s.key == "warm_up") quick[s.key] = std::int64_t{4};
      if (s.key == "period") quick[s.key] = std::int64_t{10};
    }
    const auto method = make_method(entry.name, context, Settings("test", quick));
    ActedShare acted;
    Trainer trainer(*data.source, testing::contract_model(), testing::contract_training(), *method, 3, 0, &acted);
    ASSERT_TRUE(trainer.train()) << entry.name;
    results.emplace_back(entry.name, trainer.served_logits(Split::test));
    // The gradients do oppose: every rule on them departs from the plain sum.
    if (entry.describe().make_aggregator != nullptr) {
      EXPECT_GT(acted.largest, 0) << entry.name;
    }
  }
  // More than another order of summation could make.
  const std::vector<float> mean(results[0].second.size(),
                                std::accumulate(results[0].second.begin(), results[0].second.end(), 0.0f) /
                                    static_cast<float>(results[0].second.size()));
  const double spread = distance(results[0].second, mean);
  for (std::size_t i = 0; i < results.size(); ++i)
    for (std::size_t j = i + 1; j < results.size(); ++j)
      EXPECT_GT(distance(results[i].second, results[j].second), 1e-4 * spread)
          << results[i].first << " and " << results[j].first;
}

}  // namespace
}  // namespace c2al

#include <benchmark/benchmark.h>

#include "core/cohorts/discovery.hpp"
#include "core/data/random_stream.hpp"
#include "core/evaluation/evaluate.hpp"

namespace {

using namespace c2al;

constexpr std::size_t samples = 60000, h_width = 32;

/// A discovery split of the presets' size: two axes of three cohorts, as many units of h as the small model has.
DiscoveryInput discovery_split(const Schema& schema) {
  RandomStream stream(1, StreamPurpose::samples);
  DiscoveryInput input;
  input.schema = &schema;
  input.size = samples;
  input.h_width = h_width;
  for (std::size_t i = 0; i < samples; ++i) {
    const double z = -2.5 + stream.normal();
    input.logit.push_back(static_cast<float>(z));
    input.label.push_back(stream.uniform() < 0.1 ? 1.0f : 0.0f);
    for (std::size_t axis = 0; axis < schema.axes.size(); ++axis) {
      const double u = stream.uniform();
      input.cohort.push_back(u < 0.90 ? 0 : u < 0.97 ? 1 : 2);
    }
    for (std::size_t j = 0; j < h_width; ++j) input.h.push_back(static_cast<float>(stream.normal()));
  }
  return input;
}

Schema two_axes() {
  Schema schema;
  schema.axes = {{"value", {"middle", "high", "low"}, true, false}, {"sham", {"middle", "high", "low"}, true, true}};
  return schema;
}

void evaluate_split(benchmark::State& state) {
  const Schema schema = two_axes();
  const DiscoveryInput input = discovery_split(schema);
  ScoredSamples scored;
  scored.logit.assign(input.logit.begin(), input.logit.end());
  scored.label = input.label;
  scored.cohort = input.cohort;
  for (auto _ : state) benchmark::DoNotOptimize(evaluate(scored, schema, "test"));
  state.SetItemsProcessed(static_cast<std::int64_t>(samples) * state.iterations());
}

/// Two axes with 100 permutations each and six refitted heads in five folds.
void discover_pair(benchmark::State& state) {
  const Schema schema = two_axes();
  const DiscoveryInput input = discovery_split(schema);
  for (auto _ : state) benchmark::DoNotOptimize(discover(input, {}));
}

BENCHMARK(evaluate_split)->Name("Evaluate/60000_samples_two_axes")->Unit(benchmark::kMillisecond);
BENCHMARK(discover_pair)->Name("Discover/60000_samples_two_axes")->Unit(benchmark::kMillisecond);

}  // namespace

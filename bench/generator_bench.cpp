#include <benchmark/benchmark.h>

#include "synthetic/generator.hpp"

namespace {

using namespace c2al::synthetic;

/// The world of scenarios/preset_a.toml: a visible axis of 90/7/3 whose minorities have interactions of their own.
WorldConfig preset_a() {
  WorldConfig world;
  AxisConfig axis;
  axis.name = "user_value";
  axis.cohorts = {{"middle", 0.90, 0.0, 1.0, 0.0}, {"high", 0.07, 0.5, 1.0, 2.0}, {"low", 0.03, -0.5, 1.0, 2.0}};
  world.axes = {axis};
  return world;
}

/// Preset D: the same with the axis hidden behind four proxies, so that p(y|x) is a sum over its cohorts.
WorldConfig preset_d() {
  WorldConfig world = preset_a();
  AxisConfig& axis = world.axes.front();
  axis.visible = false;
  axis.proxies = 4;
  axis.proxy_fidelity = 0.8;
  axis.proxy_vocabulary = 20;
  return world;
}

/// All four splits: world, intercept, samples, labels and both truths.
void generator(benchmark::State& state, const WorldConfig& world) {
  const SplitSizes splits;
  std::uint64_t seed = 1;
  for (auto _ : state) benchmark::DoNotOptimize(generate(world, splits, seed++));
  state.SetItemsProcessed(static_cast<std::int64_t>(splits.train + splits.discovery + splits.validation + splits.test) *
                          state.iterations());
}

BENCHMARK_CAPTURE(generator, preset_a, preset_a())->Name("Generator/preset_a")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(generator, preset_d, preset_d())->Name("Generator/preset_d")->Unit(benchmark::kMillisecond);

}  // namespace

#include <algorithm>
#include <string>
#include <vector>

#include "bench/timed_steps.hpp"

// Whole training steps: gather, forward, losses, backward, update of everything, Adam, float32. TrainStep has the
// PyTorch peer's default configuration, PresetStep the model of scenarios/preset_a.toml.
namespace c2al {
namespace {

/// Bytes a step must move at least: Adam reads a gradient, a parameter and two moments and writes three of them, for
/// every dense parameter and every number of the rows of a batch; the passes of pcgrad write and read a gradient a task
/// besides.
double least_bytes(const Workload& w, const Batches& batches, const std::string& method) {
  double rows = 0;
  for (std::size_t i = 0; i < w.batches; ++i) {
    const std::int32_t* begin = batches.view(w, i).rows;
    std::vector<std::int32_t> batch(begin, begin + w.batch * w.input.fields);
    std::sort(batch.begin(), batch.end());
    rows += static_cast<double>(std::unique(batch.begin(), batch.end()) - batch.begin());
  }
  const double numbers = static_cast<double>(training_cost(w, method).dense_parameters) +
                         rows / static_cast<double>(w.batches) * static_cast<double>(w.model.dim);
  return (method == "pcgrad" ? 7 + 2 * 3 : 7) * sizeof(float) * numbers;
}

void train_steps(benchmark::State& state, const Workload& w, const std::string& method) {
  TrainingCase training(w, method);
  time_steps(state, training, method, [] {});
  state.counters["FLOP/byte"] =
      state.counters["FLOP/sample"] * static_cast<double>(w.batch) / least_bytes(w, training.batches, method);
}

[[maybe_unused]] const bool registered = [] {
  const auto add = [](const std::string& name, const Workload& w, int windows) {
    for (const std::string& method : peer_methods())
      benchmark::RegisterBenchmark((name + "/" + method).c_str(),
                                   [=](benchmark::State& state) { train_steps(state, w, method); })
          ->UseManualTime()
          ->Unit(benchmark::kMillisecond)
          ->Iterations(windows);
  };
  add("TrainStep", peer_workload(), 7);
  add("PresetStep", preset_workload(), 15);
  return true;
}();

}  // namespace
}  // namespace c2al

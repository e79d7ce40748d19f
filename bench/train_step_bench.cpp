#include <string>
#include <vector>

#include "bench/training_case.hpp"
#include "bench/yardstick.hpp"

// Whole training steps: gather, forward, losses, backward, update of everything, Adam, float32. TrainStep has the
// PyTorch peer's default configuration, PresetStep the model of scenarios/preset_a.toml. One window of steps is one
// iteration; of_sgemm is a window's rate over the mean of the yardstick's before and after it.
namespace c2al {
namespace {

/// Numbers a step must move at least: Adam reads a gradient, a parameter and two moments and writes three of them, for
/// every dense parameter and every number of the rows of a batch.
double least_bytes(const Workload& w, const Batches& batches, std::size_t dense_parameters) {
  double rows = 0;
  for (std::size_t i = 0; i < w.batches; ++i) {
    const auto begin = batches.rows.begin() + static_cast<std::ptrdiff_t>(i * w.batch * w.input.fields);
    std::vector<std::int32_t> batch(begin, begin + static_cast<std::ptrdiff_t>(w.batch * w.input.fields));
    std::sort(batch.begin(), batch.end());
    rows += static_cast<double>(std::unique(batch.begin(), batch.end()) - batch.begin());
  }
  const double row_numbers = rows / static_cast<double>(w.batches) * static_cast<double>(w.model.dim);
  return 7 * sizeof(float) * (static_cast<double>(dense_parameters) + row_numbers);
}

void train_steps(benchmark::State& state, const Workload& w, const std::string& method) {
  TrainingCase training(w, method);
  training.run(w.steps_per_window);
  const double flop = counted_flop(w, method);
  const auto samples = static_cast<double>(w.steps_per_window * w.batch);
  Yardstick yardstick;
  std::vector<double> samples_per_second, gflops, of_sgemm;
  for (auto _ : state) {
    const double seconds = yardstick.window([&] { training.run(w.steps_per_window); });
    state.SetIterationTime(seconds);
    samples_per_second.push_back(samples / seconds);
    gflops.push_back(1e-9 * flop * samples / seconds);
    of_sgemm.push_back(gflops.back() / yardstick.beside());
  }
  const ModelCost cost = model_cost(w.model, HeadConfig{}, w.input);
  state.counters["FLOP/sample"] = flop;
  state.counters["FLOP/byte"] =
      flop * static_cast<double>(w.batch) / least_bytes(w, training.batches, cost.dense_parameters);
  report(state, "samples/s", samples_per_second);
  report(state, "GFLOP/s", gflops);
  report(state, "sgemm_GFLOP/s", yardstick.rates());
  report(state, "of_sgemm", of_sgemm);
  state.SetLabel(kernels::gemm_library());
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

#include <benchmark/benchmark.h>

#include <Kokkos_Core.hpp>
#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "bench/workload.hpp"
#include "core/kernels/gemm.hpp"
#include "core/model/model.hpp"

// Whole training steps: gather, forward, losses, backward, update of everything, Adam, float32. TrainStep has the
// PyTorch peer's default configuration, PresetStep the model of scenarios/preset_a.toml. One window of steps is one
// iteration; samples/s are the median, least and greatest over the windows. Every window stands between two
// measurements of sgemm 2048 x 784 x 432 of the same library in the same thread, so that a busy machine shows.
namespace c2al {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// GFLOP/s of the yardstick, in this thread.
class Sgemm {
 public:
  double rate() {
    const auto start = Clock::now();
    kernels::gemm(kernels::CallingThread{}, kernels::Op::none, kernels::Op::transpose, M, N, K, 1.f, a_.data(), K,
                  b_.data(), K, 0.f, c_.data(), N);
    return 2e-9 * M * N * K / seconds_since(start);
  }

 private:
  static constexpr std::size_t M = 2048, N = 784, K = 432;
  std::vector<float> a_ = std::vector<float>(M * K, 1.f), b_ = std::vector<float>(N * K, 1.f),
                     c_ = std::vector<float>(M * N);
};

void report(benchmark::State& state, const std::string& name, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  state.counters[name + "_median"] = values[values.size() / 2];
  state.counters[name + "_min"] = values.front();
  state.counters[name + "_max"] = values.back();
}

void train_steps(benchmark::State& state, const Workload& w, std::size_t tasks) {
  const Batches batches(w);
  const auto model = make_model(w.model, HeadConfig{tasks}, w.input, "float32");
  model->initialise(1, 0);
  const std::vector<double> weights = tasks == 1 ? std::vector<double>{1} : std::vector<double>{1, 0.2, 0.2};
  const TaskCoefficients coefficients{weights, weights};
  std::vector<double> losses(tasks);
  UpdateRule rule;
  rule.step = 0;
  const auto step = [&] {
    const std::size_t index = rule.step % w.batches;
    ++rule.step;
    model->forward(batches.view(w, index));
    model->losses({tasks, w.batch, batches.targets.data() + index * 3 * w.batch, nullptr}, losses);
    model->backward(coefficients);
    model->update(rule);
  };
  for (std::size_t i = 0; i < w.steps_per_window; ++i) step();

  Sgemm sgemm;
  sgemm.rate();
  std::vector<double> samples_per_second, sgemm_rates{sgemm.rate()};
  for (auto _ : state) {
    Kokkos::fence();
    const auto start = Clock::now();
    for (std::size_t i = 0; i < w.steps_per_window; ++i) step();
    Kokkos::fence();
    const double seconds = seconds_since(start);
    state.SetIterationTime(seconds);
    samples_per_second.push_back(static_cast<double>(w.steps_per_window * w.batch) / seconds);
    sgemm_rates.push_back(sgemm.rate());
  }
  const ModelCost cost = model_cost(w.model, HeadConfig{tasks}, w.input);
  state.counters["FLOP/sample"] = cost.step_flop;
  report(state, "samples/s", samples_per_second);
  state.counters["GFLOP/s_median"] = state.counters["samples/s_median"] * cost.step_flop * 1e-9;
  report(state, "sgemm_GFLOP/s", sgemm_rates);
  state.SetLabel(kernels::gemm_library());
}

void train_step(benchmark::State& state, std::size_t tasks) { train_steps(state, peer_workload(), tasks); }
void preset_step(benchmark::State& state, std::size_t tasks) { train_steps(state, preset_workload(), tasks); }

BENCHMARK_CAPTURE(train_step, plain, 1)
    ->Name("TrainStep/plain")
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(7);
BENCHMARK_CAPTURE(train_step, c2al, 3)
    ->Name("TrainStep/c2al")
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(7);
BENCHMARK_CAPTURE(preset_step, plain, 1)
    ->Name("PresetStep/plain")
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(15);
BENCHMARK_CAPTURE(preset_step, c2al, 3)
    ->Name("PresetStep/c2al")
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(15);

}  // namespace
}  // namespace c2al

#pragma once
#include <string>
#include <vector>

#include "bench/training_case.hpp"
#include "bench/yardstick.hpp"

namespace c2al {

/// Times windows of training steps, each between two measurements of the yardstick; one window is one iteration.
/// `before()` runs ahead of every window, untimed. Reports samples/s, GFLOP/s of the counted FLOPs, the yardstick's
/// and, as of_sgemm, a window's rate over the mean of the yardstick's before and after it.
template <class Before>
void time_steps(benchmark::State& state, TrainingCase& training, const std::string& method, const Before& before) {
  const Workload& w = training.workload;
  training.run(w.steps_per_window);
  const double flop = counted_flop(w, method);
  const auto samples = static_cast<double>(w.steps_per_window * w.batch);
  Yardstick yardstick;
  std::vector<double> samples_per_second, gflops, of_sgemm;
  for (auto _ : state) {
    before();
    const double seconds = yardstick.window([&] { training.run(w.steps_per_window); });
    state.SetIterationTime(seconds);
    samples_per_second.push_back(samples / seconds);
    gflops.push_back(1e-9 * flop * samples_per_second.back());
    of_sgemm.push_back(gflops.back() / yardstick.beside());
  }
  state.counters["FLOP/sample"] = flop;
  report(state, "samples/s", samples_per_second);
  report(state, "GFLOP/s", gflops);
  report(state, "sgemm_GFLOP/s", yardstick.rates());
  report(state, "of_sgemm", of_sgemm);
  state.SetLabel(kernels::gemm_library());
}

}  // namespace c2al

#include <benchmark/benchmark.h>

#include <Kokkos_Core.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include "core/data/random_stream.hpp"
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

struct Workload {
  ModelConfig model;
  InputShape input;
  std::vector<std::size_t> vocabularies;
  std::size_t batch = 0, batches = 0, steps_per_window = 0;
};

/// The peer's vocabularies: field j has a share ~ 0.7^j of a million rows, at least 4; the rest goes to field 0.
std::vector<std::size_t> peer_vocabularies() {
  constexpr std::size_t fields = 26, total = 1'000'000;
  double sum = 0;
  for (std::size_t j = 0; j < fields; ++j) sum += std::pow(0.7, j);
  std::vector<std::size_t> sizes;
  std::size_t used = 0;
  for (std::size_t j = 0; j < fields; ++j) {
    sizes.push_back(std::max<std::size_t>(4, static_cast<std::size_t>(total * std::pow(0.7, j) / sum)));
    used += sizes.back();
  }
  sizes[0] += total - used;
  return sizes;
}

Workload peer_workload() {
  Workload w;
  const LayerConfig layer{FmAttentionConfig{}, CrossConfig{}, MlpConfig{}};
  w.model.layers = {layer, layer};
  w.model.top = {256, 128, 64};
  w.vocabularies = peer_vocabularies();
  w.input = {26, 13, 1'000'000};
  w.batch = 2048;
  w.batches = 64;
  w.steps_per_window = 4;
  return w;
}

Workload preset_workload() {
  Workload w;
  FmAttentionConfig attention;
  attention.form = FmForm::pairwise;
  attention.k = 4;
  attention.hidden = 32;
  w.model.dim = 8;
  w.model.layers = {LayerConfig{attention, std::nullopt, MlpConfig{16}}};
  w.model.top = {32};
  w.vocabularies = {10, 14, 19, 25, 32, 40, 50, 60, 3};
  w.input = {9, 0, 253};
  w.batch = 512;
  w.batches = 256;
  w.steps_per_window = 256;
  return w;
}

/// Batches as the peer makes them: rank r of a field with p ~ (r+1)^-1.1, scattered over the field's rows; dense
/// features log(1 + Exp(mean 2)); targets of the primary, head and tail tasks.
struct Batches {
  std::vector<std::int32_t> rows;
  std::vector<float> dense, targets;

  explicit Batches(const Workload& w) {
    const std::size_t samples = w.batch * w.batches, fields = w.input.fields;
    rows.resize(samples * fields);
    std::size_t offset = 0;
    for (std::size_t j = 0; j < fields; ++j) {
      const std::size_t vocabulary = w.vocabularies[j];
      std::vector<double> cumulative(vocabulary);
      double sum = 0;
      for (std::size_t r = 0; r < vocabulary; ++r) cumulative[r] = sum += std::pow(static_cast<double>(r + 1), -1.1);
      RandomStream random(1, StreamPurpose::samples, j);
      for (std::size_t i = 0; i < samples; ++i) {
        const auto found = std::upper_bound(cumulative.begin(), cumulative.end() - 1, random.uniform() * sum);
        const auto rank = static_cast<std::size_t>(found - cumulative.begin());
        rows[i * fields + j] = static_cast<std::int32_t>(offset + (rank * 2654435761u + 12345) % vocabulary);
      }
      offset += vocabulary;
    }
    RandomStream random(1, StreamPurpose::samples, 1000);
    for (std::size_t i = 0; i < samples * w.input.dense_features; ++i)
      dense.push_back(static_cast<float>(std::log1p(-2 * std::log1p(-random.uniform()))));
    targets.resize(3 * samples);  // (3, batch) a batch
    for (std::size_t i = 0; i < samples; ++i) {
      const double label = random.uniform() < 0.25, position = random.uniform();
      float* target = targets.data() + i / w.batch * 3 * w.batch + i % w.batch;
      target[0] = static_cast<float>(label);
      target[w.batch] = position < 0.3 ? target[0] : 0;
      target[2 * w.batch] = position > 0.9 ? target[0] : 0;
    }
  }

  BatchView view(const Workload& w, std::size_t index) const {
    BatchView view;
    view.size = w.batch;
    view.fields = w.input.fields;
    view.dense_features = w.input.dense_features;
    view.rows = rows.data() + index * w.batch * w.input.fields;
    view.dense = dense.data() + index * w.batch * w.input.dense_features;
    return view;
  }
};

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

#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "bench/timed_steps.hpp"

// How a training step's cost grows: the peer's default model, plain, with row-wise Adagrad, one size varied at a time.
// Rows are drawn anew for every window, so that no row is in a cache because the benchmark repeats itself. Tables are
// compared in turns with one of a million rows that is trained in the same process.
namespace c2al {
namespace {

constexpr std::int64_t reference_rows = 1'000'000;
constexpr int windows = 9;

UpdateRule row_wise_adagrad() {
  UpdateRule rule;
  rule.kind = OptimizerKind::row_wise_adagrad;
  rule.epsilon = 1e-10;
  return rule;
}

/// A model in training on rows that never repeat.
class ScalingCase {
 public:
  explicit ScalingCase(const PeerSize& size) {
    Workload w = peer_workload(size);
    w.steps_per_window = w.batches = std::max<std::size_t>(1, 8192 / w.batch);
    seconds_to_make_ = seconds_of([&] { training_ = std::make_unique<TrainingCase>(w, "plain", row_wise_adagrad()); });
  }

  TrainingCase& training() { return *training_; }
  double seconds_to_make() const { return seconds_to_make_; }
  double samples() const { return static_cast<double>(workload().steps_per_window * workload().batch); }
  void draw(RowLaw law) { training_->batches.draw_rows(workload(), law, ++draws_); }
  void run() { training_->run(workload().steps_per_window); }

 private:
  const Workload& workload() const { return training_->workload; }

  std::unique_ptr<TrainingCase> training_;
  std::uint64_t draws_ = 0;
  double seconds_to_make_ = 0;
};

/// One size: samples/s beside the yardstick.
void cost(benchmark::State& state, const PeerSize& size) {
  ScalingCase scaled(size);
  time_steps(state, scaled.training(), "plain", [&] { scaled.draw(RowLaw::popular); });
}

/// A table of `rows` in turns with the reference.
void table_rows(benchmark::State& state, std::int64_t rows, RowLaw law) {
  // Made once for both laws: a large table takes seconds. Never two large ones at a time.
  static std::unique_ptr<ScalingCase> reference, scaled;
  static std::int64_t scaled_rows = 0;
  if (!reference) {
    reference = std::make_unique<ScalingCase>(PeerSize{.rows = reference_rows});
    Kokkos::push_finalize_hook([] {
      reference.reset();
      scaled.reset();
    });
  }
  if (scaled_rows != rows) {
    scaled.reset();
    scaled = std::make_unique<ScalingCase>(PeerSize{.rows = rows});
    scaled_rows = rows;
  }
  const auto rate = [law](ScalingCase& of) {
    of.draw(law);
    return of.samples() / seconds_of([&] { of.run(); });
  };
  rate(*reference);
  rate(*scaled);
  double before = rate(*reference);
  std::vector<double> rates, reference_rates{before}, ratios;
  for (auto _ : state) {
    rates.push_back(rate(*scaled));
    state.SetIterationTime(scaled->samples() / rates.back());
    const double after = rate(*reference);
    reference_rates.push_back(after);
    ratios.push_back(2 * rates.back() / (before + after));
    before = after;
  }
  report(state, "samples/s", rates);
  report(state, "reference_samples/s", reference_rates);
  report(state, "of_reference", ratios);
  state.counters["seconds_to_make"] = scaled->seconds_to_make();
}

[[maybe_unused]] const bool registered = [] {
  const auto add = [](const std::string& name, const auto& f) {
    benchmark::RegisterBenchmark(("Scaling/" + name).c_str(), f)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond)
        ->Iterations(windows);
  };
  for (const std::int64_t rows : {10'000, 100'000, 1'000'000, 10'000'000, 100'000'000})
    for (const RowLaw law : {RowLaw::popular, RowLaw::uniform})
      add("rows:" + std::to_string(rows) + (law == RowLaw::popular ? "/popular" : "/uniform"),
          [=](benchmark::State& state) { table_rows(state, rows, law); });
  const auto add_cost = [&](const std::string& what, auto PeerSize::*member, std::initializer_list<std::size_t> sizes) {
    for (const std::size_t size : sizes)
      add(what + ":" + std::to_string(size), [=](benchmark::State& state) {
        PeerSize peer;
        peer.*member = size;
        cost(state, peer);
      });
  };
  add_cost("batch", &PeerSize::batch, {128, 256, 512, 1024, 2048, 4096, 8192});
  add_cost("fields", &PeerSize::fields, {6, 13, 26, 52, 104});
  add_cost("dim", &PeerSize::dim, {8, 16, 32, 64});
  add_cost("layers", &PeerSize::layers, {1, 2, 3, 4});
  return true;
}();

}  // namespace
}  // namespace c2al

#include <fmt/format.h>

#include <Kokkos_Core.hpp>
#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/measure.hpp"
#include "bench/method_cost.hpp"
#include "bench/workload.hpp"
#include "core/data/memory_source.hpp"
#include "core/error.hpp"
#include "core/training/catalogue.hpp"
#include "core/training/trainer.hpp"

// What a method's training step costs relative to plain's. A window of the method's steps follows a window of plain's,
// in turns: what else the machine does meets both, and the median of the ratios of neighbours is reported.
namespace c2al {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t windows = 7;

struct Case {
  std::string name, method;
  std::map<std::string, Settings::Value> settings;
};

struct Cost {
  std::string workload, name, cost_class, failure;
  double step = 0, ratio = 0, low = 0, high = 0;  ///< seconds; medians and extremes over the windows
};

std::vector<Cost>& costs() {
  static std::vector<Cost> all;
  return all;
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const CatalogueEntry& entry : method_catalogue()) {
    all.push_back({entry.name, entry.name, {}});
    if (entry.name == "pcgrad")
      all.push_back({"pcgrad, representation", "pcgrad", {{"gradient_scope", std::string("representation")}}});
  }
  return all;
}

/// A method in training, to be run a window of steps at a time.
class TimedTraining {
 public:
  TimedTraining(const DataSource& source, const Workload& w, const Case& c) : steps_(w.steps_per_window / 2) {
    TrainingConfig training;
    training.batch_size = w.batch;
    training.epochs = 1000;
    MethodContext context = method_context(source, {0, 1, 2}, 1, total_steps(source, training), 0.2, 0.2);
    context.least_divergent = CohortPair{0, 0, 1};
    method_ = make_method(c.method, context, Settings("", c.settings));
    trainer_ = std::make_unique<Trainer>(source, w.model, training, *method_, 1);
  }

  /// Seconds a step. The first step of a window opens the stream and is not counted.
  double window() {
    std::size_t done = 0;
    Clock::time_point start;
    trainer_->train([&](std::uint64_t, std::uint64_t, std::uint64_t) {
      Kokkos::fence();
      if (done == 0) start = Clock::now();
      return done++ < steps_;
    });
    return std::chrono::duration<double>(Clock::now() - start).count() / static_cast<double>(steps_);
  }

 private:
  std::size_t steps_;
  std::unique_ptr<Method> method_;
  std::unique_ptr<Trainer> trainer_;
};

void method_cost(benchmark::State& state, const std::string& workload_name, const Workload& w, const Case& c) {
  static std::map<std::string, MemorySource> sources;
  if (sources.count(workload_name) == 0) sources.emplace(workload_name, training_source(w));
  const MemorySource& source = sources.at(workload_name);
  Cost cost{workload_name, c.name, find_method(c.method).describe().cost, {}};
  try {
    TimedTraining plain(source, w, {"plain", "plain", {}}), method(source, w, c);
    plain.window();
    method.window();
    std::vector<double> steps, ratios;
    for (auto _ : state) {
      const double plain_step = plain.window();
      steps.push_back(method.window());
      ratios.push_back(steps.back() / plain_step);
      state.SetIterationTime(steps.back());
    }
    cost.step = median(steps);
    cost.ratio = median(ratios);
    cost.low = *std::min_element(ratios.begin(), ratios.end());
    cost.high = *std::max_element(ratios.begin(), ratios.end());
    state.counters["relative_to_plain"] = cost.ratio;
  } catch (const Error& error) {
    cost.failure = error.what();
    state.SkipWithError(error.what());
  }
  costs().push_back(std::move(cost));
}

}  // namespace

void register_method_costs() {
  const std::pair<std::string, Workload> workloads[] = {{"peer", peer_workload()}, {"preset_a", preset_workload()}};
  for (const auto& [workload_name, workload] : workloads)
    for (const Case& c : cases())
      benchmark::RegisterBenchmark(
          fmt::format("MethodCost/{}/{}", workload_name, c.name).c_str(),
          [=, name = workload_name, w = workload](benchmark::State& state) { method_cost(state, name, w, c); })
          ->UseManualTime()
          ->Unit(benchmark::kMillisecond)
          ->Iterations(windows);
}

void print_method_costs(std::FILE* out) {
  if (costs().empty()) return;
  fmt::print(
      out,
      "\nStep time relative to plain, median (least, greatest) of {} windows in turns with plain's\n{:<10} {:<26}"
      "{:>10} {:>10} {:>18}  {}\n",
      windows, "workload", "method", "ms a step", "relative", "range", "cost class");
  for (const Cost& cost : costs()) {
    if (cost.failure.empty())
      fmt::print(out, "{:<10} {:<26}{:>10.3f} {:>10.2f} {:>18}  {}\n", cost.workload, cost.name, 1e3 * cost.step,
                 cost.ratio, fmt::format("({:.2f}, {:.2f})", cost.low, cost.high), cost.cost_class);
    else
      fmt::print(out, "{:<10} {:<26} {}\n", cost.workload, cost.name, cost.failure);
  }
}

}  // namespace c2al

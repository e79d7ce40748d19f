#pragma once
#include <benchmark/benchmark.h>

#include <Kokkos_Core.hpp>
#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace c2al {

/// Wall-clock seconds that `work` takes, fence to fence.
template <class F>
double seconds_of(const F& work) {
  Kokkos::fence();
  const auto start = std::chrono::steady_clock::now();
  work();
  Kokkos::fence();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Middle value of a non-empty sample, the upper of two.
inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Sets the counters NAME_median, NAME_min and NAME_max of a non-empty sample.
inline void report(benchmark::State& state, const std::string& name, const std::vector<double>& values) {
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  state.counters[name + "_median"] = median(values);
  state.counters[name + "_min"] = *least;
  state.counters[name + "_max"] = *greatest;
}

/// Times `work` once an iteration, after a first untimed call, and reports `amount` a call as a rate in `unit`.
template <class F>
void measure(benchmark::State& state, const std::string& unit, double amount, const F& work) {
  std::vector<double> rates;
  work();
  for (auto _ : state) {
    const double seconds = seconds_of(work);
    state.SetIterationTime(seconds);
    rates.push_back(amount / seconds);
  }
  report(state, unit, rates);
}

}  // namespace c2al

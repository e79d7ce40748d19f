#include <benchmark/benchmark.h>

#include <Kokkos_Core.hpp>
#include <cstdio>
#include <string>

#include "bench/method_cost.hpp"

int main(int argc, char** argv) {
  Kokkos::ScopeGuard kokkos(argc, argv);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  // Where models live.
  benchmark::AddCustomContext("kokkos_space", Kokkos::DefaultExecutionSpace::name());
  benchmark::AddCustomContext("kokkos_threads", std::to_string(Kokkos::DefaultExecutionSpace().concurrency()));
  c2al::register_method_costs();
  benchmark::RunSpecifiedBenchmarks();
  // Not into standard output, which --benchmark_format may make JSON.
  c2al::print_method_costs(stderr);
  benchmark::Shutdown();
}

#include <string>
#include <vector>

#include "bench/measure.hpp"
#include "core/data/random_stream.hpp"
#include "core/kernels/embedding.hpp"
#include "core/kernels/optimizer.hpp"
#include "core/model/buffer.hpp"

// The kernels that meet a table far larger than the caches: ten million rows in huge pages, rows drawn uniformly and
// anew for every call, as many as a batch of the peer has. RandomRows (peaks_bench.cpp) is what the machine gives.
namespace c2al::kernels {
namespace {

constexpr std::size_t batch = 2048, fields = 26, d = 16, table_rows = 10'000'000, draws = 48;

struct LargeTable {
  Buffer<float, Kokkos::DefaultHostExecutionSpace> table{"table"}, first{"first moment"}, second{"second moment"};
  std::vector<std::vector<std::int32_t>> rows;
  std::vector<float> x = std::vector<float>(batch * fields * d, 0.01f);

  LargeTable() {
    table.grow(table_rows * d);
    RandomStream random(1, StreamPurpose::samples, 5);
    rows.resize(draws, std::vector<std::int32_t>(batch * fields));
    for (auto& draw : rows)
      for (std::int32_t& row : draw) row = static_cast<std::int32_t>(random.below(table_rows));
  }
};

void report_per_row(benchmark::State& state) {
  state.counters["ns/row_median"] = 1e3 / state.counters["Mrows/s_median"];
  state.counters["ns/row_min"] = 1e3 / state.counters["Mrows/s_max"];
}

void gather_large(benchmark::State& state) {
  LargeTable t;
  std::size_t call = 0;
  measure(state, "Mrows/s", 1e-6 * batch * fields, [&] {
    gather<float>(CallingThread{}, batch, fields, d, t.rows[call++ % draws].data(), t.table.data(), t.x.data(),
                  fields * d);
    benchmark::DoNotOptimize(t.x.data());
  });
  report_per_row(state);
}

void update_large(benchmark::State& state, OptimizerKind kind) {
  LargeTable t;
  t.second.grow(kind == OptimizerKind::adam ? table_rows * d : table_rows);
  if (kind == OptimizerKind::adam) t.first.grow(table_rows * d);
  UpdateRule rule;
  rule.kind = kind;
  std::size_t call = 0;
  measure(state, "Mrows/s", 1e-6 * batch * fields, [&] {
    row_update<float>(CallingThread{}, rule, batch * fields, d, t.rows[call++ % draws].data(), t.x.data(),
                      t.table.data(), t.first.data(), t.second.data());
    benchmark::DoNotOptimize(t.table.data());
  });
  report_per_row(state);
}

void distinct_large(benchmark::State& state) {
  LargeTable t;
  DistinctRows distinct;
  std::size_t call = 0;
  measure(state, "Mrows/s", 1e-6 * batch * fields,
          [&] { distinct.build(t.rows[call++ % draws].data(), batch * fields, table_rows); });
  report_per_row(state);
}

BENCHMARK(gather_large)->Name("LargeTable/gather")->UseManualTime()->Iterations(draws);
BENCHMARK_CAPTURE(update_large, row_wise, OptimizerKind::row_wise_adagrad)
    ->Name("LargeTable/row_wise_adagrad")
    ->UseManualTime()
    ->Iterations(draws);
BENCHMARK_CAPTURE(update_large, adam, OptimizerKind::adam)->Name("LargeTable/adam")->UseManualTime()->Iterations(draws);
BENCHMARK(distinct_large)->Name("LargeTable/distinct_rows")->UseManualTime()->Iterations(draws);

}  // namespace
}  // namespace c2al::kernels

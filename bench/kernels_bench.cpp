#include <cmath>
#include <vector>

#include "bench/measure.hpp"
#include "core/data/random_stream.hpp"
#include "core/kernels/embedding.hpp"
#include "core/kernels/fm_attention.hpp"
#include "core/kernels/gemm.hpp"
#include "core/kernels/optimizer.hpp"

// Rates of the kernels in one thread, at the shapes of the PyTorch peer's model and of the presets' small model; the
// machine's peaks are in peaks_bench.cpp.
namespace c2al::kernels {
namespace {

std::vector<float> random_numbers(std::size_t n, std::uint64_t stream) {
  RandomStream random(1, StreamPurpose::samples, stream);
  std::vector<float> values(n);
  for (float& value : values) value = static_cast<float>(2 * random.uniform() - 1);
  return values;
}

/// Rows of a concatenated table of `fields` equal vocabularies, skewed towards the first of each field.
std::vector<std::int32_t> random_rows(std::size_t batch, std::size_t fields, std::size_t vocabulary) {
  RandomStream random(1, StreamPurpose::samples, 99);
  std::vector<std::int32_t> rows(batch * fields);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double u = random.uniform();
    rows[i] = static_cast<std::int32_t>(i % fields * vocabulary +
                                        static_cast<std::size_t>(std::pow(u, 4) * static_cast<double>(vocabulary)));
  }
  return rows;
}

/// FLOP for each byte of the operands, each read or written once.
void report_intensity(benchmark::State& state, double flop, std::size_t numbers) {
  state.counters["FLOP/byte"] = flop / static_cast<double>(numbers * sizeof(float));
}

void sgemm(benchmark::State& state) {
  const auto M = static_cast<std::size_t>(state.range(0)), N = static_cast<std::size_t>(state.range(1)),
             K = static_cast<std::size_t>(state.range(2));
  const auto A = random_numbers(M * K, 1), B = random_numbers(N * K, 2);
  std::vector<float> C(M * N);
  state.SetLabel(gemm_host_library());
  report_intensity(state, 2 * static_cast<double>(M * N * K), A.size() + B.size() + C.size());
  measure(state, "GFLOP/s", 2e-9 * static_cast<double>(M * N * K), [&] {
    gemm(CallingThread{}, Op::none, Op::transpose, M, N, K, 1.f, A.data(), K, B.data(), K, 0.f, C.data(), N);
    benchmark::DoNotOptimize(C.data());
  });
}

struct FmOperands {
  FmForm form;
  std::size_t batch = 512, m, d, k, y_size;
  std::vector<float> E, Y, N, G, dE, dY;

  explicit FmOperands(const benchmark::State& state)
      : form(static_cast<FmForm>(state.range(0))),
        m(static_cast<std::size_t>(state.range(1))),
        d(static_cast<std::size_t>(state.range(2))),
        k(static_cast<std::size_t>(state.range(3))),
        y_size((form == FmForm::covariance ? d : m) * k),
        E(random_numbers(batch * m * d, 1)),
        Y(random_numbers(batch * y_size, 2)),
        N(random_numbers(batch * y_size, 3)),
        G(batch * y_size),
        dE(batch * m * d),
        dY(batch * y_size) {}
  double flop() const { return 4e-9 * static_cast<double>(batch * m * d * k); }
  const char* label() const { return form == FmForm::covariance ? "covariance" : "pairwise"; }
};

/// FLOPs as two products of 2 m d k.
void fm_forward(benchmark::State& state) {
  FmOperands o(state);
  state.SetLabel(o.label());
  report_intensity(state, 1e9 * o.flop(), o.E.size() + o.Y.size() + o.G.size());
  measure(state, "GFLOP/s", o.flop(), [&] {
    fm_attention_forward(CallingThread{}, o.form, o.batch, o.m, o.d, o.k, o.E.data(), o.m * o.d, o.Y.data(), o.y_size,
                         o.G.data(), o.y_size);
    benchmark::DoNotOptimize(o.G.data());
  });
}

/// FLOPs as twice the forward pass's, the convention of the cost figures, whatever is recomputed.
void fm_backward(benchmark::State& state) {
  FmOperands o(state);
  state.SetLabel(o.label());
  report_intensity(state, 2e9 * o.flop(), o.E.size() + o.Y.size() + o.N.size() + o.dE.size() + o.dY.size());
  measure(state, "GFLOP/s", 2 * o.flop(), [&] {
    fm_attention_backward(CallingThread{}, o.form, o.batch, o.m, o.d, o.k, o.E.data(), o.m * o.d, o.Y.data(), o.y_size,
                          o.N.data(), o.y_size, o.dE.data(), o.m * o.d, o.dY.data(), o.y_size);
    benchmark::DoNotOptimize(o.dE.data());
  });
}

/// The embedding's part of a step: batch, fields, d, rows a field.
struct EmbeddingOperands {
  std::size_t batch, fields, d, vocabulary;
  std::vector<std::int32_t> rows;
  std::vector<float> table, x, g, m, v;
  DistinctRows distinct;

  explicit EmbeddingOperands(const benchmark::State& state)
      : batch(static_cast<std::size_t>(state.range(0))),
        fields(static_cast<std::size_t>(state.range(1))),
        d(static_cast<std::size_t>(state.range(2))),
        vocabulary(static_cast<std::size_t>(state.range(3))),
        rows(random_rows(batch, fields, vocabulary)),
        table(random_numbers(fields * vocabulary * d, 1)),
        x(random_numbers(batch * fields * d, 2)) {
    build();
    g.assign(distinct.size() * d, 0.01f);
  }
  void build() { distinct.build(rows.data(), rows.size(), static_cast<std::int64_t>(fields * vocabulary)); }
  void make_moments() {
    m.assign(table.size(), 0);
    v.assign(table.size(), 0);
  }
  double bytes_moved() const { return 1e-9 * static_cast<double>(2 * rows.size() * d * sizeof(float)); }
};

void gather_rows(benchmark::State& state) {
  EmbeddingOperands o(state);
  measure(state, "GB/s", o.bytes_moved(), [&] {
    gather(CallingThread{}, o.batch, o.fields, o.d, o.rows.data(), o.table.data(), o.x.data(), o.fields * o.d);
    benchmark::DoNotOptimize(o.x.data());
  });
}

void find_distinct_rows(benchmark::State& state) {
  EmbeddingOperands o(state);
  measure(state, "Mpositions/s", 1e-6 * static_cast<double>(o.rows.size()), [&] { o.build(); });
  state.counters["distinct"] = static_cast<double>(o.distinct.size());
}

void sum_row_gradients(benchmark::State& state) {
  EmbeddingOperands o(state);
  measure(state, "GB/s", o.bytes_moved(), [&] {
    sum_rows(CallingThread{}, o.distinct.occurrences(), o.fields, o.d, o.x.data(), o.fields * o.d, o.g.data());
    benchmark::DoNotOptimize(o.g.data());
  });
}

void adam_rows(benchmark::State& state) {
  EmbeddingOperands o(state);
  o.make_moments();
  measure(state, "Mrows/s", 1e-6 * static_cast<double>(o.distinct.size()), [&] {
    row_update(CallingThread{}, UpdateRule{}, o.distinct.size(), o.d, o.distinct.rows(), o.g.data(), o.table.data(),
               o.m.data(), o.v.data());
    benchmark::DoNotOptimize(o.table.data());
  });
}

/// Bytes: four numbers read and three written for each parameter.
void adam_dense(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  auto p = random_numbers(n, 1);
  const auto g = random_numbers(n, 2);
  std::vector<float> m(n), v(n);
  measure(state, "GB/s", 1e-9 * static_cast<double>(7 * n * sizeof(float)), [&] {
    dense_update(CallingThread{}, UpdateRule{}, n, p.data(), g.data(), m.data(), v.data());
    benchmark::DoNotOptimize(p.data());
  });
}

constexpr auto covariance = static_cast<long>(FmForm::covariance), pairwise = static_cast<long>(FmForm::pairwise);

BENCHMARK(sgemm)->ArgNames({"M", "N", "K"})->Args({2048, 784, 432})->Args({512, 72, 72})->UseManualTime();
BENCHMARK(fm_forward)
    ->ArgNames({"form", "m", "d", "k"})
    ->Args({covariance, 27, 16, 16})
    ->Args({pairwise, 9, 8, 4})
    ->Args({pairwise, 13, 16, 8})
    ->UseManualTime();
BENCHMARK(fm_backward)
    ->ArgNames({"form", "m", "d", "k"})
    ->Args({covariance, 27, 16, 16})
    ->Args({pairwise, 9, 8, 4})
    ->Args({pairwise, 13, 16, 8})
    ->UseManualTime();
BENCHMARK(gather_rows)->ArgNames({"batch", "fields", "d", "vocabulary"})->Args({2048, 26, 16, 40000})->UseManualTime();
BENCHMARK(find_distinct_rows)
    ->ArgNames({"batch", "fields", "d", "vocabulary"})
    ->Args({2048, 26, 16, 40000})
    ->Args({512, 9, 8, 30})
    ->UseManualTime();
BENCHMARK(sum_row_gradients)
    ->ArgNames({"batch", "fields", "d", "vocabulary"})
    ->Args({2048, 26, 16, 40000})
    ->Args({512, 9, 8, 30})
    ->UseManualTime();
BENCHMARK(adam_rows)->ArgNames({"batch", "fields", "d", "vocabulary"})->Args({2048, 26, 16, 40000})->UseManualTime();
BENCHMARK(adam_dense)->ArgNames({"n"})->Args({20000})->Args({1338769})->UseManualTime();

}  // namespace
}  // namespace c2al::kernels

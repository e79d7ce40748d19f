#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <new>
#include <utility>

#include "bench/measure.hpp"
#include "core/data/random_stream.hpp"
#include "core/kernels/execution.hpp"
#include "core/kernels/pack.hpp"

// What one core of this machine can do, so that every report holds the roofs its rates stand under: float FMAs in
// registers, STREAM's triad in each level of the memory, and random rows of a table far larger than the caches.
namespace c2al {
namespace {

constexpr std::size_t width = kernels::native_width<float>;
using Pack = kernels::Pack<float, width>;

/// Independent chains: enough to hide the latency of an FMA on two ports, few enough for 16 registers.
constexpr std::size_t chains = 12;

void peak_fma(benchmark::State& state) {
  constexpr std::size_t rounds = 1 << 21;
  std::array<Pack, chains> sums;
  sums.fill(Pack::zero());
  // Constants known to the compiler would be read from memory in every FMA.
  const volatile float half = 0.5f, one = 1;
  const Pack factor = Pack::broadcast(half), term = Pack::broadcast(one);
  measure(state, "GFLOP/s", 2e-9 * rounds * chains * width, [&] {
    std::array<Pack, chains> local = sums;
    for (std::size_t i = 0; i < rounds; ++i)
      for (Pack& sum : local) sum = fma(sum, factor, term);
    sums = local;
    benchmark::DoNotOptimize(std::as_const(sums));
  });
}

/// Numbers in fresh pages of their own, huge or not.
class Pages {
 public:
  Pages(std::size_t n, bool huge) : bytes_(n * sizeof(float)) {
    void* memory = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    madvise(memory, bytes_, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    data_ = static_cast<float*>(memory);
    std::fill_n(data_, n, 1.f);
  }
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  ~Pages() { munmap(data_, bytes_); }
  float* data() const { return data_; }

 private:
  std::size_t bytes_;
  float* data_;
};

/// The smallest level of the memory that holds so many bytes.
const char* level(std::size_t bytes) {
  const auto holds = [bytes](int name) { return static_cast<long>(bytes) <= sysconf(name); };
  return holds(_SC_LEVEL1_DCACHE_SIZE)  ? "L1"
         : holds(_SC_LEVEL2_CACHE_SIZE) ? "L2"
         : holds(_SC_LEVEL3_CACHE_SIZE) ? "L3"
                                        : "DRAM";
}

/// a = b + s c over three arrays of `bytes` in all; GB/s of what the formula reads and writes, 12 bytes an element.
void triad(benchmark::State& state) {
  const auto bytes = static_cast<std::size_t>(state.range(0));
  const std::size_t n = bytes / (3 * sizeof(float)), repeats = std::max<std::size_t>(1, (std::size_t{1} << 28) / bytes);
  const Pages pages(3 * n, true);
  float *a = pages.data(), *b = a + n, *c = b + n;
  state.SetLabel(level(bytes));
  measure(state, "GB/s", 1e-9 * static_cast<double>(repeats * 3 * n * sizeof(float)), [&] {
    for (std::size_t r = 0; r < repeats; ++r) {
      C2AL_INDEPENDENT_ITERATIONS
      for (std::size_t i = 0; i < n; ++i) a[i] = b[i] + 0.5f * c[i];
      benchmark::ClobberMemory();
    }
  });
}

enum class RowAccess { gather, add };

/// Rows at random of a table of 1 GiB: copied to a small buffer, or a vector of gradients added to each in place.
template <std::size_t d>
void random_rows(benchmark::State& state, RowAccess access, bool huge) {
  constexpr std::size_t table_rows = (std::size_t{1} << 28) / d, a_call = 1 << 20, calls = 16, buffered = 256;
  const Pages table(table_rows * d, huge);
  std::vector<std::uint32_t> rows(a_call * calls);  // no call meets the rows of another in a cache
  RandomStream random(1, StreamPurpose::samples, 7);
  for (std::uint32_t& row : rows) row = static_cast<std::uint32_t>(random.below(table_rows));
  std::vector<float> buffer(buffered * d, 1.f);
  std::size_t call = 0;
  measure(state, "Mrows/s", 1e-6 * a_call, [&] {
    const std::uint32_t* row = rows.data() + call++ % calls * a_call;
    for (std::size_t i = 0; i < a_call; ++i) {
      float *in_table = table.data() + row[i] * d, *in_buffer = buffer.data() + i % buffered * d;
      for (std::size_t a = 0; a < d; a += width)
        if (access == RowAccess::gather)
          Pack::load(in_table + a).store(in_buffer + a);
        else
          (Pack::load(in_table + a) + Pack::load(in_buffer + a)).store(in_table + a);
    }
    benchmark::ClobberMemory();
  });
  state.counters["ns/row_median"] = 1e3 / state.counters["Mrows/s_median"];
  state.counters["GB/s_median"] = 1e-3 * sizeof(float) * d * state.counters["Mrows/s_median"];
}

BENCHMARK(peak_fma)->Name("PeakFma")->UseManualTime()->Iterations(15);
BENCHMARK(triad)
    ->Name("Triad")
    ->ArgName("bytes")
    ->Arg(3 << 14)
    ->Arg(3 << 18)
    ->Arg(3 << 23)
    ->Arg(3ll << 29)
    ->UseManualTime()
    ->Iterations(15);

[[maybe_unused]] const bool registered = [] {
  for (const bool huge : {true, false})
    for (const RowAccess access : {RowAccess::gather, RowAccess::add})
      for (const int d : {16, 32})
        benchmark::RegisterBenchmark((std::string("RandomRows/") + (access == RowAccess::gather ? "gather" : "add") +
                                      "/" + (huge ? "huge_pages" : "small_pages") + "/bytes:" + std::to_string(4 * d))
                                         .c_str(),
                                     [=](benchmark::State& state) {
                                       d == 16 ? random_rows<16>(state, access, huge)
                                               : random_rows<32>(state, access, huge);
                                     })
            ->UseManualTime()
            ->Iterations(15);
  return true;
}();

}  // namespace
}  // namespace c2al

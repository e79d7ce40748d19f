// How many rows of Criteo's layout one core splits into fields, from files of each packing: 100,000 rows, read from the
// page cache.
#include <benchmark/benchmark.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "bench/criteo_like/criteo_rows.hpp"
#include "scenarios/tables/delimited_reader.hpp"

namespace c2al {
namespace {

enum Packing { plain, gzip, zstd };

/// Removed at the end.
class File {
 public:
  File(const std::string& text, Packing packing)
      : path_(std::filesystem::temp_directory_path() / ("c2al_bench_" + std::to_string(getpid()))) {
    if (packing == gzip) {
      const gzFile file = gzopen(path_.c_str(), "wb");
      gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
      gzclose(file);
      return;
    }
    std::string bytes = text;
    if (packing == zstd) {
      bytes.resize(ZSTD_compressBound(text.size()));
      bytes.resize(ZSTD_compress(bytes.data(), bytes.size(), text.data(), text.size(), 3));
    }
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~File() { std::filesystem::remove(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void TableReader(benchmark::State& state, Packing packing) {
  constexpr std::uint64_t rows = 100'000;
  const CriteoRows source(1);
  std::string text;
  for (std::uint64_t row = 0; row < rows; ++row) source.append(row, text);
  const File file(text, packing);
  DelimitedFormat format;
  format.delimiter = "\t";
  format.header = false;
  for (auto _ : state) {
    DelimitedReader reader(file.path(), format);
    TextRow row;
    std::size_t fields = 0;
    for (std::string problem; reader.next(row, problem);) fields += row.fields.size();
    if (fields != rows * 40) state.SkipWithError("wrong number of fields");
  }
  const auto passes = static_cast<std::int64_t>(state.iterations());
  state.SetItemsProcessed(passes * static_cast<std::int64_t>(rows));
  state.SetBytesProcessed(passes * static_cast<std::int64_t>(text.size()));
}

BENCHMARK_CAPTURE(TableReader, plain, plain)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(TableReader, gzip, gzip)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(TableReader, zstd, zstd)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace c2al

#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/workload.hpp"
#include "core/data/random_stream.hpp"
#include "scenarios/cache/cached_source.hpp"
#include "scenarios/cache/prepare_records.hpp"

// A shuffled pass over a prepared data set in windows, by the batch of the workload's training: what reading adds to a
// step. ns/row counts the processor time of all threads, so that reading ahead does not hide it; PresetStep has the
// step it stands against.
namespace c2al {
namespace {

constexpr std::uint64_t rows = 1'500'000;
constexpr std::size_t window_rows = std::size_t{1} << 18;

/// Random rows of a workload's shape, all in training but for a few.
class RandomRecords final : public RecordSource {
 public:
  explicit RandomRecords(const Workload& workload) : vocabularies_(workload.vocabularies) {
    for (std::size_t f = 0; f < vocabularies_.size(); ++f) {
      categorical_.emplace_back().name = "field " + std::to_string(f);
      texts_.emplace_back();
      for (std::size_t v = 0; v < vocabularies_[f]; ++v) texts_[f].push_back("level " + std::to_string(v));
    }
    for (std::size_t d = 0; d < workload.input.dense_features; ++d) {
      DatasetColumn& column = continuous_.emplace_back();
      column.name = "dense " + std::to_string(d);
      column.role = ColumnRole::continuous;
    }
  }

  const std::vector<DatasetColumn>& categorical_columns() const override { return categorical_; }
  const std::vector<DatasetColumn>& continuous_columns() const override { return continuous_; }
  bool next(Record& record) override {
    if (row_ == rows) return false;
    record.categorical.resize(categorical_.size());
    for (std::size_t f = 0; f < categorical_.size(); ++f)
      record.categorical[f] = texts_[f][random_.below(vocabularies_[f])];
    record.continuous.resize(continuous_.size());
    for (double& x : record.continuous) x = random_.uniform();
    record.axis.assign(1, random_.below(10) == 0 ? "1" : "0");
    record.label = random_.below(4) == 0 ? 1.0f : 0.0f;
    record.split = row_ < 3 ? static_cast<Split>(row_ + 1) : Split::train;
    ++row_;
    return true;
  }
  std::uint64_t rows_read() const override { return row_; }
  std::uint64_t dropped() const override { return 0; }
  std::vector<std::string> first_reasons() const override { return {}; }
  std::vector<std::pair<std::string, std::string>> facts() const override { return {}; }

 private:
  std::vector<std::size_t> vocabularies_;
  std::vector<DatasetColumn> categorical_, continuous_;
  std::vector<std::vector<std::string>> texts_;
  RandomStream random_{1, StreamPurpose::samples};
  std::uint64_t row_ = 0;
};

DatasetDescription random_description() {
  DatasetDescription description;
  description.name = description.objective = "random";
  DatasetAxisRule axis;
  axis.name = axis.column = "side";
  axis.groups = {{"many", {"0"}}, {"few", {"1"}}};
  axis.cohorts = {"many", "few"};
  description.axes = {axis};
  return description;
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void cached_stream(benchmark::State& state, const Workload& workload, int compression) {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("c2al_bench_" + std::to_string(getpid()) + ".h5");
  RandomRecords records(workload);
  PrepareOptions options;
  options.compression = compression;
  prepare_records(random_description(), records, options, file);
  const CachedSource source(file, window_rows);
  StreamOrder order{true, 1, 0, 0};
  std::vector<double> nanoseconds;
  std::uint64_t read = 0;
  for (auto _ : state) {
    const double start = processor_seconds();
    const auto stream = source.open(Split::train, order, workload.batch);
    for (BatchView batch; stream->next(batch);) {
      benchmark::DoNotOptimize(batch.rows[0] + batch.label[batch.size - 1]);
      read += batch.size;
    }
    nanoseconds.push_back(1e9 * (processor_seconds() - start) / static_cast<double>(source.size(Split::train)));
    ++order.epoch;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(read));
  std::sort(nanoseconds.begin(), nanoseconds.end());
  state.counters["ns/row_median"] = nanoseconds[nanoseconds.size() / 2];
  std::filesystem::remove(file);
}

BENCHMARK_CAPTURE(cached_stream, preset_a, preset_workload(), 0)
    ->Name("CachedStream/preset_a/plain")
    ->UseRealTime()
    ->Iterations(9)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(cached_stream, preset_a_deflated, preset_workload(), 1)
    ->Name("CachedStream/preset_a/deflated")
    ->UseRealTime()
    ->Iterations(9)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace c2al

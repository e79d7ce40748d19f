#include "scenarios/cache/cached_source.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <thread>

#include "core/data/memory_source.hpp"
#include "core/data/random_stream.hpp"
#include "core/error.hpp"
#include "core/storage/hdf5.hpp"
#include "scenarios/cache/prepare_records.hpp"
#include "tests/scenarios/cache/record_list.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using testing::RecordList;
using ::testing::ThrowsMessage;

constexpr std::size_t rows = 5000, chunk_rows = 256, window_rows = 1024;

/// Everything a stream gives, sample after sample.
struct Read {
  std::vector<std::int32_t> rows;
  std::vector<float> dense, label, weight;
  std::vector<std::uint16_t> cohort;
  std::vector<std::uint64_t> sample_id;
  std::vector<std::size_t> batches;

  bool operator==(const Read&) const = default;
};

void append(Read& read, const BatchView& batch) {
  const auto add = [&](auto& to, const auto* from, std::size_t width) {
    to.insert(to.end(), from, from + batch.size * width);
  };
  add(read.rows, batch.rows, batch.fields);
  add(read.dense, batch.dense, batch.dense_features);
  add(read.label, batch.label, 1);
  add(read.weight, batch.weight, 1);
  add(read.cohort, batch.cohort, batch.axes);
  add(read.sample_id, batch.sample_id, 1);
  read.batches.push_back(batch.size);
}

Read read_all(const DataSource& source, Split split, const StreamOrder& order, std::size_t batch_size,
              std::uint64_t skip = 0) {
  Read read;
  const auto stream = source.open(split, order, batch_size);
  stream->skip(skip);
  for (BatchView batch; stream->next(batch);) append(read, batch);
  return read;
}

/// The whole of a source as MemorySource.
MemorySource in_memory(const DataSource& source) {
  std::array<SampleTable, split_count> splits;
  for (std::size_t s = 0; s < split_count; ++s) {
    const Read read = read_all(source, static_cast<Split>(s), {}, 100);
    SampleTable& table = splits[s];
    table.size = read.label.size();
    table.fields = source.schema().fields.size();
    table.dense_features = source.schema().dense.size();
    table.axes = source.schema().axes.size();
    table.rows = read.rows;
    table.dense = read.dense;
    table.label = read.label;
    table.cohort = read.cohort;
  }
  return MemorySource(source.schema(), std::move(splits));
}

/// 5000 rows in chunks of 256; training fills several windows of 1024.
class Cached : public TemporaryDirectory, public ::testing::WithParamInterface<int> {
 protected:
  Cached() : file_(directory_ / "cache.h5") {
    RecordList records;
    records.categorical = {testing::categorical_column("small"), testing::categorical_column("middle"),
                           testing::categorical_column("large")};
    records.categorical[2].hash_buckets = 100000;
    records.continuous = {testing::continuous_column("x", NumericTransform::standardise)};
    RandomStream random(3, StreamPurpose::samples);
    for (std::size_t r = 0; r < rows; ++r)
      records.rows.push_back(
          {{std::to_string(random.below(5)), std::to_string(random.below(900)), std::to_string(random.below(1000000))},
           {random.normal()},
           {random.below(3) == 0 ? "l" : "r"},
           random.below(4) == 0 ? 1.0f : 0.0f,
           ""});
    PrepareOptions options;
    options.chunk_rows = chunk_rows;
    options.compression = GetParam();
    prepare_records(testing::listed_description(), records, options, file_);
  }

  std::filesystem::path file_;
};

TEST_P(Cached, FileOrderIsThatOfMemory) {
  const CachedSource one_window(file_), windows(file_, window_rows);
  const MemorySource memory = in_memory(one_window);
  for (std::size_t s = 0; s < split_count; ++s)
    for (const std::size_t batch : {1, 7, 256, 300, 5000}) {
      const auto split = static_cast<Split>(s);
      const Read expected = read_all(memory, split, {}, batch);
      EXPECT_EQ(read_all(one_window, split, {}, batch), expected);
      EXPECT_EQ(read_all(windows, split, {}, batch), expected);
    }
}

TEST_P(Cached, ASplitOfOneWindowIsShuffledAsInMemory) {
  const CachedSource source(file_);
  const MemorySource memory = in_memory(source);
  const StreamOrder order{true, 11, 2, 1};
  EXPECT_EQ(read_all(source, Split::train, order, 100), read_all(memory, Split::train, order, 100));
}

TEST_P(Cached, EverySampleComesExactlyOnceAnEpoch) {
  const CachedSource source(file_, window_rows);
  const Read in_order = read_all(source, Split::train, {}, 64);
  for (const std::size_t window : {std::size_t{1}, std::size_t{300}, std::size_t{1024}, std::size_t{2000}}) {
    const CachedSource windowed(file_, window);
    const Read read = read_all(windowed, Split::train, {true, 1, 0, 0}, 100);
    ASSERT_EQ(read.sample_id.size(), source.size(Split::train));
    std::vector<std::uint64_t> sorted = read.sample_id;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(sorted, in_order.sample_id);
    EXPECT_FALSE(std::is_sorted(read.sample_id.begin(), read.sample_id.end()));
    for (std::size_t i = 0; i < read.sample_id.size(); ++i) {
      const std::size_t at = read.sample_id[i];
      ASSERT_EQ(std::memcmp(&read.rows[i * 4], &in_order.rows[at * 4], 4 * sizeof(std::int32_t)), 0);
      ASSERT_EQ(read.dense[i], in_order.dense[at]);
      ASSERT_EQ(read.label[i], in_order.label[at]);
      ASSERT_EQ(read.cohort[2 * i], in_order.cohort[2 * at]);
      ASSERT_EQ(read.cohort[2 * i + 1], in_order.cohort[2 * at + 1]);
    }
    // All batches but the last are full.
    for (std::size_t b = 0; b + 1 < read.batches.size(); ++b) ASSERT_EQ(read.batches[b], 100u);
  }
}

TEST_P(Cached, TheOrderIsThatOfSeedEpochAndVariant) {
  const CachedSource source(file_, window_rows);
  const Read first = read_all(source, Split::train, {true, 1, 0, 0}, 100);
  EXPECT_EQ(read_all(source, Split::train, {true, 1, 0, 0}, 100), first);
  EXPECT_EQ(read_all(CachedSource(file_, window_rows), Split::train, {true, 1, 0, 0}, 100), first);
  EXPECT_EQ(read_all(source, Split::train, {true, 1, 0, 0}, 33).sample_id, first.sample_id);
  for (const StreamOrder& other : {StreamOrder{true, 2, 0, 0}, StreamOrder{true, 1, 1, 0}, StreamOrder{true, 1, 0, 1}})
    EXPECT_NE(read_all(source, Split::train, other, 100).sample_id, first.sample_id);
}

TEST_P(Cached, SkippingLandsWhereReadingDoes) {
  for (const std::size_t window : {window_rows, rows}) {
    const CachedSource source(file_, window);
    for (const bool shuffled : {false, true}) {
      const StreamOrder order{shuffled, 4, 1, 0};
      const Read all = read_all(source, Split::train, order, 100);
      for (const std::uint64_t skip : {0, 1, 9, 10, 11, 29, 30, 1000}) {
        const Read rest = read_all(source, Split::train, order, 100, skip);
        const std::size_t begin = std::min<std::size_t>(skip * 100, all.sample_id.size());
        EXPECT_EQ(rest.sample_id, std::vector<std::uint64_t>(all.sample_id.begin() + static_cast<std::ptrdiff_t>(begin),
                                                             all.sample_id.end()));
        EXPECT_EQ(rest.label,
                  std::vector<float>(all.label.begin() + static_cast<std::ptrdiff_t>(begin), all.label.end()));
      }
    }
  }
}

TEST_P(Cached, SkippingInMidStream) {
  const CachedSource source(file_, window_rows);
  const StreamOrder order{true, 4, 1, 0};
  const Read all = read_all(source, Split::train, order, 100);
  const auto stream = source.open(Split::train, order, 100);
  Read read;
  BatchView batch;
  ASSERT_TRUE(stream->next(batch));
  append(read, batch);
  stream->skip(2);  // the same window
  ASSERT_TRUE(stream->next(batch));
  append(read, batch);
  stream->skip(20);  // past a window
  ASSERT_TRUE(stream->next(batch));
  append(read, batch);
  std::vector<std::uint64_t> expected;
  for (const std::size_t b : {0, 3, 24})
    expected.insert(expected.end(), all.sample_id.begin() + static_cast<std::ptrdiff_t>(100 * b),
                    all.sample_id.begin() + static_cast<std::ptrdiff_t>(100 * b + 100));
  EXPECT_EQ(read.sample_id, expected);
}

TEST_P(Cached, StreamsMayEndEarlyAndRunSideBySide) {
  auto source = std::make_unique<CachedSource>(file_, window_rows);
  const Read expected = read_all(*source, Split::train, {true, 1, 0, 0}, 100);
  for (int i = 0; i < 20; ++i) {
    const auto stream = source->open(Split::train, {true, 1, 0, 0}, 100);
    BatchView batch;
    for (int b = 0; b < i; ++b) stream->next(batch);
  }
  Read left, right;
  std::thread reader([&] { left = read_all(*source, Split::train, {true, 1, 0, 0}, 100); });
  right = read_all(*source, Split::train, {true, 1, 0, 0}, 100);
  reader.join();
  EXPECT_EQ(left, expected);
  EXPECT_EQ(right, expected);
}

TEST_P(Cached, CohortSizesAreThoseCounted) {
  const CachedSource source(file_, window_rows);
  const MemorySource memory = in_memory(source);
  for (std::size_t s = 0; s < split_count; ++s)
    for (std::size_t axis = 0; axis < 2; ++axis)
      EXPECT_EQ(source.cohort_sizes(static_cast<Split>(s), axis), memory.cohort_sizes(static_cast<Split>(s), axis));
}

TEST_P(Cached, DamageReachesTheCaller) {
  // Opened whole, then cut short: the reading thread meets the end of the file.
  const CachedSource source(file_, window_rows);
  const auto size = std::filesystem::file_size(file_);
  std::filesystem::resize_file(file_, size / 3);
  EXPECT_THAT(
      [&] {
        read_all(source, Split::train, {true, 1, 0, 0}, 100);
      },
      ThrowsMessage<RunError>(::testing::AllOf(HasSubstr("cache.h5"), HasSubstr("chunk"))));
  EXPECT_THAT([&] { CachedSource again(file_); }, ThrowsMessage<RunError>(HasSubstr("cache.h5")));
}

INSTANTIATE_TEST_SUITE_P(Compression, Cached, ::testing::Values(0, 1, 9));

using CachedFiles = TemporaryDirectory;

TEST_F(CachedFiles, OtherFilesAreRefused) {
  EXPECT_THAT([&] { CachedSource source(directory_ / "none.h5"); },
              ThrowsMessage<RunError>(HasSubstr("none.h5: there is no such file")));
  EXPECT_THAT([&] { CachedSource source(write("text.h5", "no HDF5")); },
              ThrowsMessage<RunError>(HasSubstr("text.h5: cannot be read as an HDF5 file")));
  hdf5::write_file(directory_ / "other.h5", [](const hdf5::Group& root) { root.set("kind", "run"); });
  EXPECT_THAT([&] { CachedSource source(directory_ / "other.h5"); },
              ThrowsMessage<RunError>(HasSubstr("other.h5: is no prepared data set")));
  hdf5::write_file(directory_ / "newer.h5", [](const hdf5::Group& root) {
    root.set("c2al_kind", "prepared data set");
    root.set("c2al_cache_version", std::uint64_t{99});
  });
  EXPECT_THAT([&] { CachedSource source(directory_ / "newer.h5"); },
              ThrowsMessage<RunError>(HasSubstr("newer.h5: is a prepared data set of version 99, expected 1")));
}

}  // namespace
}  // namespace c2al

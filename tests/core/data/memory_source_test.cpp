#include "core/data/memory_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "core/error.hpp"

namespace c2al {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

Schema two_field_schema() {
  Schema schema;
  schema.fields = {{"f0", 4}, {"f1", 3}};
  schema.dense = {"x"};
  schema.axes = {{"age", {"young", "old"}, false, false}};
  schema.has_truth = true;
  return schema;
}

/// Every column of sample i is a function of i, so that a batch shows which samples it holds.
SampleTable numbered_table(std::size_t size, bool weighted) {
  SampleTable table;
  table.size = size;
  table.fields = 2;
  table.dense_features = 1;
  table.axes = 1;
  for (std::size_t i = 0; i < size; ++i) {
    table.rows.push_back(static_cast<std::int32_t>(i % 4));
    table.rows.push_back(static_cast<std::int32_t>(4 + i % 3));
    table.dense.push_back(static_cast<float>(i));
    table.label.push_back(static_cast<float>(i % 2));
    if (weighted) table.weight.push_back(static_cast<float>(i) + 0.5f);
    table.cohort.push_back(static_cast<std::uint16_t>(i % 5 == 0));
    table.p_true.push_back(static_cast<double>(i) / 1000);
    table.p_bayes.push_back(static_cast<double>(i) / 2000);
  }
  return table;
}

std::array<SampleTable, split_count> numbered_splits() {
  return {numbered_table(100, false), numbered_table(10, false), numbered_table(0, false), numbered_table(23, true)};
}

MemorySource example() { return MemorySource(two_field_schema(), numbered_splits()); }

/// Sample ids of all batches; checks on the way that each column of each sample is its own.
std::vector<std::uint64_t> read_all(BatchStream& stream, bool weighted, bool shuffled = false) {
  std::vector<std::uint64_t> ids;
  BatchView batch;
  while (stream.next(batch)) {
    EXPECT_EQ(batch.fields, 2u);
    EXPECT_EQ(batch.dense_features, 1u);
    EXPECT_EQ(batch.axes, 1u);
    for (std::size_t s = 0; s < batch.size; ++s) {
      const std::uint64_t i = batch.sample_id[s];
      ids.push_back(i);
      EXPECT_EQ(batch.rows[2 * s], static_cast<std::int32_t>(i % 4));
      EXPECT_EQ(batch.rows[2 * s + 1], static_cast<std::int32_t>(4 + i % 3));
      EXPECT_EQ(batch.dense[s], static_cast<float>(i));
      EXPECT_EQ(batch.label[s], static_cast<float>(i % 2));
      EXPECT_EQ(batch.weight[s], weighted ? static_cast<float>(i) + 0.5f : 1.0f);
      EXPECT_EQ(batch.cohort[s], i % 5 == 0);
      EXPECT_EQ(batch.p_true == nullptr, shuffled);
      EXPECT_EQ(batch.p_bayes == nullptr, shuffled);
      if (shuffled) continue;
      EXPECT_EQ(batch.p_true[s], static_cast<double>(i) / 1000);
      EXPECT_EQ(batch.p_bayes[s], static_cast<double>(i) / 2000);
    }
  }
  return ids;
}

std::vector<std::uint64_t> shuffled_ids(const MemorySource& source, const StreamOrder& order, std::size_t batch) {
  return read_all(*source.open(Split::train, order, batch), false, order.shuffled);
}

TEST(MemorySource, ReadsInTableOrderWithAShorterLastBatch) {
  const MemorySource source = example();
  const auto stream = source.open(Split::test, {}, 10);
  BatchView batch;
  std::vector<std::size_t> sizes;
  while (stream->next(batch)) sizes.push_back(batch.size);
  EXPECT_THAT(sizes, ElementsAre(10, 10, 3));
  EXPECT_FALSE(stream->next(batch));

  std::vector<std::uint64_t> in_order(23);
  std::iota(in_order.begin(), in_order.end(), 0u);
  EXPECT_EQ(read_all(*source.open(Split::test, {}, 10), true), in_order);
  EXPECT_EQ(read_all(*source.open(Split::discovery, {}, 64), false).size(), 10u);
}

TEST(MemorySource, ShuffledRowsOfAnyWidthArriveWhole) {
  for (const std::size_t fields : {1, 2, 3, 7, 8, 9, 15, 16, 17, 40}) {
    Schema schema;
    SampleTable empty;
    empty.fields = fields;
    SampleTable table = empty;
    table.size = 70;
    for (std::size_t f = 0; f < fields; ++f) schema.fields.push_back({"f", 100});
    for (std::size_t s = 0; s < table.size; ++s)
      for (std::size_t f = 0; f < fields; ++f)
        table.rows.push_back(static_cast<std::int32_t>(100 * f + (13 * s + f) % 100));
    table.label.resize(table.size);
    const MemorySource source(schema, {table, empty, empty, empty});
    const auto stream = source.open(Split::train, {true, 1, 0, 0}, 32);
    BatchView batch;
    while (stream->next(batch))
      for (std::size_t s = 0; s < batch.size; ++s)
        for (std::size_t f = 0; f < fields; ++f)
          ASSERT_EQ(batch.rows[s * fields + f],
                    static_cast<std::int32_t>(100 * f + (13 * batch.sample_id[s] + f) % 100));
  }
}

TEST(MemorySource, TableOrderDoesNotCopy) {
  const MemorySource source = example();
  const auto stream = source.open(Split::test, {}, 10);
  BatchView batch;
  ASSERT_TRUE(stream->next(batch));
  ASSERT_TRUE(stream->next(batch));
  EXPECT_EQ(batch.rows, source.table(Split::test).rows.data() + 20);
}

TEST(MemorySource, AnEmptySplitHasNoBatch) {
  const MemorySource source = example();
  BatchView batch;
  EXPECT_FALSE(source.open(Split::validation, {}, 8)->next(batch));
  EXPECT_FALSE(source.open(Split::validation, {.shuffled = true}, 8)->next(batch));
}

TEST(MemorySource, AShuffledStreamVisitsEachSampleOnceWithItsOwnColumns) {
  const MemorySource source = example();
  std::vector<std::uint64_t> ids = shuffled_ids(source, {.shuffled = true, .seed = 3}, 7);
  std::vector<std::uint64_t> in_order(100);
  std::iota(in_order.begin(), in_order.end(), 0u);
  EXPECT_NE(ids, in_order);
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(ids, in_order);
  EXPECT_EQ(read_all(*source.open(Split::test, {.shuffled = true, .seed = 3}, 7), true, true).size(), 23u);
}

TEST(MemorySource, TheOrderIsAFunctionOfSeedEpochAndVariantOnly) {
  const MemorySource source = example();
  const StreamOrder order{.shuffled = true, .seed = 3, .epoch = 1, .variant = 1};
  const std::vector<std::uint64_t> ids = shuffled_ids(source, order, 7);
  EXPECT_EQ(shuffled_ids(source, order, 32), ids);
  EXPECT_NE(shuffled_ids(source, {.shuffled = true, .seed = 4, .epoch = 1, .variant = 1}, 7), ids);
  EXPECT_NE(shuffled_ids(source, {.shuffled = true, .seed = 3, .epoch = 0, .variant = 1}, 7), ids);
  EXPECT_NE(shuffled_ids(source, {.shuffled = true, .seed = 3, .epoch = 1, .variant = 0}, 7), ids);
  EXPECT_NE(shuffled_ids(source, {.shuffled = true, .seed = 3, .epoch = 0, .variant = 1}, 7),
            shuffled_ids(source, {.shuffled = true, .seed = 3, .epoch = 1, .variant = 0}, 7));
}

TEST(MemorySource, EveryPermutationOfThreeIsEquallyLikely) {
  const SampleTable three = numbered_table(3, false);
  const MemorySource source(two_field_schema(), {three, three, three, three});
  constexpr int n = 6000;
  std::vector<int> counts(27, 0);
  for (std::uint64_t epoch = 0; epoch < n; ++epoch) {
    const auto stream = source.open(Split::train, {.shuffled = true, .seed = 1, .epoch = epoch}, 3);
    BatchView batch;
    ASSERT_TRUE(stream->next(batch));
    ++counts[batch.sample_id[0] * 9 + batch.sample_id[1] * 3 + batch.sample_id[2]];
  }
  for (const std::size_t permutation : {5u, 7u, 11u, 15u, 19u, 21u})
    EXPECT_LT(std::abs(counts[permutation] - n / 6.0) / std::sqrt(n * 5.0 / 36), 4.5);
}

TEST(MemorySource, SkippingBatchesEqualsReadingThem) {
  const MemorySource source = example();
  for (const bool shuffled : {false, true}) {
    const StreamOrder order{.shuffled = shuffled, .seed = 9};
    const std::vector<std::uint64_t> ids = shuffled_ids(source, order, 8);
    const auto stream = source.open(Split::train, order, 8);
    stream->skip(2);
    BatchView batch;
    ASSERT_TRUE(stream->next(batch));
    EXPECT_EQ(batch.sample_id[0], ids[16]);
    stream->skip(1);
    EXPECT_EQ(read_all(*stream, false, shuffled), std::vector<std::uint64_t>(ids.begin() + 32, ids.end()));
  }
}

TEST(MemorySource, SkippingPastTheEndEndsTheStream) {
  const MemorySource source = example();
  for (const std::uint64_t batches : {13ull, 14ull, ~0ull}) {
    const auto stream = source.open(Split::train, {.shuffled = true}, 8);
    stream->skip(batches);
    BatchView batch;
    EXPECT_FALSE(stream->next(batch)) << batches;
  }
}

TEST(MemorySource, CountsTheCohortsOfASplit) {
  EXPECT_THAT(example().cohort_sizes(Split::train, 0), ElementsAre(80, 20));
  EXPECT_THAT(example().cohort_sizes(Split::validation, 0), ElementsAre(0, 0));
}

TEST(MemorySource, UnknownTruthIsNull) {
  Schema schema = two_field_schema();
  schema.has_truth = false;
  std::array<SampleTable, split_count> splits = numbered_splits();
  for (SampleTable& table : splits) {
    table.p_true.clear();
    table.p_bayes.clear();
  }
  const MemorySource source(schema, splits);
  for (const bool shuffled : {false, true}) {
    BatchView batch;
    ASSERT_TRUE(source.open(Split::train, {.shuffled = shuffled}, 4)->next(batch));
    EXPECT_EQ(batch.p_true, nullptr);
    EXPECT_EQ(batch.p_bayes, nullptr);
  }
}

TEST(MemorySource, RefusesABatchSizeOfZero) {
  const MemorySource source = example();
  EXPECT_THAT([&] { source.open(Split::train, {}, 0); }, ThrowsMessage<UsageError>(HasSubstr("batch_size 0")));
}

TEST(MemorySource, RefusesColumnsThatDisagreeWithTheSchema) {
  struct Case {
    std::function<void(SampleTable&)> spoil;
    const char* message;
  };
  const Case cases[] = {
      {[](SampleTable& t) { t.fields = 3; }, "discovery split: the table has 3 fields: the schema has 2"},
      {[](SampleTable& t) { t.dense_features = 0; }, "the table has 0 dense features: the schema has 1"},
      {[](SampleTable& t) { t.axes = 2; }, "the table has 2 axes: the schema has 1"},
      {[](SampleTable& t) { t.rows.pop_back(); }, "column 'rows' holds 19 values: expected 20"},
      {[](SampleTable& t) { t.dense.pop_back(); }, "column 'dense' holds 9 values: expected 10"},
      {[](SampleTable& t) { t.label.pop_back(); }, "column 'label' holds 9 values: expected 10"},
      {[](SampleTable& t) { t.weight.resize(4); }, "column 'weight' holds 4 values: expected 10"},
      {[](SampleTable& t) { t.cohort.pop_back(); }, "column 'cohort' holds 9 values: expected 10"},
      {[](SampleTable& t) { t.p_true.clear(); }, "column 'p_true' holds 0 values: expected 10"},
      {[](SampleTable& t) { t.p_bayes.pop_back(); }, "column 'p_bayes' holds 9 values: expected 10"},
      {[](SampleTable& t) { t.rows[3] = 3; }, "sample 1, field 'f1': row 3: expected 4 to 6"},
      {[](SampleTable& t) { t.rows[4] = -1; }, "sample 2, field 'f0': row -1: expected 0 to 3"},
      {[](SampleTable& t) { t.cohort[7] = 2; }, "sample 7, axis 'age': cohort index 2: expected below 2"}};
  for (const Case& c : cases) {
    std::array<SampleTable, split_count> splits = numbered_splits();
    c.spoil(splits[1]);
    EXPECT_THAT([&] { MemorySource(two_field_schema(), splits); }, ThrowsMessage<RunError>(HasSubstr(c.message)));
  }
}

TEST(MemorySource, RefusesTruthTheSchemaDoesNotAnnounce) {
  Schema schema = two_field_schema();
  schema.has_truth = false;
  EXPECT_THAT([&] { MemorySource(schema, numbered_splits()); },
              ThrowsMessage<RunError>(HasSubstr("column 'p_true' holds 100 values: expected 0")));
}

}  // namespace
}  // namespace c2al

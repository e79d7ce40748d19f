#include "scenarios/cache/prepare_records.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "core/error.hpp"
#include "scenarios/cache/cached_source.hpp"
#include "tests/scenarios/cache/record_list.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using ::testing::AllOf;
using testing::categorical_column;
using testing::continuous_column;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::listed_description;
using testing::missing_number;
using testing::RecordList;
using ::testing::ThrowsMessage;

/// One sample of a cache.
struct Sample {
  std::vector<std::int32_t> rows;
  std::vector<float> dense;
  std::vector<std::uint16_t> cohort;
  float label;
};

std::vector<Sample> samples(const DataSource& source, Split split) {
  std::vector<Sample> all;
  const auto stream = source.open(split, {}, 3);
  for (BatchView batch; stream->next(batch);)
    for (std::size_t i = 0; i < batch.size; ++i) {
      EXPECT_EQ(batch.sample_id[i], all.size());
      all.push_back({{batch.rows + i * batch.fields, batch.rows + (i + 1) * batch.fields},
                     {batch.dense + i * batch.dense_features, batch.dense + (i + 1) * batch.dense_features},
                     {batch.cohort + i * batch.axes, batch.cohort + (i + 1) * batch.axes},
                     batch.label[i]});
    }
  return all;
}

/// Ids of a field, without the rows of the fields before it.
std::vector<std::int64_t> ids(const DataSource& source, Split split, std::size_t field) {
  const std::int64_t offset = source.schema().row_offsets()[field];
  std::vector<std::int64_t> all;
  for (const Sample& sample : samples(source, split)) all.push_back(sample.rows[field] - offset);
  return all;
}

std::vector<float> numbers(const DataSource& source, Split split, std::size_t dense) {
  std::vector<float> all;
  for (const Sample& sample : samples(source, split)) all.push_back(sample.dense[dense]);
  return all;
}

class PrepareRecords : public TemporaryDirectory {
 protected:
  PrepareRecords() {
    options_.inert_field = false;
    options_.chunk_rows = 4;
  }

  /// One row of every split but training, so that no split is empty.
  void add_other_splits(const testing::ListedRow& row) {
    for (const Split split : {Split::discovery, Split::validation, Split::test}) {
      records_.rows.push_back(row);
      records_.rows.back().split = split;
    }
  }
  CachedSource prepared() {
    prepare_records(description_, records_, options_, directory_ / "cache.h5");
    return CachedSource(directory_ / "cache.h5");
  }

  DatasetDescription description_ = listed_description();
  RecordList records_;
  PrepareOptions options_;
};

TEST_F(PrepareRecords, IdsFollowTheTrainingCountsThenTheText) {
  records_.categorical = {categorical_column("word"), categorical_column("rare"), categorical_column("hashed")};
  records_.categorical[1].minimum_count = 2;
  records_.categorical[2].hash_buckets = 5;
  for (const char* word : {"b", "a longer text than a slot holds", "c", "c", "a", ""})
    records_.rows.push_back({{word, word, word}, {}, {"l"}, 1, "", Split::train});
  add_other_splits({{"never trained", "c", "c"}, {}, {"r"}, 0, ""});
  records_.rows.back().categorical = {"b", "b", ""};
  const CachedSource source = prepared();

  const Schema& schema = source.schema();
  EXPECT_EQ(schema.objective, "click");
  ASSERT_EQ(schema.fields.size(), 3u);
  EXPECT_EQ(schema.fields[0].vocabulary, 5u);  // c twice, then by text: "a", "a longer ...", "b"
  EXPECT_EQ(schema.fields[1].vocabulary, 2u);
  EXPECT_EQ(schema.fields[2].vocabulary, 6u);
  EXPECT_THAT(ids(source, Split::train, 0), ElementsAre(4, 3, 1, 1, 2, 0));
  EXPECT_THAT(ids(source, Split::train, 1), ElementsAre(0, 0, 1, 1, 0, 0));
  EXPECT_THAT(ids(source, Split::discovery, 0), ElementsAre(0));
  EXPECT_THAT(ids(source, Split::discovery, 1), ElementsAre(1));
  EXPECT_THAT(ids(source, Split::test, 0), ElementsAre(4));
  const auto hashed = ids(source, Split::train, 2);
  EXPECT_EQ(hashed[2], hashed[3]);
  EXPECT_EQ(hashed[5], 0);
  EXPECT_EQ(ids(source, Split::discovery, 2)[0], hashed[2]);
  EXPECT_THAT(std::vector<std::int64_t>(hashed.begin(), hashed.end() - 1), Each(::testing::Ge(1)));
  EXPECT_THAT(source.cohort_sizes(Split::train, 0), ElementsAre(6, 0));
  EXPECT_THAT(source.cohort_sizes(Split::test, 0), ElementsAre(0, 1));
}

TEST_F(PrepareRecords, NumbersAreTransformedByTheTrainingRows) {
  records_.continuous = {continuous_column("plain", NumericTransform::standardise),
                         continuous_column("heavy", NumericTransform::signed_log),
                         continuous_column("ranked", NumericTransform::quantile),
                         continuous_column("constant", NumericTransform::standardise),
                         continuous_column("bucket", NumericTransform::log_square)};
  records_.continuous[0].missing_indicator = true;
  const double heavy = std::exp(1.0) - 1;
  records_.rows = {{{}, {1, heavy, 10, 7, 2}, {"l"}, 1, "", Split::train},
                   {{}, {3, -heavy, 20, 7, 100}, {"l"}, 0, "", Split::train},
                   {{}, {missing_number, 0, 20, 7, missing_number}, {"l"}, 0, "", Split::train}};
  add_other_splits({{}, {5, heavy, 15, 8, 101}, {"l"}, 0, ""});
  const CachedSource source = prepared();

  EXPECT_THAT(source.schema().dense, ElementsAre("plain", "heavy", "ranked", "constant", "plain_missing"));
  EXPECT_THAT(numbers(source, Split::train, 0), ElementsAre(-1, 1, 0));  // mean 2, deviation 1
  EXPECT_THAT(numbers(source, Split::test, 0), ElementsAre(3));
  const float one = std::sqrt(1.5f);  // values 1, -1, 0: deviation sqrt(2/3)
  EXPECT_THAT(numbers(source, Split::train, 1),
              ElementsAre(::testing::FloatEq(one), ::testing::FloatEq(-one), ::testing::FloatEq(0)));
  // (below + half of equal + 1/2) / (3 + 1) - 1/2
  EXPECT_THAT(numbers(source, Split::train, 2), ElementsAre(-0.25, 0.125, 0.125));
  EXPECT_THAT(numbers(source, Split::test, 2), ElementsAre(-0.125));
  EXPECT_THAT(numbers(source, Split::test, 3), ElementsAre(0));
  EXPECT_THAT(numbers(source, Split::train, 4), ElementsAre(0, 0, 1));
  // log(100)^2 = 21.2 and log(101)^2 = 21.3 share a bucket; 2 stays as it is. Both occur once: by text.
  ASSERT_EQ(source.schema().fields.size(), 1u);
  EXPECT_EQ(source.schema().fields[0].name, "bucket");
  EXPECT_THAT(ids(source, Split::train, 0), ElementsAre(1, 2, 0));
  EXPECT_THAT(ids(source, Split::test, 0), ElementsAre(2));
}

TEST_F(PrepareRecords, AxesOfEveryKind) {
  DatasetAxisRule edges{"age", "age", {}, {20, 40}, {}, {}, {"young", "middle", "old", "unknown"}, "unknown"};
  DatasetAxisRule quantiles{"spend", "spend", {}, {}, {0.5}, {}, {"low", "high"}, ""};
  DatasetAxisRule activity{"user", "user", {}, {}, {}, {0.4, 0.6}, {"new", "known", "anonymous"}, "anonymous"};
  description_.axes = {edges, quantiles, activity};
  // Users a and b: one row each; c: three rows.
  const std::vector<std::vector<std::string>> rows = {{"19.9", "1", "a"}, {"20", "2", "b"}, {"40", "3", "c"},
                                                      {"", "4", "c"},     {"99", "5", "c"}, {"1", "6", ""}};
  for (const auto& axis : rows) records_.rows.push_back({{}, {}, axis, 0, "", Split::train});
  add_other_splits({{}, {}, {"30", "3.9", "somebody"}, 1, ""});
  const CachedSource source = prepared();

  std::vector<std::vector<std::uint16_t>> found;
  for (const Sample& sample : samples(source, Split::train)) found.push_back(sample.cohort);
  EXPECT_THAT(found, ElementsAre(ElementsAre(0, 0, 0), ElementsAre(1, 0, 0), ElementsAre(2, 0, 1), ElementsAre(3, 1, 1),
                                 ElementsAre(2, 1, 1), ElementsAre(0, 1, 2)));
  EXPECT_THAT(samples(source, Split::test)[0].cohort, ElementsAre(1, 0, 0));
  EXPECT_THAT(source.schema().axes[0].cohorts, ElementsAre("young", "middle", "old", "unknown"));
}

TEST_F(PrepareRecords, TheInertFieldMirrorsTheFirstAxis) {
  options_.inert_field = true;
  description_.split.by = SplitRule::By::row;
  for (int r = 0; r < 4000; ++r) records_.rows.push_back({{}, {}, {r % 4 == 0 ? "l" : "r"}, 0, ""});
  const CachedSource source = prepared();
  const Schema& schema = source.schema();
  ASSERT_EQ(schema.axes.size(), 2u);
  EXPECT_EQ(schema.axes[1].name, "sham");
  EXPECT_TRUE(schema.axes[1].is_control && schema.axes[1].is_input && !schema.axes[0].is_input);
  EXPECT_EQ(schema.fields.back().name, "inert");
  const auto sizes = source.cohort_sizes(Split::train, 1);
  EXPECT_NEAR(static_cast<double>(sizes[0]) / static_cast<double>(source.size(Split::train)), 0.25, 0.04);
  for (const Sample& sample : samples(source, Split::test))
    EXPECT_EQ(sample.rows.back() - schema.row_offsets().back(), sample.cohort[1]);
}

TEST_F(PrepareRecords, TimeSplitsHoldToTheRow) {
  description_.split.by = SplitRule::By::time;
  description_.split.column = "when";
  records_.continuous = {continuous_column("when", NumericTransform::standardise)};
  // Ten times of ten rows each, from late to early.
  for (int r = 0; r < 100; ++r)
    records_.rows.push_back({{}, {static_cast<double>(r)}, {"l"}, 0, std::to_string(9 - r / 10)});
  description_.split.train = 0.55;
  description_.split.discovery = 0.1;
  description_.split.validation = 0.15;
  description_.split.test = 0.2;
  const CachedSource source = prepared();
  EXPECT_EQ(source.size(Split::train), 55u);
  EXPECT_EQ(source.size(Split::discovery), 10u);
  EXPECT_EQ(source.size(Split::validation), 15u);
  EXPECT_EQ(source.size(Split::test), 20u);
  // Training holds the times 0 to 4 (rows 50 to 99) and, of the ten rows of time 5, the first five in file order (40 to
  // 44). File order is kept within a split.
  const auto when = numbers(source, Split::train, 0);
  EXPECT_TRUE(std::is_sorted(when.begin(), when.end()));
  const auto discovery = numbers(source, Split::discovery, 0);
  EXPECT_LT(discovery.front(), when.front());  // row 30 of time 6 before row 40
}

TEST_F(PrepareRecords, EqualInputsShareASplitAndAUserStaysTogether) {
  records_.categorical = {categorical_column("user")};
  for (int r = 0; r < 3000; ++r) {
    const std::string user = "user " + std::to_string(r % 300);
    records_.rows.push_back({{user}, {}, {"l"}, 0, user});
  }
  for (const SplitRule::By by : {SplitRule::By::inputs, SplitRule::By::column}) {
    RecordList again = records_;
    description_.split.by = by;
    description_.split.column = "user";
    prepare_records(description_, again, options_, directory_ / "again.h5");
    const CachedSource source(directory_ / "again.h5");
    // An id that training has must not occur elsewhere: all of a user's ten rows are together.
    for (const Split split : {Split::discovery, Split::validation, Split::test})
      EXPECT_THAT(ids(source, split, 0), Each(0));
    EXPECT_EQ(source.size(Split::test) % 10, 0u);
    EXPECT_NEAR(static_cast<double>(source.size(Split::train)), 1800, 250);
  }
}

TEST_F(PrepareRecords, AFileThatFillsASplitLeavesTheOthersTheRest) {
  for (int r = 0; r < 1000; ++r) {
    records_.rows.push_back({{}, {}, {"l"}, 0, ""});
    if (r < 100) records_.rows.back().split = Split::test;
  }
  const CachedSource source = prepared();
  EXPECT_EQ(source.size(Split::test), 100u);
  EXPECT_NEAR(static_cast<double>(source.size(Split::train)), 900 * 0.75, 60);
}

TEST_F(PrepareRecords, LeavesNothingBehindWhenItFails) {
  for (int r = 0; r < 10; ++r) records_.rows.push_back({{}, {}, {"l"}, 0, "", Split::train});
  EXPECT_THAT([&] { prepare_records(description_, records_, options_, directory_ / "cache.h5"); },
              ThrowsMessage<RunError>(HasSubstr("the discovery split is empty")));
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
  RecordList none;
  EXPECT_THAT([&] { prepare_records(description_, none, options_, directory_ / "cache.h5"); },
              ThrowsMessage<RunError>(HasSubstr("no usable row")));
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

TEST_F(PrepareRecords, TellsWhatItDid) {
  for (int r = 0; r < 100; ++r) records_.rows.push_back({{}, {}, {"l"}, r % 4 == 0 ? 1.0f : 0.0f, ""});
  std::vector<std::uint64_t> seen;
  const PrepareReport report = prepare_records(description_, records_, options_, directory_ / "cache.h5",
                                               [&](std::uint64_t rows) { seen.push_back(rows); });
  EXPECT_EQ(report.rows, 100u);
  EXPECT_DOUBLE_EQ(report.positive_rate, 0.25);
  EXPECT_THAT(seen, ElementsAre(100));
  EXPECT_THAT(report.facts, ::testing::Contains(std::pair<std::string, std::string>("list", "of a test")));
  EXPECT_EQ(CachedSource(directory_ / "cache.h5").facts(), report.facts);
}

}  // namespace
}  // namespace c2al

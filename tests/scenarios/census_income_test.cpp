#include <fmt/format.h>
#include <gmock/gmock.h>
#include <zlib.h>

#include <cmath>
#include <map>
#include <set>

#include "core/data/random_stream.hpp"
#include "core/error.hpp"
#include "scenarios/datasets/catalogue.hpp"
#include "scenarios/datasets/raw_table.hpp"
#include "scenarios/scenario.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Pair;
using ::testing::ThrowsMessage;

/// A row in the owner's format. Columns a test does not name hold plausible constants.
std::string census_row(const std::map<std::size_t, std::string>& columns) {
  std::vector<std::string> values(42, "Not in universe");
  for (const std::size_t zero : {5, 16, 17, 18, 30}) values[zero] = "0";
  values[0] = "38";
  values[1] = "Private";
  values[12] = "Female";
  values[24] = "1032.38";
  values[25] = "?";
  values[39] = "52";
  values[40] = "95";
  values[41] = "- 50000.";
  for (const auto& [column, value] : columns) values[column] = value;
  std::string line;
  for (const std::string& value : values) line += (line.empty() ? "" : ", ") + value;
  return line + "\n";
}

/// Rows with many different inputs, drawn from a seed; each fifth is positive.
std::string census_rows(std::size_t count, std::uint64_t seed) {
  RandomStream random(seed, StreamPurpose::samples);
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += census_row({{0, fmt::format("{}", random.below(91))},
                        {4, fmt::format("Education {}", random.below(7))},
                        {12, random.below(4) == 0 ? "Male" : "Female"},
                        {16, fmt::format("{}", random.below(100000))},
                        {24, fmt::format("{}.5", 100 + random.below(1000))},
                        {32, random.below(2) == 0 ? "?" : "Mexico"},
                        {39, fmt::format("{}", random.below(53))},
                        {41, i % 5 == 0 ? "50000+." : "- 50000."}});
  return text;
}

class CensusIncome : public TemporaryDirectory {
 protected:
  void pack(const std::string& name, const std::string& text) const {
    gzFile stream = gzopen((directory_ / name).c_str(), "wb");
    gzwrite(stream, text.data(), static_cast<unsigned>(text.size()));
    gzclose(stream);
  }
  static DatasetConfig config() {
    DatasetConfig config;
    config.name = "census_income";
    config.axes = {"sex", "age", "class_of_worker", "weeks_worked"};
    config.axis_inputs = config.axes;
    return config;
  }
  LoadedDataset load(const DatasetConfig& c = config()) const {
    return dataset_catalogue().front().load(c, directory_);
  }
  static std::uint64_t total(const LoadedDataset& loaded) {
    std::uint64_t rows = 0;
    for (std::size_t s = 0; s < split_count; ++s) rows += loaded.source->size(static_cast<Split>(s));
    return rows;
  }
};

TEST_F(CensusIncome, SchemaHoldsInputsAxesAndTheControl) {
  pack("census-income.test.gz", census_rows(400, 1));
  const LoadedDataset loaded = load();
  const Schema& schema = loaded.source->schema();
  EXPECT_EQ(schema.objective, "income_over_50k");
  EXPECT_FALSE(schema.has_truth);
  EXPECT_EQ(schema.fields.size(), 34u);  // 33 categorical columns and the inert field
  EXPECT_EQ(schema.fields.back().name, "inert");
  EXPECT_EQ(schema.fields.back().vocabulary, 2u);
  EXPECT_EQ(schema.dense.size(), 7u);
  ASSERT_EQ(schema.axes.size(), 5u);
  EXPECT_EQ(schema.axes[0].cohorts, (std::vector<std::string>{"female", "male"}));
  EXPECT_EQ(schema.axes[1].cohorts.size(), 6u);
  EXPECT_TRUE(schema.axes[1].is_input);
  EXPECT_EQ(schema.axes[4].name, "sham");
  EXPECT_TRUE(schema.axes[4].is_control);
  EXPECT_EQ(schema.axes[4].cohorts, schema.axes[0].cohorts);
  EXPECT_FALSE(schema.axes[0].is_control);
  EXPECT_EQ(total(loaded), 400u);
  EXPECT_THAT(loaded.facts, Contains(Pair("rows", "400")));
  EXPECT_THAT(loaded.facts, Contains(Pair("positive_rate", "0.200000")));
  EXPECT_THAT(loaded.facts, Contains(Pair("census-income.test.gz", HasSubstr("400 rows"))));
}

TEST_F(CensusIncome, AxisColumnsLeaveTheInputsUnlessListed) {
  pack("census-income.test.gz", census_rows(400, 1));
  DatasetConfig c = config();
  c.axis_inputs = {"class_of_worker"};
  c.inert_field = false;
  const LoadedDataset loaded = load(c);
  const Schema& schema = loaded.source->schema();
  EXPECT_EQ(schema.fields.size(), 32u);  // without sex
  for (const Field& field : schema.fields) EXPECT_NE(field.name, "sex");
  EXPECT_EQ(schema.dense.size(), 5u);  // without age and weeks_worked
  EXPECT_EQ(schema.axes.size(), 4u);
  EXPECT_FALSE(schema.axes[0].is_input);
  EXPECT_TRUE(schema.axes[2].is_input);
  // An axis nobody asked for stays an ordinary input.
  c.axes = {"sex"};
  c.axis_inputs = {};
  EXPECT_EQ(load(c).source->schema().dense.size(), 7u);
}

TEST_F(CensusIncome, CohortsFollowTheirColumns) {
  // Ages at and around every boundary, weeks and classes; the test file is a split of its own, so rows keep their
  // order.
  std::string test;
  const std::vector<std::pair<std::string, std::size_t>> ages = {{"0", 0},  {"24", 0}, {"25", 1}, {"34", 1}, {"35", 2},
                                                                 {"45", 3}, {"55", 4}, {"64", 4}, {"65", 5}, {"90", 5}};
  const std::vector<std::pair<std::string, std::size_t>> weeks = {{"0", 0}, {"1", 1}, {"51", 1}, {"52", 2}};
  for (std::size_t i = 0; i < ages.size(); ++i)
    test += census_row({{0, ages[i].first}, {39, weeks[i % 4].first}, {12, i % 2 == 0 ? "Female" : "Male"}});
  test += census_row({{1, "Without pay"}});
  pack("census-income.test.gz", test);
  pack("census-income.data.gz", census_rows(200, 2));
  const LoadedDataset loaded = load();
  const SampleTable& table = loaded.source->table(Split::test);
  ASSERT_EQ(table.size, ages.size() + 1);
  for (std::size_t i = 0; i < ages.size(); ++i) {
    EXPECT_EQ(table.cohort[i * table.axes + 0], i % 2) << i;
    EXPECT_EQ(table.cohort[i * table.axes + 1], ages[i].second) << i;
    EXPECT_EQ(table.cohort[i * table.axes + 2], 1) << i;
    EXPECT_EQ(table.cohort[i * table.axes + 3], weeks[i % 4].second) << i;
  }
  EXPECT_EQ(table.cohort[ages.size() * table.axes + 2], 8);
}

TEST_F(CensusIncome, VocabulariesComeFromTrainingRowsOnly) {
  pack("census-income.data.gz", census_rows(300, 3));
  pack("census-income.test.gz", census_row({{4, "Never seen in training"}}) + census_row({{4, "Education 3"}}));
  const LoadedDataset loaded = load();
  const Schema& schema = loaded.source->schema();
  const SampleTable& test = loaded.source->table(Split::test);
  const auto offsets = schema.row_offsets();
  const std::size_t education = 3;  // fourth categorical column
  ASSERT_EQ(schema.fields[education].name, "education");
  EXPECT_EQ(schema.fields[education].vocabulary, 8u);  // 7 and the unseen
  EXPECT_EQ(test.rows[education], offsets[education]);
  EXPECT_EQ(test.rows[test.fields + education], offsets[education] + 4);  // after Education 0, 1, 2, by text
  // A missing value is a category like any other.
  for (const Field& field : schema.fields)
    EXPECT_TRUE(field.name != "birth_country_of_father" || field.vocabulary == 3u);
}

TEST_F(CensusIncome, ContinuousColumnsAreStandardisedByTrainingRows) {
  pack("census-income.test.gz", census_rows(2000, 4));
  const LoadedDataset loaded = load();
  const SampleTable& train = loaded.source->table(Split::train);
  std::set<std::string> constant = {"wage_per_hour", "capital_losses", "dividends", "persons_worked_for_employer"};
  for (std::size_t d = 0; d < train.dense_features; ++d) {
    double mean = 0, square = 0;
    for (std::size_t i = 0; i < train.size; ++i) {
      const double x = train.dense[i * train.dense_features + d];
      mean += x / static_cast<double>(train.size);
      square += x * x / static_cast<double>(train.size);
    }
    // Rounding to float only.
    EXPECT_NEAR(mean, 0, 1e-5);
    EXPECT_NEAR(square, constant.contains(loaded.source->schema().dense[d]) ? 0 : 1, 1e-5) << d;
  }
}

TEST_F(CensusIncome, MoneyIsLogarithmic) {
  // Training rows hold gains of 0 and e^2 - 1 in equal numbers: log1p gives 0 and 2, standardised -1 and 1.
  std::string data;
  for (int i = 0; i < 200; ++i)
    for (const char* gain : {"0", "6.38905609893065"}) data += census_row({{16, gain}, {3, std::to_string(i)}});
  pack("census-income.data.gz", data);
  pack("census-income.test.gz", census_row({{16, "0"}}) + census_row({{16, "402.4287934927351"}}));
  DatasetConfig c = config();
  c.train_share = 0.98, c.discovery_share = 0.005, c.validation_share = 0.005, c.test_share = 0.01;
  const LoadedDataset loaded = load(c);
  const SampleTable& test = loaded.source->table(Split::test);
  const std::size_t gains = 2;
  ASSERT_EQ(loaded.source->schema().dense[gains], "capital_gains");
  // e^6 - 1 is two training ranges above 0, whatever rows the training split got.
  const SampleTable& train = loaded.source->table(Split::train);
  float low = 1e9f, high = -1e9f;
  for (std::size_t i = 0; i < train.size; ++i) {
    low = std::min(low, train.dense[i * train.dense_features + gains]);
    high = std::max(high, train.dense[i * train.dense_features + gains]);
  }
  EXPECT_FLOAT_EQ(test.dense[gains], low);
  EXPECT_NEAR((test.dense[test.dense_features + gains] - low) / (high - low), 3, 1e-5);
}

TEST_F(CensusIncome, RowsWithEqualInputsShareASplit) {
  std::string text;
  for (int i = 0; i < 300; ++i)
    for (int copy = 0; copy < 3; ++copy)
      text += census_row({{2, std::to_string(i)},
                          {24, std::to_string(copy)},  // the weight is no input
                          {41, copy == 0 ? "50000+." : "- 50000."}});
  pack("census-income.test.gz", text);
  DatasetConfig c = config();
  c.inert_field = false;
  // Industry code i is unique to its three copies; with the vocabulary from training rows, ids other than 0 are, too.
  const LoadedDataset loaded = load(c);
  EXPECT_EQ(total(loaded), 900u);
  for (std::size_t s = 0; s < split_count; ++s) EXPECT_EQ(loaded.source->size(static_cast<Split>(s)) % 3, 0u);
  const SampleTable& train = loaded.source->table(Split::train);
  EXPECT_EQ(loaded.source->schema().fields[1].vocabulary, train.size / 3 + 1);
  for (const Split other : {Split::discovery, Split::validation, Split::test}) {
    const SampleTable& table = loaded.source->table(other);
    for (std::size_t i = 0; i < table.size; ++i)
      EXPECT_EQ(table.rows[i * table.fields + 1], loaded.source->schema().row_offsets()[1]);
  }
}

TEST_F(CensusIncome, OwnersSplitHoldsAndRepeatedRowsAreLeftOut) {
  const std::string shared = census_rows(20, 5);
  pack("census-income.test.gz", shared + census_rows(100, 6));
  pack("census-income.data.gz", census_rows(300, 7) + shared);
  const LoadedDataset loaded = load();
  EXPECT_EQ(loaded.source->size(Split::test), 120u);
  EXPECT_EQ(total(loaded), 420u);
  EXPECT_THAT(loaded.facts, Contains(Pair("rows_left_out", "20")));
  EXPECT_THAT(loaded.facts, Contains(Pair("rows_repeating_another", "20")));
  // train : discovery : validation = 6 : 1 : 1 of 300 rows; 5 standard deviations of a binomial.
  EXPECT_NEAR(static_cast<double>(loaded.source->size(Split::train)), 225, 5 * std::sqrt(300 * 0.75 * 0.25));
}

TEST_F(CensusIncome, SplitsFollowSharesAndSeed) {
  pack("census-income.test.gz", census_rows(4000, 8));
  const LoadedDataset first = load(), again = load();
  DatasetConfig c = config();
  c.split_seed = 2;
  const LoadedDataset other = load(c);
  const std::vector<double> shares = {0.6, 0.1, 0.1, 0.2};
  for (std::size_t s = 0; s < split_count; ++s)
    EXPECT_NEAR(static_cast<double>(first.source->size(static_cast<Split>(s))), 4000 * shares[s],
                5 * std::sqrt(4000 * shares[s] * (1 - shares[s])));
  EXPECT_EQ(first.source->table(Split::train).rows, again.source->table(Split::train).rows);
  EXPECT_EQ(first.source->table(Split::test).cohort, again.source->table(Split::test).cohort);
  EXPECT_NE(first.source->table(Split::train).label, other.source->table(Split::train).label);
}

TEST_F(CensusIncome, InertFieldMirrorsTheFirstAxisAndIsTheControlAxis) {
  pack("census-income.test.gz", census_rows(4000, 9));
  const LoadedDataset loaded = load();
  const Schema& schema = loaded.source->schema();
  const SampleTable& train = loaded.source->table(Split::train);
  const std::int64_t offset = schema.row_offsets().back();
  double male = 0, sham_male = 0, both = 0;
  for (std::size_t i = 0; i < train.size; ++i) {
    const std::uint16_t sex = train.cohort[i * train.axes], sham = train.cohort[i * train.axes + 4];
    ASSERT_EQ(train.rows[i * train.fields + train.fields - 1], offset + sham);
    male += sex, sham_male += sham, both += sex * sham;
  }
  const auto n = static_cast<double>(train.size);
  const double share = male / n;
  EXPECT_NEAR(sham_male / n, share, 5 * std::sqrt(share * (1 - share) / n));
  EXPECT_NEAR(both / n, share * share, 5 * share * (1 - share) / std::sqrt(n) * 2);
}

TEST_F(CensusIncome, DamagedRowsAreNamed) {
  std::string short_row = census_row({});
  short_row = short_row.substr(0, short_row.rfind(',')) + "\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {short_row, "census-income.test.gz:3: found 41 columns, expected 42"},
      {"\n", "census-income.test.gz:3: found 1 columns, expected 42"},
      {census_row({{0, "old"}}), ":3: column 0 (age) is 'old': expected a finite number"},
      {census_row({{18, "nan"}}), ":3: column 18 (dividends) is 'nan': expected a finite number"},
      {census_row({{24, "inf"}}), ":3: column 24 (instance_weight) is 'inf': expected a finite number"},
      {census_row({{4, ""}}), ":3: column 4 (education) is '': expected a category"},
      {census_row({{12, "?"}}), ":3: column 12 (sex) is '?': expected one of 'Female', 'Male'"},
      {census_row({{1, "Boss"}}), ":3: column 1 (class_of_worker) is 'Boss': expected one of 'Not in universe'"},
      {census_row({{39, "53"}}), ":3: column 39 (weeks_worked) is '53': expected 0 to 52 weeks"},
      {census_row({{41, "50000+"}}), ":3: column 41 (income) is '50000+': expected '- 50000.' or '50000+.'"},
  };
  for (const auto& [row, message] : cases) {
    pack("census-income.test.gz", census_row({}) + census_row({}) + row);
    EXPECT_THAT([&] { load(); }, ThrowsMessage<RunError>(AllOf(HasSubstr(directory_.string()), HasSubstr(message))));
  }
}

TEST_F(CensusIncome, FilesThatAreMissingTruncatedOrTooSmallAreNamed) {
  EXPECT_THAT([&] { load(); }, ThrowsMessage<RunError>(AllOf(HasSubstr((directory_ / "census-income.test.gz").string()),
                                                             HasSubstr("UCI Machine Learning Repository no. 117"),
                                                             HasSubstr("md5 a8c39dce642efb4d17f28ebe74a3c271"))));
  pack("census-income.test.gz", census_row({}));
  EXPECT_THAT([&] { load(); }, ThrowsMessage<RunError>(HasSubstr("split is empty: 1 rows are too few")));
  pack("census-income.test.gz", "");
  EXPECT_THAT([&] { load(); }, ThrowsMessage<RunError>(HasSubstr("census-income.test.gz: holds no rows")));
  pack("census-income.test.gz", census_rows(500, 1));
  std::filesystem::resize_file(directory_ / "census-income.test.gz", 1000);
  EXPECT_THAT([&] { load(); }, ThrowsMessage<RunError>(HasSubstr("the file is truncated")));
}

TEST(DrawSplit, SharesARowGroupAndLeavesOutTheTestSplitWhenItIsGiven) {
  DatasetConfig c;
  std::map<Split, int> counts;
  for (std::uint64_t group = 0; group < 2000; ++group) {
    EXPECT_EQ(draw_split(c, group, true), draw_split(c, group, true));
    ++counts[draw_split(c, group, false)];
  }
  EXPECT_THAT(counts, ::testing::Not(Contains(Key(Split::test))));
  EXPECT_NEAR(counts[Split::train], 1500, 5 * std::sqrt(2000 * 0.75 * 0.25));
}

TEST(HashText, ColumnsDoNotRunTogether) {
  EXPECT_NE(hash_text("b", hash_text("a")), hash_text("", hash_text("ab")));
  EXPECT_NE(hash_text("ab"), hash_text("ba"));
}

}  // namespace
}  // namespace c2al

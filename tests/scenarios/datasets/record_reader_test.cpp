#include <gmock/gmock.h>
#include <zlib.h>

#include <cmath>

#include "core/error.hpp"
#include "tests/scenarios/datasets/records.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class RecordReaderTest : public TemporaryDirectory {
 protected:
  DatasetDescription describe(const std::string& more = "") const {
    return parse_description(write("small.toml", R"(
name = "small"
objective = "click"
home = "the owner's page"
[[files]]
name = "a.csv"
rows = 2
[[files]]
name = "b.csv"
split = "test"
optional = true
[columns]
names = ["label", "user", "price", "note"]
categorical = ["user"]
continuous = ["price"]
missing = ["?"]
[label]
column = "label"
positive = ["1"]
negative = ["0"]
)" + (more.empty() ? R"(
[[axes]]
name = "user"
column = "user"
activity = [0.5, 0.5]
cohorts = ["rare", "frequent"]
missing = "unknown"
)"
                   : more)));
  }
  /// One row under the header, as described.
  void expect_bad(const DatasetDescription& d, const std::string& row, const std::string& reason) const {
    const auto file = write("a.csv", "label,user,price,note\n0,u1,1,\n" + row + "\n1,u2,2,x\n");
    EXPECT_THAT([&] { read_all(d, {directory_}); }, ThrowsMessage<RunError>(file.string() + reason)) << row;
    RecordReader reader(d, {directory_}, OnBadRow::skip);
    EXPECT_EQ(read_all(reader, d).size(), 2u) << row;
    EXPECT_EQ(reader.bad_rows().count(), 1u);
    EXPECT_EQ(reader.rows_read(), 3u);
    EXPECT_THAT(reader.bad_rows().first_reasons(), ElementsAre(file.string() + reason));
  }
};

TEST_F(RecordReaderTest, GivesLabelInputsAxesAndMissingValues) {
  write("a.csv", "label,user,price,note\n0,u1,2.5,\n1,?,,x\n");
  const auto records = read_all(describe(), {directory_});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].label, 0);
  EXPECT_EQ(records[0].categorical.at("user"), "u1");
  EXPECT_EQ(records[0].continuous.at("price"), 2.5);
  EXPECT_EQ(records[0].axis.at("user"), "u1");
  EXPECT_FALSE(records[0].split.has_value());
  EXPECT_EQ(records[1].label, 1);
  EXPECT_EQ(records[1].categorical.at("user"), "");
  EXPECT_EQ(records[1].axis.at("user"), "");
  EXPECT_TRUE(std::isnan(records[1].continuous.at("price")));
}

TEST_F(RecordReaderTest, AFilesSplitCountsBesideFilesOfAnother) {
  write("b.csv", "label,user,price,note\n0,u1,1,\n");
  EXPECT_FALSE(read_all(describe(), {directory_ / "b.csv"})[0].split.has_value());
  write("a.csv", "label,user,price,note\n0,u1,1,\n");
  const auto records = read_all(describe(), {directory_});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_FALSE(records[0].split.has_value());
  EXPECT_EQ(records[1].split, Split::test);
}

TEST_F(RecordReaderTest, RowsThatRepeatATestRowAreLeftOutWhereAsked) {
  DatasetDescription d = describe();
  d.split.leave_out_repeats = true;
  std::swap(d.files[0], d.files[1]);
  const std::string header = "label,user,price,note\n";
  write("b.csv", header + "0,u1,1,\n0,u1,1,\n1,u2,2,x\n");
  write("a.csv", header + "0,u1,1,\n1,u1,1,\n1,u2,2,x\n0,u1,,1\n1,u1,1,\n");
  RecordReader reader(d, {directory_}, OnBadRow::stop);
  for (int pass = 0; pass < 2; ++pass) {
    const auto records = read_all(reader, d);
    ASSERT_EQ(records.size(), 6u);
    for (std::size_t r = 0; r < 3; ++r) EXPECT_EQ(records[r].split, Split::test) << r;
    EXPECT_EQ(records[3].label, 1);
    EXPECT_TRUE(std::isnan(records[4].continuous.at("price")));
    EXPECT_EQ(reader.rows_read(), 8u);
    EXPECT_EQ(reader.bad_rows().count(), 0u);
    EXPECT_EQ(reader.facts().back().second, "2");
    reader.rewind();
  }
}

TEST_F(RecordReaderTest, BeginsAgainAndTellsWhatItRead) {
  write("a.csv", "label,user,price,note\n0,u1,1,\n1,u2,3,\n0,u3,1,\n");
  write("b.csv", "label,user,price,note\n0,u1,1,\n");
  const DatasetDescription d = describe();
  RecordReader reader(d, {directory_}, OnBadRow::stop);
  for (int pass = 0; pass < 2; ++pass) {
    EXPECT_EQ(read_all(reader, d).size(), 4u);
    EXPECT_EQ(reader.rows_read(), 4u);
    const auto facts = reader.facts();
    ASSERT_EQ(facts.size(), 2u);
    EXPECT_EQ(facts[0].first, "a.csv");
    EXPECT_THAT(facts[0].second, AllOf(HasSubstr("crc32 "), HasSubstr("bytes; 3 rows (the owner's: 2)")));
    EXPECT_THAT(facts[1].second, ::testing::EndsWith("; 1 rows"));
    reader.rewind();
  }
}

TEST_F(RecordReaderTest, PackedFilesGiveTheSameRecords) {
  const std::string text = "label,user,price,note\n0,u1,1,\n1,u2,3,\n";
  gzFile stream = gzopen((directory_ / "a.csv.gz").c_str(), "wb");
  gzwrite(stream, text.data(), static_cast<unsigned>(text.size()));
  gzclose(stream);
  const auto records = read_all(describe(), {directory_});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[1].continuous.at("price"), 3);
}

TEST_F(RecordReaderTest, RowsThatCannotBeUsedNameFileLineColumnAndValue) {
  const DatasetDescription d = describe();
  expect_bad(d, "0,u1,1", ":3: found 3 fields, expected 4");
  expect_bad(d, "0,u1,1,,", ":3: found 5 fields, expected 4");
  expect_bad(d, "2,u1,1,", ":3: column 'label': value '2': expected one of '1' '0'");
  expect_bad(d, ",u1,1,", ":3: column 'label': value '': expected one of '1' '0'");
  expect_bad(d, "0,u1,cheap,", ":3: column 'price': value 'cheap': expected a number");
  expect_bad(d, "0,u1,1e999,", ":3: column 'price': value '1e999': expected a number");
  expect_bad(d, "0,u1,\xff\t,", ":3: column 'price': value '\\xff\\x09': expected a number");
}

TEST_F(RecordReaderTest, AxesAndSplitsNeedTheirValues) {
  const DatasetDescription d = describe(R"(
[[axes]]
name = "price"
column = "price"
edges = [10]
cohorts = ["low", "high"]
[[axes]]
name = "user"
column = "user"
groups = [{cohort = "a", levels = ["u1", "u2"]}, {cohort = "b", levels = ["u3"]}]
[split]
by = "column"
column = "note"
)");
  const auto file = write("a.csv", "label,user,price,note\n0,u1,1,n\n0,u1,,n\n");
  EXPECT_THAT([&] { read_all(d, {directory_}); },
              ThrowsMessage<RunError>(
                  file.string() + ":3: column 'price': value '': expected a value, as axis 'price' is made from it"));
  write("a.csv", "label,user,price,note\n0,u4,1,n\n");
  EXPECT_THAT([&] { read_all(d, {directory_}); },
              ThrowsMessage<RunError>(
                  file.string() + ":2: column 'user': value 'u4': expected a level of axis 'user': 'u1' 'u2' 'u3'"));
  write("a.csv", "label,user,price,note\n0,?,1,n\n");
  EXPECT_THAT([&] { read_all(d, {directory_}); },
              ThrowsMessage<RunError>(
                  file.string() + ":2: column 'user': value '?': expected a value, as axis 'user' is made from it"));
  write("a.csv", "label,user,price,note\n0,u1,1,\n");
  EXPECT_THAT([&] { read_all(d, {directory_}); },
              ThrowsMessage<RunError>(file.string() +
                                      ":2: column 'note': value '': expected a value, as rows are split by it"));
}

TEST_F(RecordReaderTest, ATimeToSplitByIsATime) {
  const DatasetDescription d = describe(R"(
[[axes]]
name = "user"
column = "user"
activity = [0.5, 0.5]
cohorts = ["rare", "frequent"]
[split]
by = "time"
column = "note"
)");
  const auto file = write("a.csv", "label,user,price,note\n0,u1,1,2026-01-31\n0,u1,1,14\n1,u1,1,141021xx\n");
  const std::string reason =
      file.string() + ":4: column 'note': value '141021xx': expected a time: a number, or a date as 2026-01-31";
  EXPECT_THAT([&] { read_all(d, {directory_}); }, ThrowsMessage<RunError>(reason));
  RecordReader reader(d, {directory_}, OnBadRow::skip);
  EXPECT_EQ(read_all(reader, d).size(), 2u);
  EXPECT_THAT(reader.bad_rows().first_reasons(), ElementsAre(reason));
}

TEST_F(RecordReaderTest, AColumnMayRefuseMissingValues) {
  DatasetDescription d = describe();
  d.columns[2].allow_missing = false;
  expect_bad(d, "0,u1,?,", ":3: column 'price': value '?': expected a value that is not missing");
}

TEST_F(RecordReaderTest, ANumericLabelHasAThreshold) {
  DatasetDescription d = describe();
  d.label = {"price", {}, {}, 2.0};
  d.columns[2].role = ColumnRole::ignore;
  write("a.csv", "label,user,price,note\n0,u1,1.99,\n0,u1,2,\n0,u1,5,\n");
  std::vector<float> labels;
  for (const OwnedRecord& r : read_all(d, {directory_})) labels.push_back(r.label);
  EXPECT_THAT(labels, ElementsAre(0, 1, 1));
  expect_bad(d, "0,u1,?,", ":3: column 'price': value '?': expected a number");
}

TEST_F(RecordReaderTest, TheHeaderMustNameTheColumns) {
  const DatasetDescription d = describe();
  const auto file = write("a.csv", "\xef\xbb\xbflabel,user,price,note \r\n0,u1,1,\r\n");
  EXPECT_EQ(read_all(d, {directory_}).size(), 1u);
  write("a.csv", "label,usr,price,note\n0,u1,1,\n");
  EXPECT_THAT(
      [&] { read_all(d, {directory_}); },
      ThrowsMessage<UsageError>(HasSubstr(file.string() + ": column 2 of the header is 'usr': expected 'user'")));
  write("a.csv", "label,user,price\n0,u1,1\n");
  EXPECT_THAT([&] { read_all(d, {directory_}); },
              ThrowsMessage<UsageError>(HasSubstr("a.csv: the header names 3 columns, expected 4")));
  write("a.csv", "label,user,price,note\n");
  EXPECT_THAT([&] { read_all(d, {directory_}); }, ThrowsMessage<RunError>(HasSubstr("a.csv: holds no rows")));
}

class JoinedRecords : public RecordReaderTest {
 protected:
  DatasetDescription joined() const {
    return describe(R"(
[[joins]]
file = "users.txt"
format = {delimiter = "|"}
names = ["id", "age", "town_id"]
key = "id"
main_key = "user"
continuous = ["age"]
[[joins]]
file = "towns.csv"
names = ["town", "region"]
key = "town"
main_key = "town_id"
categorical = ["region"]
missing = ["NULL"]
[[axes]]
name = "region"
column = "region"
groups = [{cohort = "north", levels = ["N"]}, {cohort = "south", levels = ["S"]}]
missing = "unknown"
)");
  }
};

TEST_F(JoinedRecords, ColumnsComeByKeyAlsoThroughAnotherTable) {
  write("a.csv", "label,user,price,note\n0,u1,1,\n1,u2,2,\n0,u9,3,\n0,u3,3,\n");
  write("users.txt", "id|age|town_id\nu2|30|t2\nu1|20|t1\nu3||t3\n");
  write("towns.csv", "town,region\nt1,N\nt2,NULL\n");
  const auto records = read_all(joined(), {directory_});
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(records[0].continuous.at("age"), 20);
  EXPECT_EQ(records[0].categorical.at("region"), "N");
  EXPECT_EQ(records[0].axis.at("region"), "N");
  EXPECT_EQ(records[1].continuous.at("age"), 30);
  EXPECT_EQ(records[1].categorical.at("region"), "");
  for (const std::size_t r : {2u, 3u}) {
    EXPECT_TRUE(std::isnan(records[r].continuous.at("age"))) << r;
    EXPECT_EQ(records[r].axis.at("region"), "") << r;
  }
}

TEST_F(JoinedRecords, DamagedTablesAreNamed) {
  write("a.csv", "label,user,price,note\n0,u1,1,\n");
  write("towns.csv", "town,region\nt1,N\n");
  const auto users = write("users.txt", "id|age|town_id\nu2|30|t2\nu1|20|t1\nu2|31|t1\n");
  EXPECT_THAT(
      [&] { read_all(joined(), {directory_}); },
      ThrowsMessage<RunError>(users.string() + ":4: column 'id': value 'u2': expected a key that no row before has"));
  write("users.txt", "id|age|town_id\nu2|30\n");
  EXPECT_THAT([&] { read_all(joined(), {directory_}); },
              ThrowsMessage<RunError>(users.string() + ":2: found 2 fields, expected 3"));
  // Also where no row of the main table asks for it.
  write("users.txt", "id|age|town_id\nu1|20|t1\nu7|abc|t1\n");
  EXPECT_THAT([&] { read_all(joined(), {directory_}); },
              ThrowsMessage<RunError>(users.string() + ":3: column 'age': value 'abc': expected a number"));
  write("users.txt", "id|town_id|age\nu2|30|1\n");
  EXPECT_THAT([&] { read_all(joined(), {directory_}); },
              ThrowsMessage<UsageError>(HasSubstr("column 2 of the header is 'town_id': expected 'age'")));
}

}  // namespace
}  // namespace c2al

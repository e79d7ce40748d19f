#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "core/error.hpp"
#include "scenarios/datasets/description.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class ParseDescription : public TemporaryDirectory {
 protected:
  /// A small valid description in which a text may be replaced by another.
  DatasetDescription parse(const std::string& from = "", const std::string& to = "") const {
    std::string text = R"(
name = "small"
objective = "click"
[[files]]
name = "small.csv"
[columns]
names = ["label", "user", "price", "C1..C3", "rest"]
categorical = ["user", "C1..C2"]
continuous = ["price"]
missing = ["?"]
[[columns.rules]]
names = ["price"]
transform = "signed_log"
[label]
column = "label"
positive = ["1"]
[[joins]]
file = "users.csv"
names = ["id", "age", "town"]
key = "id"
main_key = "user"
categorical = ["town"]
[[axes]]
name = "age"
column = "age"
edges = [25, 65]
cohorts = ["young", "middle", "old"]
[[axes]]
name = "town"
column = "town"
groups = [{cohort = "north", levels = ["Oslo", "Turku"]}, {cohort = "other", levels = ["*"]}]
missing = "unknown"
[split]
by = "column"
column = "user"
)";
    if (!from.empty()) {
      const std::size_t at = text.find(from);
      EXPECT_NE(at, std::string::npos) << from;
      text.replace(at, from.size(), to);
    }
    return parse_description(write("small.toml", text));
  }
};

TEST_F(ParseDescription, FillsInRangesDefaultsAndRoles) {
  const DatasetDescription d = parse();
  EXPECT_EQ(d.source, directory_ / "small.toml");
  EXPECT_THAT(d.column_names, ElementsAre("label", "user", "price", "C1", "C2", "C3", "rest"));
  ASSERT_EQ(d.columns.size(), 7u);
  EXPECT_EQ(d.columns[0].role, ColumnRole::ignore);
  EXPECT_EQ(d.columns[2].role, ColumnRole::continuous);
  EXPECT_EQ(d.columns[2].transform, NumericTransform::signed_log);
  EXPECT_THAT(d.columns[2].missing, ElementsAre("?"));
  EXPECT_EQ(d.columns[4].role, ColumnRole::categorical);
  EXPECT_EQ(d.columns[5].role, ColumnRole::ignore);
  EXPECT_EQ(d.joins.at(0).main_key, "user");
  EXPECT_EQ(d.joins[0].take.at(1).role, ColumnRole::ignore);  // age: an axis is made from it all the same
  EXPECT_THAT(d.axes.at(1).cohorts, ElementsAre("north", "other", "unknown"));
  EXPECT_THAT(d.axes[0].cohorts, ElementsAre("young", "middle", "old"));
  EXPECT_EQ(d.split.by, SplitRule::By::column);
  EXPECT_EQ(d.split.test, 0.2);
}

TEST_F(ParseDescription, AStarTakesTheColumnsWithoutARole) {
  const DatasetDescription d = parse(R"("user", "C1..C2"])", "\"*\"]\nignore = [\"label\"]");
  for (const std::size_t c : {1u, 3u, 4u, 5u, 6u}) EXPECT_EQ(d.columns[c].role, ColumnRole::categorical) << c;
  EXPECT_EQ(d.columns[2].role, ColumnRole::continuous);
  EXPECT_EQ(d.columns[0].role, ColumnRole::ignore);
}

TEST_F(ParseDescription, EveryMistakeIsNamedWithItsPlace) {
  struct Case {
    const char *from, *to, *message;
  };
  const std::vector<Case> cases = {
      {"objective", "objectif", "small.toml:1: missing key 'objective' in the top level"},
      {"missing = [\"?\"]", "absent = [\"?\"]", "unknown key 'absent' in [columns]"},
      {"\"C1..C3\"", "\"C1..C3\", \"C2\"",
       "names = [\"label\", \"user\", \"price\", \"C1..C3\", ...]: expected 'C2' to name"},
      {"\"C1..C3\"", "\"C3..C1\"", "'C3..C1' to be a range of numbered names"},
      {"\"C1..C3\"", "\"C1..D3\"", "'C1..D3' to be a range of numbered names"},
      {"[\"price\"]", "[\"prize\"]",
       "small.toml:9: [columns] continuous = [\"prize\"]: expected names of columns: there is no"},
      {"[\"price\"]", "[\"price\", \"user\"]", "expected one role for each column: 'user' has another"},
      {"[\"price\"]\nmissing", "[\"price\", \"label\"]\nmissing", "expected a column that is no input: 'label' is one"},
      {"transform = \"signed_log\"", "transform = \"log\"", "transform = \"log\": expected one of"},
      {"transform = \"signed_log\"", "minimum_count = 2",
       "minimum_count = 2: expected categorical columns only: 'price'"},
      {"names = [\"price\"]\ntransform", "names = [\"user\"]\ntransform",
       "expected continuous columns only: 'user' is none"},
      {"positive = [\"1\"]", "negative = [\"1\"]", "[label] column = \"label\": expected either positive"},
      {"positive = [\"1\"]", "positive = [\"1\"]\nat_least = 4", "expected either positive"},
      {"positive = [\"1\"]", "positive = [\"1\"]\nnegative = [\"0\", \"1\"]",
       "expected texts that are not positive as well: '1'"},
      {"column = \"label\"", "column = \"lable\"", "expected columns that a table has: there is no 'lable'"},
      {"key = \"id\"", "key = \"user_id\"", "key = \"user_id\": expected a column of this table"},
      {"main_key = \"user\"", "main_key = \"usr\"", "expected columns that a table has: there is no 'usr'"},
      {"\"age\", \"town\"]", "\"price\", \"town\", \"age\"]",
       "expected columns of other names than those before: 'price'"},
      {"categorical = [\"town\"]", "categorical = [\"town\", \"id\"]", "the key 'id' among the ignored columns"},
      {"column = \"age\"", "column = \"ages\"", "expected columns that a table has: there is no 'ages'"},
      {"edges = [25, 65]", "edges = [65, 25]", "edges = [65, 25]: expected at least one number, each larger"},
      {"edges = [25, 65]", "edges = [25]", "expected 2 names"},
      {"edges = [25, 65]", "edges = [25, 65]\nquantiles = [0.5]", "expected exactly one of groups, edges"},
      {"edges = [25, 65]\n", "", "expected exactly one of groups, edges"},
      {"edges = [25, 65]", "activity = [0.5, 0.2, 0.2]", "the shares 0.5 + 0.2 + 0.2 sum to 0.9: expected 1"},
      {"edges = [25, 65]", "quantiles = [0.5, 1.5]", "a number above 0 and below 1"},
      {"\"young\", \"middle\"", "\"old\", \"middle\"", "expected each cohort once"},
      {"\"Turku\"", "\"Oslo\"", "expected each level once: 'Oslo' is repeated"},
      {"name = \"town\"", "name = \"age\"", "expected each axis once: 'age' is repeated"},
      {"name = \"town\"", "name = \"sham\"", "'sham' is the control axis"},
      {"by = \"column\"", "by = \"inputs\"", "only \"column\" and \"time\" use it"},
      {"by = \"column\"\ncolumn = \"user\"", "by = \"time\"", "expected the column to split by"},
      {"column = \"user\"", "column = \"usr\"", "expected columns that a table has: there is no 'usr'"},
      {"by = \"column\"", "by = \"column\"\ntest_share = 0.5", "sum to 1.3: expected 1"},
      {"by = \"column\"", "leave_out_repeats = true\nby = \"column\"", "expected first those with a split"},
      {"\"small.csv\"", "\"a*b*\"", "expected a file's name with at most one '*'"},
      {"\"small.csv\"", "\"small.csv\"\nsha256 = \"12\"", "expected 64 lower-case hexadecimal digits"},
      {"[columns]", "[format]\nquote = \"%\"\n[columns]", "[format] quote = \"%\": expected"},
      {"[columns]", "[format]\ndelimiter = \"\\n\"\n[columns]", "[format] delimiter = "},
  };
  for (const Case& c : cases)
    EXPECT_THAT([&] { parse(c.from, c.to); }, ThrowsMessage<UsageError>(HasSubstr(c.message))) << c.to;
}

TEST_F(ParseDescription, NamesComeFromTheFolderOfDescriptions) {
  EXPECT_THAT(described_datasets(), ::testing::IsSupersetOf({"adult", "avazu", "criteo", "movielens_1m"}));
  EXPECT_THAT([] { description_file("aduld"); },
              ThrowsMessage<UsageError>(AllOf(HasSubstr("unknown data set 'aduld'"), HasSubstr("adult, avazu"))));
}

TEST_F(ParseDescription, EveryDescriptionIsCompleteAndNamedAsItsFile) {
  for (const std::string& name : described_datasets()) {
    SCOPED_TRACE(name);
    const DatasetDescription d = parse_description(description_file(name));
    EXPECT_EQ(d.name, name);
    for (const std::string& text : {d.summary, d.licence, d.home, d.citation}) EXPECT_FALSE(text.empty());
    // Who cannot download must be told what to do.
    EXPECT_FALSE(d.downloads.empty() && d.terms.empty());
    std::size_t categorical = 0, continuous = 0;
    const auto add = [&](const std::vector<DatasetColumn>& columns) {
      for (const DatasetColumn& c : columns) {
        categorical += c.role == ColumnRole::categorical;
        continuous += c.role == ColumnRole::continuous;
      }
    };
    add(d.columns);
    for (const DatasetJoin& join : d.joins) add(join.take);
    EXPECT_THAT(d.summary, HasSubstr("; " + std::to_string(categorical) + " "));
    if (continuous > 0) {
      EXPECT_THAT(d.summary, HasSubstr(", " + std::to_string(continuous) + " "));
    }
  }
}

TEST_F(ParseDescription, TheRecipeIsADescription) {
  std::ifstream stream(std::filesystem::path(C2AL_SOURCE_DIR) / "CONTRIBUTING.md");
  std::stringstream text;
  text << stream.rdbuf();
  const std::string all = text.str(), fence = "```";
  const std::size_t begin = all.find("name = \"shop\""), end = all.find(fence, begin);
  ASSERT_LT(end, all.size());
  const DatasetDescription d = parse_description(write("shop.toml", all.substr(begin, end - begin)));
  EXPECT_EQ(d.axes.at(0).cohorts.size(), 3u);
  EXPECT_EQ(d.columns.at(1).transform, NumericTransform::signed_log);
}

}  // namespace
}  // namespace c2al

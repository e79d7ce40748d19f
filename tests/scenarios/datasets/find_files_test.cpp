#include <gmock/gmock.h>

#include "core/error.hpp"
#include "scenarios/datasets/dataset_files.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class FindFiles : public TemporaryDirectory {
 protected:
  static DatasetDescription described(const std::vector<std::string>& names) {
    DatasetDescription d;
    d.home = "the owner's page";
    for (const std::string& name : names) {
      d.files.push_back({});
      d.files.back().name = name;
    }
    return d;
  }
  std::vector<std::string> find(const DatasetDescription& d, const std::vector<std::filesystem::path>& inputs) const {
    std::vector<std::string> names;
    for (const FoundFile& f : find_files(d, inputs).main) names.push_back(f.path.filename());
    return names;
  }
};

TEST_F(FindFiles, InAFolderByNamePackedOrNot) {
  for (const char* name : {"a.csv.gz", "b.csv", "c.csv", "c.csv.gz", "other"}) write(name, "x");
  EXPECT_THAT(find(described({"c.csv.gz", "b.csv.gz", "a.csv"}), {directory_}),
              ElementsAre("c.csv.gz", "b.csv", "a.csv.gz"));
}

TEST_F(FindFiles, AStarIsFilledInTheOrderOfNumbers) {
  for (const char* name : {"day_10.gz", "day_2", "day_0.zst", "day_0", "day_1.gz", "today_3"}) write(name, "x");
  EXPECT_THAT(find(described({"day_*"}), {directory_}), ElementsAre("day_0", "day_1.gz", "day_2", "day_10.gz"));
}

TEST_F(FindFiles, FilesByThemselvesCountAsTheMainTable) {
  const auto sample = write("dac_sample.txt", "x"), second = write("train.txt", "x");
  const DatasetDescription d = described({"train.txt"});
  const FoundFiles found = find_files(d, {sample});
  ASSERT_EQ(found.main.size(), 1u);
  EXPECT_EQ(found.main[0].described, nullptr);
  EXPECT_THAT(find(d, {sample, second}), ElementsAre("train.txt", "dac_sample.txt"));
  EXPECT_EQ(find_files(d, {second}).main[0].described, &d.files[0]);
}

TEST_F(FindFiles, AJoinedTableMayComeFromTheFolderOrByItself) {
  DatasetDescription d = described({"log.csv"});
  d.joins.push_back({});
  d.joins[0].file.name = "users.csv";
  const auto log = write("log.csv", "x");
  EXPECT_THAT([&] { find_files(d, {log}); }, ThrowsMessage<RunError>(HasSubstr("users.csv: there is no such file")));
  const auto users = write("users.csv", "x");
  EXPECT_EQ(find_files(d, {users, log}).joins[0], users);
  const FoundFiles mixed = find_files(d, {directory_});
  EXPECT_EQ(mixed.joins[0].filename(), "users.csv");
  EXPECT_EQ(mixed.main.size(), 1u);
}

TEST_F(FindFiles, AMissingFileIsNamedWithItsHomeAndChecksum) {
  DatasetDescription d = described({"a.csv", "b.csv"});
  d.files[0].sha256 = "0123";
  d.files[1].optional = true;
  EXPECT_THAT([&] { find_files(d, {directory_}); },
              ThrowsMessage<RunError>((directory_ / "a.csv").string() +
                                      ": there is no such file; get a.csv from the owner's page (sha256 0123)"));
  EXPECT_THAT([&] { find_files(d, {directory_ / "none.csv"}); },
              ThrowsMessage<RunError>(HasSubstr("none.csv: there is no such file or folder")));
  EXPECT_THAT([&] { find_files(d, {directory_ / "nowhere"}); },
              ThrowsMessage<RunError>(HasSubstr("nowhere/a.csv: there is no such file")));
  write("a.csv", "x");
  EXPECT_THAT(find(d, {directory_}), ElementsAre("a.csv"));
}

}  // namespace
}  // namespace c2al

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/app/process.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::run_c2al;

/// A small table with a description of its own, in a folder of its own.
class PrepareCommand : public TemporaryDirectory {
 protected:
  PrepareCommand() {
    write("shop.toml", "name = \"shop\"\n" + table(""));
    std::string text = "visitor,colour,price,bought\n";
    for (int r = 0; r < 600; ++r)
      text += std::string(r % 3 == 0 ? "new" : "back") + (r % 2 == 0 ? ",red," : ",blue,") + std::to_string(r % 11) +
              (r % 5 == 0 ? ",yes\n" : ",no\n");
    write("shop.csv", text);
    write("scenario.toml", scenario("name = \"shop_of_its_own\"\n" + table("dataset.table.")));
  }

  /// @param path  of the description's tables
  static std::string table(const std::string& path) {
    std::string text = R"(objective = "bought"
licence = "none"
home = "here"
[[@files]]
name = "shop.csv"
[@columns]
names = ["visitor", "colour", "price", "bought"]
categorical = ["visitor", "colour"]
continuous = ["price"]
ignore = ["bought"]
[@label]
column = "bought"
positive = ["yes"]
negative = ["no"]
[[@axes]]
name = "visitor"
column = "visitor"
groups = [{cohort = "new", levels = ["new"]}, {cohort = "returning", levels = ["*"]}]
[@split]
by = "row"
)";
    for (std::size_t at = text.find('@'); at != std::string::npos; at = text.find('@', at)) text.replace(at, 1, path);
    return text;
  }

  static std::string scenario(const std::string& description) {
    return R"(name = "shop"
title = "Shop"
[dataset]
axes = ["visitor"]
axis_inputs = ["visitor"]
[dataset.table]
)" + description +
           R"([model]
dim = 4
bottom_hidden = 4
top = [4]
[[model.layers]]
mlp = {hidden = 4}
[training]
batch_size = 32
epochs = 2
optimizer = "adam"
learning_rate = 1e-3
embedding_learning_rate = 1e-3
decay = "linear"
[cohorts]
mode = "declared"
axis = "visitor"
head_cohort = "returning"
tail_cohort = "new"
)";
  }

  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(directory_))
      found.push_back(entry.path().filename().string());
    return found;
  }
};

TEST_F(PrepareCommand, WritesACacheAndSaysWhatItDid) {
  const auto result =
      run_c2al(directory_, {"prepare", "shop.toml", "--input", "shop.csv", "--output", "shop.h5", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["rows"], 600);
  EXPECT_EQ(json["dropped"], 0);
  EXPECT_DOUBLE_EQ(json["positive_rate"], 0.2);
  EXPECT_THAT(json["facts"].dump(), AllOf(HasSubstr("shop.csv"), HasSubstr("crc32"), HasSubstr("axis visitor")));
  EXPECT_THAT(names(), ::testing::UnorderedElementsAre("shop.toml", "shop.csv", "scenario.toml", "shop.h5",
                                                       "stdout.txt", "stderr.txt"));
}

TEST_F(PrepareCommand, ABadRowStopsItOrIsCounted) {
  write("shop.csv", "visitor,colour,price,bought\nnew,red,dear,no\n");
  const std::vector<std::string> words = {"prepare", "shop.toml", "--input", "shop.csv", "--output", "shop.h5"};
  const auto stopped = run_c2al(directory_, words);
  EXPECT_EQ(stopped.code, 1);
  EXPECT_THAT(stopped.err, AllOf(HasSubstr("shop.csv:2"), HasSubstr("price"), HasSubstr("dear")));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "shop.h5"));

  std::string text = "visitor,colour,price,bought\n";
  for (int r = 0; r < 300; ++r) text += r % 100 == 50 ? "new,red,dear,no\n" : "back,red,1,yes\nnew,blue,2,no\n";
  write("shop.csv", text);
  std::vector<std::string> skipping = words;
  skipping.insert(skipping.end(), {"--on-bad-row", "skip", "--json"});
  const auto skipped = run_c2al(directory_, skipping);
  ASSERT_EQ(skipped.code, 0) << skipped.err;
  const auto json = nlohmann::json::parse(skipped.out);
  EXPECT_EQ(json["rows"], 594);
  EXPECT_EQ(json["dropped"], 3);
  ASSERT_EQ(json["first_reasons"].size(), 3u);
  EXPECT_THAT(json["first_reasons"][0].get<std::string>(), AllOf(HasSubstr("shop.csv:102"), HasSubstr("dear")));
}

TEST_F(PrepareCommand, WrongArgumentsAreUsageErrors) {
  const auto code = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "prepare");
    return run_c2al(directory_, words).code;
  };
  EXPECT_EQ(code({}), 2);
  EXPECT_EQ(code({"shop.toml", "--output", "a.h5"}), 2);
  EXPECT_EQ(code({"shop.toml", "--input", "shop.csv"}), 2);
  EXPECT_EQ(code({"nobodys", "--input", "shop.csv", "--output", "a.h5"}), 2);
  EXPECT_EQ(code({"shop.toml", "--input", "shop.csv", "--output", "a.h5", "--compression", "10"}), 2);
  EXPECT_EQ(code({"shop.toml", "--input", "shop.csv", "--output", "a.h5", "--on-bad-row", "guess"}), 2);
  EXPECT_EQ(code({"shop.toml", "--input", "shop.csv", "--output", "a.h5", "--axis", "age"}), 2);
  EXPECT_EQ(code({"shop.toml", "--input", "none.csv", "--output", "a.h5"}), 1);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "a.h5"));
}

TEST_F(PrepareCommand, ARunFromTheFilesIsARunFromTheirCache) {
  const auto run = [&](const std::string& data, const std::string& output) {
    return run_c2al(directory_, {"run", "scenario.toml", "--data", data, "--output", output, "--quiet"});
  };
  const auto first = run(".", "first.h5");
  ASSERT_EQ(first.code, 0) << first.err;
  std::filesystem::path cache;
  for (const auto& entry : std::filesystem::directory_iterator(directory_ / "runs" / "cache")) cache = entry.path();
  const auto written = std::filesystem::last_write_time(cache);
  ASSERT_EQ(run(".", "second.h5").code, 0);
  EXPECT_EQ(std::filesystem::last_write_time(cache), written);
  ASSERT_EQ(run(cache.string(), "third.h5").code, 0);
  for (const char* other : {"second.h5", "third.h5"})
    EXPECT_THAT(run_c2al(directory_, {"inspect", "first.h5", other}).out, HasSubstr("equal outside"));
  // Other splits are another cache; a file prepared with them does not fit the scenario.
  const auto other = run_c2al(directory_, {"run", "scenario.toml", "--data", cache.string(), "--set",
                                           "dataset.split_seed=9", "--output", "other.h5"});
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, AllOf(HasSubstr("was prepared with splits"), HasSubstr("seed 9")));
}

}  // namespace
}  // namespace c2al

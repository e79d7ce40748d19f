#include "app/generate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/storage/hdf5.hpp"
#include "results/compare.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using GenerateCommand = TemporaryDirectory;

std::string generate(std::vector<std::string> words) {
  words.insert(words.begin(), "generate");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  testing::internal::CaptureStdout();
  try {
    EXPECT_EQ(generate_command(static_cast<int>(words.size()), argv.data()), 0);
    std::fflush(stdout);
    return testing::internal::GetCapturedStdout();
  } catch (...) {
    testing::internal::GetCapturedStdout();
    throw;
  }
}

std::vector<std::string> small_preset(const std::filesystem::path& output, const char* seed) {
  return {C2AL_SOURCE_DIR "/scenarios/preset_a.toml",
          "--output",
          output.string(),
          "--seed",
          seed,
          "--json",
          "--set",
          "splits.train=3000",
          "--set",
          "splits.discovery=500",
          "--set",
          "splits.validation=500",
          "--set",
          "splits.test=600"};
}

TEST_F(GenerateCommand, WritesEverySplitWithItsTruth) {
  const std::filesystem::path file = directory_ / "data.h5";
  const auto printed = nlohmann::json::parse(generate(small_preset(file, "3")));
  EXPECT_EQ(printed["samples"]["train"], 3000);
  const hdf5::Group root = hdf5::open_file(file);
  EXPECT_EQ(root.text("kind"), "data");
  EXPECT_EQ(root.natural("seed"), 3u);
  const std::size_t fields = root.shape("schema/field")[0];
  EXPECT_EQ(root.shape("data/train/rows"), (hdf5::Shape{3000, fields}));
  EXPECT_EQ(root.shape("data/test/label"), (hdf5::Shape{600}));
  const auto p_true = root.read<double>("data/train/p_true");
  const auto label = root.read<double>("data/train/label");
  double expected = 0, variance = 0, observed = 0;
  for (std::size_t i = 0; i < p_true.size(); ++i) {
    ASSERT_GT(p_true[i], 0);
    ASSERT_LT(p_true[i], 1);
    expected += p_true[i];
    variance += p_true[i] * (1 - p_true[i]);
    observed += label[i];
  }
  // The labels of a fixed seed are drawn from the stored probabilities: five standard deviations.
  EXPECT_NEAR(observed, expected, 5 * std::sqrt(variance));
  EXPECT_TRUE(std::isfinite(root.read_scalar<double>("world/intercept")));
}

TEST_F(GenerateCommand, TheSameSeedGivesTheSameBytesAndAnotherSeedOthers) {
  generate(small_preset(directory_ / "a.h5", "3"));
  generate(small_preset(directory_ / "b.h5", "3"));
  generate(small_preset(directory_ / "c.h5", "4"));
  EXPECT_TRUE(compare_files(directory_ / "a.h5", directory_ / "b.h5").empty());
  EXPECT_GT(compare_files(directory_ / "a.h5", directory_ / "c.h5").size(), 8u);
}

TEST_F(GenerateCommand, BadArgumentsAreNamed) {
  EXPECT_THROW(generate({}), UsageError);
  EXPECT_THROW(generate({C2AL_SOURCE_DIR "/scenarios/preset_a.toml"}), UsageError);
  auto blocked = small_preset(write("file", "no folder") / "data.h5", "1");
  EXPECT_THROW(generate(blocked), RunError);
}

}  // namespace
}  // namespace c2al

#include "app/evaluate.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/scored_file.hpp"
#include "core/error.hpp"

namespace c2al {
namespace {

namespace fs = std::filesystem;

class EvaluateCommand : public ::testing::Test {
 protected:
  void TearDown() override { fs::remove(file_); }
  const fs::path& write(const std::string& text) {
    std::ofstream(file_, std::ios::binary) << text;
    return file_;
  }
  std::string json() { return run({"evaluate", file_.string(), "--json"}); }
  /// What the command prints.
  static std::string run(std::vector<std::string> words) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    ::testing::internal::CaptureStdout();
    const int code = evaluate_command(static_cast<int>(argv.size()), argv.data());
    std::fflush(stdout);
    const std::string output = ::testing::internal::GetCapturedStdout();
    EXPECT_EQ(code, 0);
    return output;
  }
  void expect_error(const std::string& text, const std::string& part) {
    try {
      read_scored_file(write(text));
      ADD_FAILURE() << "accepted: " << text;
    } catch (const RunError& error) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find(file_.filename().string()), std::string::npos) << error.what();
    }
  }
  fs::path file_ = fs::path(::testing::TempDir()) /
                   (std::string("scored_") + ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv");
};

TEST_F(EvaluateCommand, PrintsTheContractsKeys) {
  write("label,prediction,cohort\n0,0.1,a\n0,0.4,a\n1,0.6,b\n1,0.9,b\n");
  const auto all = nlohmann::json::parse(json());
  EXPECT_NEAR(all["overall"]["ne"].get<double>(), 0.44448435, 1e-6);
  EXPECT_EQ(all["overall"]["samples"], 4);
  EXPECT_EQ(all["overall"]["positives"], 2);
  EXPECT_EQ(all["overall"]["auc"], 1.0);
  EXPECT_TRUE(all["cohorts"]["a"]["ne"].is_null());
  EXPECT_TRUE(all["cohorts"]["a"]["auc"].is_null());
  EXPECT_TRUE(all["cohorts"]["b"]["log_loss"].is_number());
  for (const char* key : {"samples", "positives", "ne", "log_loss", "auc", "calibration", "ece"})
    EXPECT_TRUE(all["overall"].contains(key)) << key;
}

TEST_F(EvaluateCommand, ReadsAnyColumnOrderQuotesCrLfAndAByteOrderMark) {
  const auto scored = read_scored_file(
      write("\xef\xbb\xbf\"cohort\",weight,prediction,label\r\n\"a,\"\"b\"\"\",2,2.5e-1,1\r\nplain,0,0.5,0\r\n"));
  ASSERT_EQ(scored.samples.label.size(), 2u);
  EXPECT_EQ(scored.schema.axes[0].cohorts, (std::vector<std::string>{"a,\"b\"", "plain"}));
  EXPECT_EQ(scored.samples.weight, (std::vector<float>{2, 0}));
  EXPECT_EQ(scored.samples.label, (std::vector<float>{1, 0}));
}

TEST_F(EvaluateCommand, NamesWhatIsWrong) {
  expect_error("", "empty");
  expect_error("label,prediction\n", "no row");
  expect_error("label,score\n1,0.5\n", "unknown column 'score'");
  expect_error("label,weight\n1,1\n", "no column 'prediction'");
  expect_error("label,label,prediction\n1,1,.5\n", "twice");
  expect_error("label,prediction\n1,0.5\n1\n", ":3: 1 columns found, expected 2");
  expect_error("label,prediction\n1,0.5,7\n", "3 columns found, expected 2");
  expect_error("label,prediction\n2,0.5\n", "column 'label' is '2'");
  expect_error("label,prediction\n0.5,0.5\n", "expected 0 or 1");
  expect_error("label,prediction\n1,1.5\n", "column 'prediction' is '1.5'");
  expect_error("label,prediction\n1,nan\n", "'nan'");
  expect_error("label,prediction\n1,\n", "column 'prediction' is ''");
  expect_error("label,prediction\n1,0.5x\n", "'0.5x'");
  expect_error("label,prediction,weight\n1,0.5,-1\n", "column 'weight' is '-1'");
  expect_error("label,prediction,weight\n1,0.5,inf\n", "column 'weight' is 'inf'");
  expect_error("label,prediction,cohort\n1,0.5,\"a\n", "quoted");
  expect_error("label,prediction,cohort\n1,0.5,\"a\"b\n", "'b' follows the closing quote of cell 3");
  expect_error("label,prediction\n1,0.5\n\n1,0.5\n", ":3: 1 columns found");
}

TEST_F(EvaluateCommand, PrintsAnAlignedTable) {
  write("label,prediction,cohort\n0,0.1,a\n0,0.4,a\n1,0.6,b\n1,0.9,b\n");
  std::istringstream text(run({"evaluate", file_.string()}));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), 4u);
  for (const std::string& line : lines) EXPECT_EQ(line.size(), lines[0].size());
  EXPECT_EQ(lines[1].rfind("overall", 0), 0u);
  EXPECT_NE(lines[1].find("0.444484"), std::string::npos);
  EXPECT_EQ(lines[2].find("nan"), std::string::npos);
  EXPECT_NE(lines[2].find(" - "), std::string::npos);
}

TEST_F(EvaluateCommand, ACertainPredictionThatIsWrongHasNoFiniteLoss) {
  write("label,prediction\n0,1\n1,0.5\n");
  EXPECT_TRUE(nlohmann::json::parse(json())["overall"]["log_loss"].is_null());
  EXPECT_NE(run({"evaluate", file_.string()}).find("inf"), std::string::npos);
}

TEST_F(EvaluateCommand, AsksForAFile) {
  char name[] = "evaluate";
  char* argv[] = {name};
  EXPECT_THROW(evaluate_command(1, argv), UsageError);
}

TEST_F(EvaluateCommand, NamesAMissingFileAndAFolder) {
  EXPECT_THROW(read_scored_file(file_), RunError);
  EXPECT_THROW(read_scored_file(::testing::TempDir()), RunError);
}

}  // namespace
}  // namespace c2al

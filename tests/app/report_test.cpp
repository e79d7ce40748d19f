#include "app/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/error.hpp"
#include "tests/results/toy_suite.hpp"

namespace c2al {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ReportCommandTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              (std::string("c2al_report_command_") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    toy::write(folder_ / "suite", "toy", "plain", 2, {});
    toy::write(folder_ / "suite", "toy", "c2al", 2, {.head = -5});
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// Calls `c2al report` and keeps its standard output.
  int call(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "report");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    ::testing::internal::CaptureStdout();
    struct Capture {
      std::string& text;
      ~Capture() { text = ::testing::internal::GetCapturedStdout(); }
    } capture{output_};
    return report_command(static_cast<int>(arguments.size()), argv.data());
  }
  std::string usage_error(const std::vector<std::string>& arguments) {
    try {
      call(arguments);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "accepted";
  }
  std::string suite() const { return (folder_ / "suite").string(); }
  static std::string read(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }

  fs::path folder_;
  std::string output_;
};

TEST_F(ReportCommandTest, PrintsEveryFormat) {
  EXPECT_EQ(call({suite()}), 0);
  EXPECT_THAT(output_, HasSubstr("## Verdicts"));
  EXPECT_EQ(call({suite(), "--format", "csv"}), 0);
  EXPECT_THAT(output_, HasSubstr("scenario,method,reference,measure"));
  EXPECT_EQ(call({suite(), "--format", "latex"}), 0);
  EXPECT_THAT(output_, HasSubstr("\\section{"));
  EXPECT_EQ(call({suite(), "--format", "json"}), 0);
  EXPECT_EQ(nlohmann::json::parse(output_)["scenarios"].size(), 1u);
}

TEST_F(ReportCommandTest, WritesFiles) {
  EXPECT_EQ(call({suite(), "--write", (folder_ / "out").string()}), 0);
  for (const char* name : {"report.md", "report.csv", "report.tex", "report.json"})
    EXPECT_GT(fs::file_size(folder_ / "out" / name), 500u) << name;
  EXPECT_EQ(call({suite(), "--format", "csv", "--output", (folder_ / "one.csv").string()}), 0);
  EXPECT_EQ(read(folder_ / "one.csv"), read(folder_ / "out" / "report.csv"));
  EXPECT_EQ(output_, "");
}

TEST_F(ReportCommandTest, VerdictsAlone) {
  EXPECT_EQ(call({suite(), "--verdicts"}), 0);
  EXPECT_THAT(output_, HasSubstr("overall NE falls"));
  EXPECT_EQ(output_.find("Costs"), std::string::npos);
}

TEST_F(ReportCommandTest, CheckDecidesTheExitCode) {
  const fs::path reference = folder_ / "reference.json";
  std::ofstream(reference)
      << R"([{"scenario": "toy", "method": "c2al", "measure": "ne", "mean": -0.35, "tolerance": 0.01}])";
  EXPECT_EQ(call({suite(), "--check", reference.string()}), 0);
  std::ofstream(reference)
      << R"([{"scenario": "toy", "method": "c2al", "measure": "ne", "mean": 0.35, "tolerance": 0.01}])";
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(call({suite(), "--check", reference.string()}), 1);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("deviation: toy c2al against plain, ne overall"));
}

TEST_F(ReportCommandTest, UsageErrors) {
  EXPECT_THAT(usage_error({}), HasSubstr("expected the directory"));
  EXPECT_THAT(usage_error({suite(), "--format", "pdf"}), HasSubstr("'pdf': expected md, csv, latex or json"));
  EXPECT_THAT(usage_error({suite(), "--verdicts", "--format", "csv"}), HasSubstr("--verdicts goes with"));
  EXPECT_THAT(usage_error({suite(), "--write", "x", "--format", "csv"}), HasSubstr("leave out"));
  EXPECT_THAT(usage_error({suite(), "--nonsense"}), HasSubstr("nonsense"));
  EXPECT_THROW(call({(folder_ / "absent").string()}), RunError);
}

TEST_F(ReportCommandTest, UnwritableOutput) {
  std::ofstream(folder_ / "file") << "in the way";
  EXPECT_THROW(call({suite(), "--output", (folder_ / "file" / "report.md").string()}), RunError);
}

}  // namespace
}  // namespace c2al

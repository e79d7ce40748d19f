#include "app/inspect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "results/store.hpp"
#include "tests/results/sample_record.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using testing::HasSubstr;
using InspectCommand = TemporaryDirectory;

struct Outcome {
  int code = 0;
  std::string out;
};

Outcome inspect(std::vector<std::string> words) {
  words.insert(words.begin(), "inspect");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  testing::internal::CaptureStdout();
  try {
    const int code = inspect_command(static_cast<int>(words.size()), argv.data());
    std::fflush(stdout);
    return {code, testing::internal::GetCapturedStdout()};
  } catch (...) {
    testing::internal::GetCapturedStdout();
    throw;
  }
}

TEST_F(InspectCommand, PrintsTheTreeADatasetAndAGroup) {
  const std::string file = (directory_ / "run.h5").string();
  write_run(file, sample_record());
  EXPECT_THAT(inspect({file}).out, HasSubstr("@method = \"c2al\""));
  EXPECT_THAT(inspect({file, "/evaluation/test/raw/ne"}).out, HasSubstr("median"));
  EXPECT_THAT(inspect({file, "training"}).out, HasSubstr("model0/"));
}

TEST_F(InspectCommand, PrintsJsonWhereOutputIsData) {
  const std::string file = (directory_ / "run.h5").string();
  write_run(file, sample_record());
  const auto json = nlohmann::json::parse(inspect({file, "/training/model0/task", "--json"}).out);
  EXPECT_EQ(json["values"], nlohmann::json({"primary", "head"}));
}

TEST_F(InspectCommand, ComparingEndsWithZeroForEqualAndOneForDifferentFiles) {
  const std::string a = (directory_ / "a.h5").string(), b = (directory_ / "b.h5").string(),
                    c = (directory_ / "c.h5").string();
  write_run(a, sample_record());
  write_run(b, sample_record());
  write_run(c, sample_record("plain"));
  const Outcome equal = inspect({a, b});
  EXPECT_EQ(equal.code, 0);
  EXPECT_EQ(equal.out, "equal outside /provenance and /timing\n");
  const Outcome different = inspect({a, c});
  EXPECT_EQ(different.code, 1);
  EXPECT_EQ(different.out,
            "/@base_method: 1 of 1 elements differ; first \"c2al\" and \"plain\"\n"
            "/@method: 1 of 1 elements differ; first \"c2al\" and \"plain\"\n2 differences\n");
  const Outcome json = inspect({a, c, "--json"});
  EXPECT_EQ(json.code, 1);
  EXPECT_EQ(nlohmann::json::parse(json.out)["differences"][1]["path"], "/@method");
}

TEST_F(InspectCommand, BadArgumentsAreNamed) {
  const std::string file = (directory_ / "run.h5").string();
  write_run(file, sample_record());
  EXPECT_THROW(inspect({}), UsageError);
  EXPECT_THROW(inspect({file, "/absent"}), UsageError);
  EXPECT_THROW(inspect({file, "/", "surplus"}), UsageError);
  EXPECT_THROW(inspect({file, (directory_ / "absent.h5").string()}), RunError);
  EXPECT_THROW(inspect({(directory_ / "absent.h5").string()}), RunError);
  EXPECT_THROW(inspect({write("text.h5", "no HDF5").string()}), RunError);
}

}  // namespace
}  // namespace c2al

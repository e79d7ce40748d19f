// Methods and their variants through the binary: run, suite, report, list.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "results/store.hpp"
#include "tests/app/process.hpp"

namespace c2al {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using testing::ProcessResult;
using testing::run_c2al;

class MethodsCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              (std::string("c2al_methods_") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  ProcessResult c2al(const std::vector<std::string>& words) { return run_c2al(folder_, words); }
  static std::string scenario(const std::string& name) {
    return (fs::path(C2AL_SOURCE_DIR) / "scenarios" / (name + ".toml")).string();
  }
  static std::vector<std::string> small_run(const std::string& name, const std::vector<std::string>& more) {
    std::vector<std::string> words = {"run", scenario(name), "--quiet"};
    for (const char* size : {"train=6000", "discovery=2000", "validation=2000", "test=3000"})
      words.insert(words.end(), {"--set", std::string("splits.") + size});
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  /// A suite of preset A on few samples, one seed.
  std::string write_suite(const std::string& methods, const std::string& tables) {
    const fs::path file = folder_ / "small.toml";
    std::ofstream(file) << "name = \"small\"\ntitle = \"Small\"\nscenarios = [\"" << scenario("preset_a")
                        << "\"]\nmethods = " << methods
                        << "\nseeds = [1]\noverrides = [\"splits.train=6000\", \"splits.discovery=2000\", "
                           "\"splits.validation=2000\", \"splits.test=3000\"]\n"
                        << tables;
    return file.string();
  }
  void expect_usage_error(const std::vector<std::string>& words, const std::vector<std::string>& parts) {
    const ProcessResult result = c2al(words);
    EXPECT_EQ(result.code, 2) << result.err;
    for (const std::string& part : parts) EXPECT_THAT(result.err, HasSubstr(part));
  }
  fs::path folder_;
};

TEST_F(MethodsCommand, TwoMethodsOnTwoScenarios) {
  for (const char* name : {"preset_a", "preset_f"}) {
    const ProcessResult result =
        c2al(small_run(name, {"--method", "pcgrad", "--method", "mmoe", "--output-dir", name, "--json"}));
    ASSERT_EQ(result.code, 0) << result.err;
    const json printed = json::parse(result.out);
    ASSERT_EQ(printed.size(), 2u);
    for (const json& run : printed) {
      EXPECT_TRUE(run["test"]["overall"]["ne"].is_number());
      EXPECT_GT(run["dense_parameters"]["trained"], run["dense_parameters"]["served"]);
    }
    const RunSummary pcgrad = read_run(folder_ / name / "pcgrad/seed_000001.h5");
    EXPECT_EQ(pcgrad.base_method, "pcgrad");
    EXPECT_GT(pcgrad.acted_share, 0);
    EXPECT_LE(pcgrad.acted_share, 1);
    EXPECT_EQ(pcgrad.trained_cost.dense_parameters, printed[0]["dense_parameters"]["trained"]);
    const RunSummary mmoe = read_run(folder_ / name / "mmoe/seed_000001.h5");
    EXPECT_EQ(mmoe.acted_share, 0) << "no coefficient of MMoE is ever other than 1";
    EXPECT_EQ(mmoe.trained_cost.dense_parameters, printed[1]["dense_parameters"]["trained"]);
  }
}

TEST_F(MethodsCommand, AVariantIsItsMethodWithItsSettings) {
  const std::vector<std::string> variant = {"--set",        "method.strong.method=\"c2al\"",
                                            "--set",        "method.strong.lambda_head=3",
                                            "--method",     "strong",
                                            "--output-dir", "variant"};
  ASSERT_EQ(c2al(small_run("preset_a", variant)).code, 0);
  ASSERT_EQ(c2al(small_run("preset_a",
                           {"--set", "method.c2al.lambda_head=3", "--method", "c2al", "--output-dir", "settings"}))
                .code,
            0);
  const fs::path file = folder_ / "variant/strong/seed_000001.h5";
  const RunSummary strong = read_run(file), settings = read_run(folder_ / "settings/c2al/seed_000001.h5");
  EXPECT_EQ(strong.method, "strong");
  EXPECT_EQ(strong.base_method, "c2al");
  EXPECT_EQ(strong.method_settings, settings.method_settings);
  EXPECT_EQ(strong.evaluations.at(2).rows.at(0).ne, settings.evaluations.at(2).rows.at(0).ne);
  const json resolved = json::parse(strong.resolved_configuration);
  EXPECT_EQ(resolved["method"]["strong"], (json{{"method", "c2al"}, {"lambda_head", 3}}));
}

TEST_F(MethodsCommand, WrongTablesOfMethodsAreRefused) {
  const auto with = [](const std::vector<std::string>& assignments, const std::string& method) {
    std::vector<std::string> words = {"--method", method};
    for (const std::string& assignment : assignments) words.insert(words.end(), {"--set", assignment});
    return small_run("preset_a", words);
  };
  expect_usage_error(with({"method.pcgrad.no_such_setting=1"}, "pcgrad"), {"[method.pcgrad]", "no_such_setting"});
  expect_usage_error(with({"method.v.method=c2al", "method.v.no_such_setting=1"}, "v"),
                     {"[method.v]", "no_such_setting"});
  expect_usage_error(with({"method.v.method=nothing"}, "v"), {"[method.v] method = \"nothing\"", "expected one of"});
  expect_usage_error(with({"method.plain.method=c2al"}, "plain"), {"[method.plain]", "a variant needs a name"});
  expect_usage_error(with({"method.v.method=c2al", "method.w.method=v"}, "w"), {"[method.w]", "is a variant itself"});
  expect_usage_error(with({"method.v.method=c2al"}, "nothing"), {"unknown method 'nothing'", "variants: v"});
}

TEST_F(MethodsCommand, ASuiteHoldsVariantsThatTheReportNames) {
  const std::string suite = write_suite("[\"strong\", \"pcgrad\"]",
                                        "[method.strong]\nmethod = \"c2al\"\nlambda_head = "
                                        "3.0\n[method.pcgrad]\nreduction = \"mean\"\npreserve_primary = "
                                        "true\n");
  const ProcessResult run = c2al({"suite", suite, "--output", "out", "-j", "2"});
  ASSERT_EQ(run.code, 0) << run.err;
  const RunSummary strong = read_run(folder_ / "out/preset_a/strong/seed_000001.h5");
  EXPECT_EQ(strong.base_method, "c2al");
  EXPECT_EQ(strong.method_settings.at("lambda_head"), "3.0");
  EXPECT_EQ(read_run(folder_ / "out/preset_a/pcgrad/seed_000001.h5").method_settings.at("reduction"), "\"mean\"");
  EXPECT_THAT(c2al({"suite", suite, "--output", "out", "-j", "2"}).out, HasSubstr("nothing to do"));
  const ProcessResult report = c2al({"report", "out"});
  EXPECT_EQ(report.code, 0) << report.err;
  EXPECT_THAT(report.out, HasSubstr("| strong (c2al) |"));
  EXPECT_THAT(report.out, HasSubstr("share of steps acted on"));
}

TEST_F(MethodsCommand, WrongSuitesOfVariantsAreRefused) {
  const auto refused = [&](const std::string& methods, const std::string& tables,
                           const std::vector<std::string>& parts) {
    expect_usage_error({"suite", write_suite(methods, tables), "--output", "out"}, parts);
    EXPECT_FALSE(fs::exists(folder_ / "out"));
  };
  refused("[\"v\"]", "[method.v]\nmethod = \"c2al\"\nlambda = 3.0\n", {"small.toml:7: [method.v]", "lambda"});
  refused("[\"v\"]", "[method.v]\nmethod = \"nothing\"\n", {"small.toml:7: [method.v] method = \"nothing\""});
  refused("[\"v\"]", "", {"small.toml: methods, for ", "unknown method 'v'"});
  // A table that the scenario has too: here from an override.
  std::ofstream(folder_ / "twice.toml")
      << "name = \"t\"\ntitle = \"T\"\nscenarios = [\"" << scenario("preset_a")
      << "\"]\nmethods = [\"c2al\"]\nseeds = [1]\n"
      << "overrides = [\"method.c2al.lambda_head=2\"]\n[method.c2al]\nmasked = true\n";
  expect_usage_error({"suite", "twice.toml"}, {"twice.toml:7: [method.c2al]", "the scenario has this table too"});
}

TEST_F(MethodsCommand, ListSaysWhatAResearcherMustKnow) {
  const ProcessResult printed = c2al({"list", "methods"});
  ASSERT_EQ(printed.code, 0) << printed.err;
  EXPECT_THAT(printed.out, HasSubstr("pcgrad\n    PCGrad"));
  EXPECT_THAT(printed.out, HasSubstr("    paper: Yu et al."));
  EXPECT_THAT(printed.out, HasSubstr("    setting reduction = sum [sum | mean]: "));
  EXPECT_THAT(printed.out, HasSubstr("    zero auxiliary weights give plain: yes\n"));
  const json listed = json::parse(c2al({"list", "methods", "--json"}).out);
  for (const json& method : listed) {
    for (const char* key : {"name", "summary", "paper", "cost"})
      EXPECT_FALSE(method[key].get<std::string>().empty()) << method["name"] << " " << key;
    for (const json& setting : method["settings"])
      for (const char* key : {"key", "default", "unit", "meaning"})
        EXPECT_FALSE(setting[key].get<std::string>().empty()) << method["name"] << " " << setting["key"] << " " << key;
    EXPECT_TRUE(method["properties"]["zero_auxiliary_is_plain"].is_boolean());
  }
}

}  // namespace
}  // namespace c2al

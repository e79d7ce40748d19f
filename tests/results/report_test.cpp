#include "results/report.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/error.hpp"
#include "results/number_text.hpp"
#include "tests/results/toy_suite.hpp"

namespace c2al {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class ReportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              (std::string("c2al_report_") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// A suite in which C2AL gains in the minorities, the controls change nothing and attention does not move.
  void write_toy() {
    toy::write(folder_, "toy", "plain", 8, {});
    toy::write(folder_, "toy", "c2al", 8, {.majority = 0, .head = -5, .tail = -4});
    toy::write(folder_, "toy", "random_cohorts", 8, {.noise = 0.02});
    toy::write(folder_, "toy", "plain_replica", 8, {.noise = 0.03});
  }
  Report report() const { return build_report(load_runs(folder_)); }
  ScenarioComparison comparison() const { return compare(load_runs(folder_).scenarios.at(0)); }

  fs::path folder_;
};

std::string verdict_on(const ScenarioReport& scenario, const std::string& id) {
  for (const ClaimVerdict& verdict : scenario.verdicts)
    if (verdict.id == id) return to_string(verdict.verdict);
  return "no such claim";
}

TEST_F(ReportTest, RelativeAndAbsoluteChanges) {
  write_toy();
  const ScenarioComparison toy = comparison();
  EXPECT_TRUE(toy.expected_scores);
  EXPECT_EQ(toy.title, "a toy");
  EXPECT_THAT(toy.methods, ElementsAre("plain", "c2al", "plain_replica", "random_cohorts"));
  EXPECT_THAT(toy.sets, ElementsAre("overall", "value/middle", "value/high", "value/low"));
  EXPECT_EQ(toy.head_set, "value/high");
  EXPECT_EQ(toy.tail_set, "value/low");

  // 0.07 * -5 % + 0.03 * -4 % = -0.47 %; the seeds' spread cancels over an even number of them. All cohorts share one
  // base rate here, hence NE and cross entropy fall by the same share.
  const Comparison* overall = toy.find("c2al", measure::ne);
  ASSERT_NE(overall, nullptr);
  EXPECT_EQ(overall->difference.n, 8u);
  EXPECT_NEAR(overall->difference.mean, -0.47, 1e-9);
  EXPECT_EQ(overall->difference.negative, 8u);
  EXPECT_EQ(overall->difference.reading, Reading::gain);
  EXPECT_NEAR(overall->reference_mean, 0.9, 1e-12);
  // Gap to Bayes 0.1, gain 0.0047 * 0.9.
  EXPECT_NEAR(overall->gap_closed, 4.23, 1e-9);
  EXPECT_NEAR(toy.find("c2al", measure::ne, "value/high")->difference.mean, -5, 1e-9);
  EXPECT_NEAR(toy.find("c2al", measure::cross_entropy)->difference.mean, -0.0047 * 0.9 * toy::entropy(), 1e-12);
  // sd of +-0.02 in turns over 8 seeds: 0.02 sqrt(8/7).
  EXPECT_NEAR(toy.find("random_cohorts", measure::ne)->difference.standard_error, 0.02 / std::sqrt(7.0), 1e-9);
  // Relative to the control: (1 - 0.0047) / 1 - 1, seed by seed within the second order of the spread.
  EXPECT_NEAR(toy.find("c2al", measure::ne, "overall", "random_cohorts")->difference.mean, -0.47, 1e-3);
}

TEST_F(ReportTest, OverallChangeIsTheSumOfItsCohorts) {
  write_toy();
  const ScenarioComparison toy = comparison();
  EXPECT_NEAR(toy.find("c2al", measure::ne_contribution, "value/high")->difference.mean, -0.35, 1e-9);
  EXPECT_NEAR(toy.find("c2al", measure::ne_contribution, "value/low")->difference.mean, -0.12, 1e-9);
  EXPECT_NEAR(toy.find("c2al", measure::ne_contribution, "value/middle")->difference.mean, 0, 1e-9);
  EXPECT_LT(toy.decomposition_residual, 1e-9);
}

TEST_F(ReportTest, LevelsAndCosts) {
  write_toy();
  const ScenarioComparison toy = comparison();
  ASSERT_THAT(toy.levels, SizeIs(4));
  EXPECT_NEAR(toy.levels[2].share, 0.07, 1e-12);
  EXPECT_NEAR(toy.levels[0].ne, 0.9, 1e-12);
  EXPECT_NEAR(toy.levels[0].gap_to_bayes, 0.1, 1e-12);
  ASSERT_THAT(toy.costs, SizeIs(4));
  EXPECT_TRUE(toy.costs[1].served_as_plain);
  EXPECT_DOUBLE_EQ(toy.costs[1].training_time_ratio, 1.5);
}

TEST_F(ReportTest, VerdictsFollowTheData) {
  write_toy();
  const Report found = report();
  ASSERT_THAT(found.scenarios, SizeIs(1));
  EXPECT_EQ(verdict_on(found.scenarios[0], "overall_ne"), "reproduced");
  EXPECT_EQ(verdict_on(found.scenarios[0], "minority_ne/head"), "reproduced");
  EXPECT_EQ(verdict_on(found.scenarios[0], "control/random_cohorts"), "reproduced");
  EXPECT_EQ(verdict_on(found.scenarios[0], "control/sham_cohorts"), "not tested");
  EXPECT_EQ(verdict_on(found.scenarios[0], "density"), "not reproduced");
  EXPECT_EQ(verdict_on(found.scenarios[0], "serving_cost"), "reproduced");
  EXPECT_EQ(verdict_on(found.scenarios[0], "null/ne"), "reproduced");
}

TEST_F(ReportTest, HarmAndAServedModelThatCostsMore) {
  toy::write(folder_, "toy", "plain", 4, {});
  toy::write(folder_, "toy", "c2al", 4, {.majority = 0.4, .head = 0.4, .tail = 0.4, .served_parameters = 101});
  const Report found = report();
  EXPECT_EQ(verdict_on(found.scenarios[0], "overall_ne"), "opposite");
  EXPECT_EQ(verdict_on(found.scenarios[0], "serving_cost"), "not reproduced");
}

TEST_F(ReportTest, BaseRateOnlyIsReadFromTheConfiguration) {
  const std::string base_rate = R"({"world": {"axes": [{"cohorts": [{"bias": 1, "specific_strength": 0.0},
                                   {"bias": -1, "specific_strength": 0.0}]}]}})";
  const std::string flipped = R"({"world": {"axes": [{"cohorts": [{"global_multiplier": 1.0},
                                 {"global_multiplier": -1.0}]}]}})";
  const std::string specific = R"({"world": {"axes": [{"cohorts": [{"specific_strength": 2.0}]}]}})";
  for (const auto& [name, configuration] : {std::pair<std::string, std::string>{"a_base_rate", base_rate},
                                            {"b_flipped", flipped},
                                            {"c_specific", specific},
                                            {"d_real", "{\"dataset\": {}}"}}) {
    toy::write(folder_, name, "plain", 2, {}, true, configuration);
    toy::write(folder_, name, "c2al", 2, {.majority = 1, .head = 1, .tail = 1}, true, configuration);
  }
  const Report found = report();
  ASSERT_THAT(found.scenarios, SizeIs(4));
  EXPECT_EQ(verdict_on(found.scenarios[0], "no_false_gain"), "reproduced");
  for (std::size_t other : {1, 2, 3}) EXPECT_EQ(verdict_on(found.scenarios[other], "no_false_gain"), "not tested");
}

TEST_F(ReportTest, LabelScoresWhereTheTruthIsUnknown) {
  toy::write(folder_, "toy", "plain", 2, {}, false);
  toy::write(folder_, "toy", "c2al", 2, {.head = -5}, false);
  const ScenarioComparison toy = comparison();
  EXPECT_FALSE(toy.expected_scores);
  EXPECT_NEAR(toy.find("c2al", measure::ne)->difference.mean, -0.35, 1e-9);
  EXPECT_TRUE(std::isnan(toy.find("c2al", measure::ne)->gap_closed));
}

TEST_F(ReportTest, PairsNeedBothRunsAndMissingOnesAreListed) {
  write_toy();
  fs::remove(run_file(folder_, "toy", "plain", 3));
  fs::remove(run_file(folder_, "toy", "c2al", 5));
  write_failures(folder_, {{"toy", 5, {"c2al"}, 1, "some context\nerror: step 7: layer0/Y is NaN"}});
  const ScenarioComparison toy = comparison();
  EXPECT_THAT(toy.find("c2al", measure::ne)->seeds, ElementsAre(1, 2, 4, 6, 7, 8));
  EXPECT_THAT(toy.find("random_cohorts", measure::ne)->seeds, ElementsAre(1, 2, 4, 5, 6, 7, 8));
  ASSERT_THAT(toy.missing, SizeIs(2));
  const std::string text = render_markdown(report_document(report()));
  EXPECT_THAT(text, HasSubstr("- plain: seeds 3 are missing\n"));
  EXPECT_THAT(text, HasSubstr("- c2al: seeds 5 are missing: error: step 7: layer0/Y is NaN"));
}

TEST_F(ReportTest, MarkdownTellsWhatWasFound) {
  write_toy();
  const std::string text = render_markdown(report_document(report()));
  EXPECT_THAT(text, HasSubstr("# " + folder_.filename().string()));
  EXPECT_THAT(text, HasSubstr("at these fixed settings"));
  EXPECT_THAT(text, HasSubstr("8 seeds of plain"));
  EXPECT_THAT(text, HasSubstr("| c2al "));
  EXPECT_THAT(text, HasSubstr("-0.470"));
  EXPECT_THAT(text, HasSubstr("8-/0+"));
  EXPECT_THAT(text, HasSubstr("not tested"));
  EXPECT_THAT(text, Not(HasSubstr("nan")));
  // Every row of a table has the cells of its header.
  std::istringstream lines(text);
  std::string line;
  long bars = 0;
  while (std::getline(lines, line)) {
    if (line.empty() || line[0] != '|') {
      bars = 0;
      continue;
    }
    std::string cells;
    for (std::size_t i = 0; i < line.size(); ++i)
      if (line[i] == '|' && line[i - 1] != '\\') cells += '|';
    if (bars == 0) bars = static_cast<long>(cells.size());
    EXPECT_EQ(static_cast<long>(cells.size()), bars) << line;
  }
}

TEST_F(ReportTest, UndefinedPairsAreShownNotDropped) {
  write_toy();
  RunRecord broken = toy::run("toy", "c2al", 2, {.majority = 0, .head = -5, .tail = -4});
  for (EvaluationTable& table : broken.evaluations)
    if (table.recalibrated)
      for (CohortScores& row : table.rows) row.expected_ne = row.expected_log_loss = undefined_value;
  write_run(run_file(folder_, "toy", "c2al", 2), broken);
  EXPECT_EQ(comparison().find("c2al", measure::ne_recalibrated)->difference.undefined, 1u);
  EXPECT_THAT(render_markdown(report_document(report())), HasSubstr("7 (1 undefined)"));
}

TEST_F(ReportTest, VerdictDocumentIsPartOfTheReport) {
  write_toy();
  const std::string verdicts = render_markdown(verdict_document(report()));
  EXPECT_THAT(verdicts, HasSubstr("overall NE falls"));
  EXPECT_THAT(verdicts, Not(HasSubstr("Costs")));
  EXPECT_THAT(render_markdown(report_document(report())), HasSubstr(verdicts.substr(0, 1000)));
}

TEST_F(ReportTest, CsvHasOneLineAComparison) {
  write_toy();
  const Report found = report();
  std::istringstream lines(report_csv(found));
  std::vector<std::string> rows;
  for (std::string line; std::getline(lines, line);) rows.push_back(line);
  ASSERT_EQ(rows.size(), 1 + found.scenarios[0].comparison.comparisons.size());
  for (const std::string& row : rows) EXPECT_EQ(std::count(row.begin(), row.end(), ','), 24) << row;
  EXPECT_THAT(rows[1], HasSubstr("toy,c2al,plain,ne,overall,%,8,0,-0.47,"));
  EXPECT_THAT(rows[0], EndsWith(",trained_dense_parameters,served_dense_parameters,acted_share"));
  EXPECT_THAT(rows[1], EndsWith(",120,100,0"));
  for (const std::string& row : rows) EXPECT_THAT(row, Not(HasSubstr("nan")));
}

TEST_F(ReportTest, CostsCarryParametersActedShareAndTheBaseOfAVariant) {
  write_toy();
  RunRecord strong = toy::run("toy", "strong", 1, {.served_parameters = 117});
  strong.base_method = "pcgrad";
  strong.steps = {{9, 0, 1e-3, {0.5}, {1}, 1.0}, {14, 0, 1e-3, {0.5}, {1}, 0.4}};  // 10 of 10 updates, 2 of 5
  write_run(run_file(folder_, "toy", "strong", 1), strong);
  const Report found = report();
  const MethodCost& cost = found.scenarios[0].comparison.costs.back();
  EXPECT_EQ(cost.method, "strong");
  EXPECT_EQ(cost.base_method, "pcgrad");
  EXPECT_DOUBLE_EQ(cost.acted_share, 0.8);
  EXPECT_THAT(render_markdown(report_document(found)),
              HasSubstr("| strong (pcgrad) |                      120 |                     117 |"));
  EXPECT_THAT(render_latex(report_document(found)), HasSubstr("strong (pcgrad) & 120 & 117 &"));
  EXPECT_THAT(report_csv(found), HasSubstr(",120,117,0.8\n"));
  const json written = json::parse(report_json(found))["scenarios"][0]["costs"].back();
  EXPECT_EQ(written["base_method"], "pcgrad");
  EXPECT_EQ(written["trained"]["dense_parameters"], 120);
  EXPECT_EQ(written["served"]["dense_parameters"], 117);
  EXPECT_EQ(written["acted_share"], 0.8);
}

TEST_F(ReportTest, JsonKeepsUndefinedValuesAsNull) {
  toy::write(folder_, "toy", "plain", 1, {});
  toy::write(folder_, "toy", "c2al", 1, {.head = -5});
  const json document = json::parse(report_json(report()));
  const json& scenario = document["scenarios"][0];
  EXPECT_EQ(scenario["name"], "toy");
  const json& change = scenario["comparisons"][0];
  EXPECT_EQ(change["measure"], "ne");
  EXPECT_NEAR(change["mean"].get<double>(), -0.36, 1e-9);  // -0.07 * 5 %, and the odd seed's spread
  EXPECT_TRUE(change["standard_error"].is_null());
  EXPECT_TRUE(change["interval"][0].is_null());
  EXPECT_EQ(change["reading"], "unresolved");
  EXPECT_EQ(scenario["verdicts"][0]["verdict"], "unresolved");
  EXPECT_TRUE(scenario["discovery"].is_null());
}

TEST_F(ReportTest, LatexEscapesAndBalances) {
  write_toy();
  const std::string text = render_latex(report_document(report()));
  EXPECT_THAT(text, HasSubstr("random\\_cohorts"));
  EXPECT_THAT(text, HasSubstr("\\toprule"));
  EXPECT_THAT(text, HasSubstr("95 \\% interval"));
  const auto count = [&](const std::string& word) {
    std::size_t found = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
    return found;
  };
  EXPECT_GT(count("\\begin{tabular}"), 8u);
  EXPECT_EQ(count("\\begin{"), count("\\end{"));
  const auto beyond_ascii = [](char c) { return static_cast<unsigned char>(c) > 127; };
  EXPECT_EQ(std::count_if(text.begin(), text.end(), beyond_ascii), 0);
}

TEST_F(ReportTest, DoesNotDependOnTheOrderOfFiles) {
  write_toy();
  const std::string first = report_json(report());
  // Written again in another order of methods and of seeds.
  const fs::path other = folder_ / "elsewhere" / folder_.filename();
  for (const auto& [method, effect] : {std::pair<std::string, toy::Effect>{"plain_replica", {.noise = 0.03}},
                                       {"random_cohorts", {.noise = 0.02}},
                                       {"c2al", {.majority = 0, .head = -5, .tail = -4}},
                                       {"plain", {}}})
    for (std::uint64_t seed = 8; seed >= 1; --seed)
      write_run(run_file(other, "toy", method, seed), toy::run("toy", method, seed, effect));
  EXPECT_EQ(report_json(build_report(load_runs(other))), first);
}

TEST_F(ReportTest, SuiteFileOrdersScenariosAndMethods) {
  toy::write(folder_, "a", "plain", 2, {});
  toy::write(folder_, "b", "plain", 2, {});
  SuiteManifest manifest;
  manifest.name = "ordered";
  manifest.methods = {"plain", "sham_cohorts", "c2al"};
  manifest.seeds = {1, 2, 3};
  manifest.scenarios = {{"b", "", "b.toml", "{}"}, {"a", "", "a.toml", "{}"}};
  write_manifest(folder_, manifest);
  const SuiteRuns runs = load_runs(folder_);
  EXPECT_EQ(runs.name, "ordered");
  ASSERT_THAT(runs.scenarios, SizeIs(2));
  EXPECT_EQ(runs.scenarios[0].name, "b");
  EXPECT_THAT(runs.scenarios[0].methods, ElementsAre("plain", "sham_cohorts", "c2al"));
  EXPECT_THAT(runs.scenarios[0].missing, SizeIs(7));  // one of plain, three of each other
}

TEST_F(ReportTest, AMethodWithoutRunsIsNotTested) {
  for (const std::string& only : {std::string("plain"), std::string("c2al")}) {
    fs::remove_all(folder_);
    toy::write(folder_, "toy", only, 2, {});
    SuiteManifest manifest;
    manifest.name = "partial";
    manifest.methods = {"plain", "c2al"};
    manifest.seeds = {1, 2};
    manifest.scenarios = {{"toy", "", "toy.toml", "{}"}};
    write_manifest(folder_, manifest);
    const Report found = report();
    ASSERT_THAT(found.scenarios, SizeIs(1));
    EXPECT_EQ(verdict_on(found.scenarios[0], "overall_ne"), "not tested") << only;
    EXPECT_THAT(render_markdown(report_document(found)),
                HasSubstr(fmt::format("- {}: seeds 1, 2 are missing\n", only == "plain" ? "c2al" : "plain")));
    EXPECT_EQ(json::parse(report_json(found))["scenarios"][0]["missing"].size(), 2u);
  }
  EXPECT_THROW(compare(ScenarioRuns{}), RunError);
}

TEST_F(ReportTest, AScenarioWithoutRunsIsNamed) {
  fs::remove_all(folder_);
  toy::write(folder_, "toy", "plain", 2, {});
  SuiteManifest manifest;
  manifest.name = "partial";
  manifest.methods = {"plain"};
  manifest.seeds = {1, 2};
  manifest.scenarios = {{"toy", "", "toy.toml", "{}"}, {"lost", "", "lost.toml", "{}"}};
  write_manifest(folder_, manifest);
  write_failures(folder_, {{"lost", 1, {"plain"}, 1, "first line\nerror: it diverged"}});
  const Report found = report();
  EXPECT_THAT(render_markdown(report_document(found)),
              HasSubstr("lost: not tested, every run of it is missing: error: it diverged."));
  EXPECT_EQ(json::parse(report_json(found))["not_tested"][0]["name"], "lost");
}

TEST_F(ReportTest, NoShareOfAGapThatIsNotThere) {
  for (const std::string& method : {std::string("plain"), std::string("c2al")})
    for (std::uint64_t seed : {1, 2}) {
      RunRecord record = toy::run("toy", method, seed, {.tail = -4});
      for (EvaluationTable& table : record.evaluations) table.rows.back().gap_to_bayes = -0.01;
      write_run(run_file(folder_, "toy", method, seed), record);
    }
  const ScenarioComparison toy = comparison();
  ASSERT_EQ(toy.sets.back(), "value/low");
  EXPECT_TRUE(std::isnan(toy.find("c2al", measure::ne, "value/low")->gap_closed));
  EXPECT_FALSE(std::isnan(toy.find("c2al", measure::ne)->gap_closed));
}

TEST_F(ReportTest, SeedsOfADataSetShareOneSplit) {
  const std::string sentence = "All seeds share one split of the data set";
  const auto sections = [&] {
    const std::string text = render_markdown(report_document(report()));
    std::size_t found = 0;
    for (std::size_t at = text.find(sentence); at != std::string::npos; at = text.find(sentence, at + 1)) ++found;
    return found;
  };
  toy::write(folder_, "a_world", "plain", 2, {}, true, "{\"world\": {}}");
  EXPECT_EQ(sections(), 0u);
  toy::write(folder_, "b_census", "plain", 2, {}, false, "{\"dataset\": {}}");
  EXPECT_EQ(sections(), 2u);  // beside its verdicts and in its own section
  const json scenarios = json::parse(report_json(report()))["scenarios"];
  EXPECT_FALSE(scenarios[0]["shares_split"].get<bool>());
  EXPECT_TRUE(scenarios[1]["shares_split"].get<bool>());
  EXPECT_THAT(render_markdown(verdict_document(report())), HasSubstr("b_census: " + sentence));
}

TEST_F(ReportTest, LegendStatesTheShareThatAControlIsJudgedBy) {
  write_toy();
  EXPECT_THAT(render_markdown(verdict_document(report())), HasSubstr("50 % of C2AL's own effect against plain"));
}

TEST_F(ReportTest, DirectoryErrors) {
  const auto message = [&](const fs::path& directory) -> std::string {
    try {
      load_runs(directory);
    } catch (const RunError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(message(folder_ / "absent"), HasSubstr("absent: no such directory"));
  fs::create_directories(folder_);
  EXPECT_THAT(message(folder_), HasSubstr("no results"));
  write_toy();
  write_run(run_file(folder_, "toy", "c2al", 9), toy::run("toy", "plain", 9, {}));
  EXPECT_THAT(message(folder_), HasSubstr("expected what its path says"));
  fs::remove(run_file(folder_, "toy", "c2al", 9));
  write_run(run_file(folder_, "toy", "c2al", 9), toy::run("toy", "c2al", 9, {}, true, "{\"epochs\": 2}"));
  EXPECT_THAT(message(folder_), HasSubstr("made with another configuration"));
}

TEST_F(ReportTest, ReferenceFigures) {
  write_toy();
  const fs::path reference = folder_ / "reference.json";
  const auto check = [&](const std::string& text) {
    std::ofstream(reference) << text;
    return deviations(report(), reference);
  };
  EXPECT_THAT(check(R"([{"scenario": "toy", "method": "c2al", "measure": "ne", "mean": -0.5, "tolerance": 0.05},
                        {"scenario": "toy", "method": "c2al", "measure": "ne", "set": "value/high", "mean": -5,
                         "tolerance": 0.1},
                        {"scenario": "toy", "method": "c2al", "measure": "ne", "reference": "random_cohorts",
                         "mean": -0.47, "tolerance": 0.1}])"),
              IsEmpty());
  const auto lines = check(R"([{"scenario": "toy", "method": "c2al", "measure": "ne", "mean": -0.6, "tolerance": 0.05},
                {"scenario": "other", "method": "c2al", "measure": "ne", "mean": -0.6, "tolerance": 0.05}])");
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(lines[0], "toy c2al against plain, ne overall: -0.47, expected -0.6 within 0.05");
  EXPECT_THAT(lines[1], HasSubstr("not in the results"));
}

TEST_F(ReportTest, UndefinedFigureDeviates) {
  toy::write(folder_, "toy", "plain", 2, {}, false);
  toy::write(folder_, "toy", "c2al", 2, {.gini = undefined_value}, false);
  std::ofstream(folder_ / "reference.json")
      << R"([{"scenario": "toy", "method": "c2al", "measure": "attention_gini", "mean": 0, "tolerance": 100}])";
  EXPECT_THAT(deviations(report(), folder_ / "reference.json"), SizeIs(1));
}

TEST_F(ReportTest, MalformedReferencesAreRejected) {
  write_toy();
  const fs::path reference = folder_ / "reference.json";
  const auto message = [&](const std::string& text) -> std::string {
    std::ofstream(reference) << text;
    try {
      deviations(report(), reference);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(message("[{"), HasSubstr("not JSON"));
  EXPECT_THAT(message("[]"), HasSubstr("at least one"));
  EXPECT_THAT(message("{}"), HasSubstr("expected a list"));
  EXPECT_THAT(message("[1]"), HasSubstr("entry 1: 1: expected an object"));
  EXPECT_THAT(message(R"([{"scenario": "toy", "method": "c2al", "measure": "ne", "mean": 0}])"),
              HasSubstr("key 'tolerance' is missing"));
  EXPECT_THAT(message(R"([{"scenario": "toy", "method": "c2al", "measure": "ne", "mean": "0", "tolerance": 1}])"),
              HasSubstr("'mean' is \"0\": expected a number"));
  EXPECT_THAT(message(R"([{"scenario": "toy", "method": "c2al", "measure": "ne", "mean": 0, "tolerance": -1}])"),
              HasSubstr("expected 0 or more"));
  EXPECT_THAT(message(R"([{"scenari": "toy"}])"), HasSubstr("unknown key 'scenari'"));
  EXPECT_THROW(deviations(report(), folder_ / "absent.json"), RunError);
}

TEST(NumberText, Forms) {
  EXPECT_EQ(number_text(0.12345, 3), "0.123");
  EXPECT_EQ(number_text(undefined_value, 3), "–");
  EXPECT_EQ(signed_text(0.5, 1), "+0.5");
  EXPECT_EQ(p_text(0.0004), "<0.001");
  EXPECT_EQ(p_text(0.04), "0.040");
  PairedDifference d;
  EXPECT_EQ(interval_text(d, 2), "–");
  EXPECT_EQ(sign_text(d), "–");
  d.n = 4;
  d.negative = 2;
  d.positive = 1;
  d.zero = 1;
  d.low = -1;
  d.high = 0.5;
  EXPECT_EQ(pairs_text(d), "4");
  d.undefined = 2;
  EXPECT_EQ(pairs_text(d), "4 (2 undefined)");
  EXPECT_EQ(sign_text(d), "2-/1+/1=");
  EXPECT_EQ(interval_text(d, 2), "[-1.00, +0.50]");
}

}  // namespace
}  // namespace c2al

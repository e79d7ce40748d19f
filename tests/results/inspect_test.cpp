#include "results/inspect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/storage/hdf5.hpp"
#include "results/compare.hpp"
#include "results/store.hpp"
#include "results/terminal_plot.hpp"
#include "tests/results/sample_record.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using testing::HasSubstr;
using Inspect = TemporaryDirectory;

TEST_F(Inspect, TheTreeNamesShapesTypesUnitsAndAttributes) {
  write_run(directory_ / "run.h5", sample_record());
  const std::string tree = inspect_text(directory_ / "run.h5", "/");
  EXPECT_THAT(tree, HasSubstr("@attention_gini = 0.44"));
  EXPECT_THAT(tree, testing::ContainsRegex("log_loss +float64 +\\(cohort 6\\) nat"));
  EXPECT_THAT(tree, testing::ContainsRegex("loss +float64 +\\(step 60, task 2\\) nat"));
  EXPECT_THAT(tree, testing::ContainsRegex("scenario_text +text +scalar"));
  EXPECT_THAT(inspect_text(directory_ / "run.h5", "schema"), HasSubstr("@head_cohort = \"head\""));
}

TEST_F(Inspect, ADatasetShowsStatisticsAndAPicture) {
  hdf5::write_file(directory_ / "a.h5", [](const hdf5::Group& root) {
    std::vector<double> matrix(200);
    for (std::size_t i = 0; i < matrix.size(); ++i) matrix[i] = static_cast<double>(i);
    matrix[0] = undefined_value;
    root.write<double>("m", matrix, {10, 20}, {"1", {"row", "column"}});
    root.write("v", std::vector<double>{1, 2, 3, 10}, "x");
    root.write_texts("t", {"alpha", "beta"}, "x");
  });
  const std::string matrix = inspect_text(directory_ / "a.h5", "/m");
  EXPECT_THAT(matrix, testing::ContainsRegex("elements +200\nnot_finite +1\nmean +100\n"));
  EXPECT_THAT(matrix, HasSubstr("|!"));
  EXPECT_THAT(matrix, HasSubstr("'@' 199"));
  EXPECT_THAT(inspect_text(directory_ / "a.h5", "v"), testing::ContainsRegex("median +2.5\n"));
  EXPECT_THAT(inspect_text(directory_ / "a.h5", "t"), HasSubstr("alpha\nbeta\n"));
}

TEST_F(Inspect, JsonHoldsTheValuesAndNullForNaN) {
  write_run(directory_ / "run.h5", sample_record());
  const auto dataset = nlohmann::json::parse(inspect_json(directory_ / "run.h5", "evaluation/test/raw/ne"));
  EXPECT_EQ(dataset["type"], "float64");
  EXPECT_EQ(dataset["shape"], nlohmann::json({6}));
  EXPECT_EQ(dataset["values"][0], 0.875);
  EXPECT_EQ(dataset["statistics"]["elements"], 6);
  const auto undefined = nlohmann::json::parse(inspect_json(directory_ / "run.h5", "evaluation/test/raw/auc"));
  EXPECT_TRUE(undefined["values"][0].is_null());
  const auto tree = nlohmann::json::parse(inspect_json(directory_ / "run.h5", "/"));
  EXPECT_EQ(tree["attributes"]["method"], "c2al");
  EXPECT_EQ(tree["attributes"]["seed"], 7);
}

TEST_F(Inspect, AnyFileCanBeInspected) {
  const std::filesystem::path fixture = std::filesystem::path(C2AL_TEST_DATA) / "dhen_fixture.h5";
  EXPECT_THAT(inspect_text(fixture, "/inputs"), testing::ContainsRegex("ids +int64 +\\(32, 4\\)"));
}

TEST_F(Inspect, AMissingPathAndAMissingFileAreNamed) {
  write_run(directory_ / "run.h5", sample_record());
  EXPECT_THROW(inspect_text(directory_ / "run.h5", "/nothing/here"), UsageError);
  EXPECT_THROW(inspect_text(directory_ / "absent.h5", "/"), RunError);
}

TEST_F(Inspect, EqualRunsCompareEqualWhateverTheirProvenanceAndTiming) {
  RunRecord other = sample_record();
  other.timing[1].second = 99;
  write_run(directory_ / "a.h5", sample_record());
  write_run(directory_ / "b.h5", other);
  EXPECT_TRUE(compare_files(directory_ / "a.h5", directory_ / "b.h5").empty());
}

TEST_F(Inspect, EveryDifferenceIsFoundAndLocated) {
  RunRecord other = sample_record();
  other.method = "plain";
  other.evaluations[2].rows[4].ne = std::nextafter(other.evaluations[2].rows[4].ne, 2.0);
  other.steps.pop_back();
  other.task_names[0][1] = "tail";
  other.method_settings["lambda_tail"] = "0.5";
  write_run(directory_ / "a.h5", sample_record());
  write_run(directory_ / "b.h5", other);
  const auto differences = compare_files(directory_ / "a.h5", directory_ / "b.h5");
  std::vector<std::string> paths;
  for (const FileDifference& difference : differences) paths.push_back(difference.path);
  EXPECT_THAT(paths, testing::ElementsAre("/@method", "/configuration/method_settings@lambda_tail",
                                          "/evaluation/test/raw/ne", "/training/model0/acted",
                                          "/training/model0/coefficient", "/training/model0/learning_rate",
                                          "/training/model0/loss", "/training/model0/step", "/training/model0/task"));
  EXPECT_EQ(differences[0].first, "\"c2al\" and \"plain\"");
  EXPECT_EQ(differences[1].what, "only in the second file");
  EXPECT_EQ(differences[2].what, "1 of 6 elements differ");
  EXPECT_THAT(differences[2].first, testing::StartsWith("[4]: 0.915 and 0.915000000000000"));
  EXPECT_EQ(differences[5].what, "shapes (60) and (59)");
  EXPECT_EQ(differences[8].first, "[1]: \"head\" and \"tail\"");
}

TEST_F(Inspect, NegativeZeroAndNaNAreComparedByTheirBytes) {
  const auto file = [&](const char* name, double value) {
    hdf5::write_file(directory_ / name, [&](const hdf5::Group& root) { root.write_scalar("x", value); });
    return directory_ / name;
  };
  EXPECT_EQ(compare_files(file("a.h5", 0.0), file("b.h5", -0.0)).size(), 1u);
  EXPECT_EQ(compare_files(file("a.h5", undefined_value), file("b.h5", undefined_value)).size(), 0u);
}

TEST(TerminalPlot, AHeatMapShadesFromSmallestToLargest) {
  EXPECT_EQ(heat_map(std::vector<double>{0, 1, 2, 9}, 2, 2), "| .|\n|:@|\n' ' 0 ... '@' 9\n");
  EXPECT_EQ(heat_map(std::vector<double>{5}, 1, 1).substr(0, 4), "|+|\n");
  EXPECT_EQ(heat_map({}, 0, 4), "(empty)\n");
}

TEST(TerminalPlot, ALargeMatrixIsAveragedDown) {
  std::vector<double> values(64 * 192);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = i / 192 < 32 ? 0 : 1;
  const std::string map = heat_map(values, 64, 192);
  EXPECT_EQ(std::count(map.begin(), map.end(), '@'), 16 * 96 + 1);  // one in the legend
  EXPECT_NE(map.find("averaged to 32 x 96 cells"), std::string::npos);
}

}  // namespace
}  // namespace c2al

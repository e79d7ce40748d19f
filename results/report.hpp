#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "results/comparison.hpp"
#include "results/document.hpp"
#include "results/verdict.hpp"

namespace c2al {

/// One scenario of a report.
struct ScenarioReport {
  ScenarioComparison comparison;
  std::vector<ClaimVerdict> verdicts;
  std::optional<DiscoveryRecord> discovery;
};

/// What a suite found. Depends on the result files alone, not on their order nor on the machine that reads them.
struct Report {
  std::string name, title;
  std::vector<std::string> git_hashes;
  std::vector<ScenarioReport> scenarios;
  std::vector<EmptyScenario> empty;  ///< asked for, but without a run: nothing about them is tested
};

/// Compares and judges every scenario. Throws as compare() does.
Report build_report(const SuiteRuns& runs);

/// The whole report: verdicts first, then the tables of every scenario.
Document report_document(const Report& report);
/// The verdict tables alone.
Document verdict_document(const Report& report);

/// One line a comparison; an undefined value is an empty cell.
std::string report_csv(const Report& report);
/// Everything the report knows; undefined (and infinite) values are null.
std::string report_json(const Report& report);

/// Compares a report with reference figures: a JSON list of objects {scenario, method, measure, mean, tolerance} with
/// the optional keys set ("overall") and reference ("plain"), named as in the report's own JSON. Returns one line a
/// figure that is missing, undefined or further than its tolerance from its mean. Throws UsageError naming the file and
/// the entry when the reference is malformed or empty, RunError when it cannot be read.
std::vector<std::string> deviations(const Report& report, const std::filesystem::path& reference);

}  // namespace c2al

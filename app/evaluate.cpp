#include "app/evaluate.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "app/command.hpp"
#include "app/scored_file.hpp"
#include "core/error.hpp"

namespace c2al {

namespace {

nlohmann::json scores_json(const CohortScores& row) {
  const auto number = [](double value) { return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(); };
  return {{"samples", number(row.samples)}, {"positives", number(row.positives)},
          {"ne", number(row.ne)},           {"log_loss", number(row.log_loss)},
          {"auc", number(row.auc)},         {"calibration", number(row.calibration)},
          {"ece", number(row.ece)}};
}

std::string cell(double value) { return std::isnan(value) ? "-" : fmt::format("{:.6f}", value); }

const CommandDescription description = {
    "c2al evaluate",
    "Scores predictions: a CSV file with the columns label,prediction[,weight][,cohort]. Normalized "
    "entropy, log loss (nats), AUC, calibration (predicted over observed positives) and expected "
    "calibration error (15 bins), overall and by cohort. About a second a million rows.",
    "PREDICTIONS.csv",
    {"file"},
    {{"file", "the CSV file", OptionKind::text}, {"json", "print JSON"}}};

}  // namespace

int evaluate_command(int argc, char** argv) {
  const Arguments arguments = parse_command_line(description, argc, argv);
  if (!arguments.given("file")) throw UsageError("c2al evaluate: name a CSV file");

  const ScoredFile scored = read_scored_file(arguments.text("file"));
  const EvaluationTable table = evaluate(scored.samples, scored.schema, "file");
  if (arguments.given("json")) {
    nlohmann::json all = {{"overall", nullptr}, {"cohorts", nlohmann::json::object()}};
    for (const CohortScores& row : table.rows)
      (row.axis.empty() ? all["overall"] : all["cohorts"][row.cohort]) = scores_json(row);
    // A cohort name in another encoding than UTF-8 must not end the command.
    fmt::print("{}\n", all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    return 0;
  }
  fmt::print("{:<24}{:>12}{:>14}{:>12}{:>12}{:>12}{:>13}{:>12}\n", "cohort", "samples", "positives", "NE", "log loss",
             "AUC", "calibration", "ECE");
  for (const CohortScores& row : table.rows)
    fmt::print("{:<24}{:>12.0f}{:>14.6g}{:>12}{:>12}{:>12}{:>13}{:>12}\n", row.cohort, row.samples, row.positives,
               cell(row.ne), cell(row.log_loss), cell(row.auc), cell(row.calibration), cell(row.ece));
  return 0;
}

}  // namespace c2al

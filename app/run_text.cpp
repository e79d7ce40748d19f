#include "app/run_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace c2al {

namespace {

const EvaluationTable& test_table(const RunRecord& record, bool recalibrated) {
  for (const EvaluationTable& table : record.evaluations)
    if (table.split == "test" && table.recalibrated == recalibrated) return table;
  static const EvaluationTable none;
  return none;
}

std::string cell(double value, int digits) {
  return std::isnan(value) ? fmt::format("{:>10}", "-") : fmt::format("{:>10.{}f}", value, digits);
}

nlohmann::json number(double value) { return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr); }

}  // namespace

std::string run_text(const RunRecord& record, const std::filesystem::path& file) {
  std::string text = fmt::format("{}  {}  seed {}  (test split)\n", record.scenario, record.method, record.seed);
  text += fmt::format("  {:<28}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}\n", "cohort", "samples", "rate", "NE",
                      "NE true p", "Bayes NE", "AUC", "calib.", "ECE");
  for (const CohortScores& row : test_table(record, false).rows) {
    const std::string name = row.axis.empty() ? row.cohort : row.axis + "/" + row.cohort;
    text += fmt::format("  {:<28}{:>10.0f}{}{}{}{}{}{}{}\n", name, row.samples, cell(row.base_rate, 4), cell(row.ne, 5),
                        cell(row.expected_ne, 5), cell(row.bayes_ne, 5), cell(row.auc, 4), cell(row.calibration, 3),
                        cell(row.ece, 4));
  }
  text += fmt::format("  attention Gini {:.4f}; {} dense parameters trained, {} served; {}\n", record.attention_gini,
                      record.trained_cost.dense_parameters, record.served_cost.dense_parameters, file.string());
  text += "  seconds:";
  for (const auto& [phase, seconds] : record.timing) text += fmt::format(" {} {:.3f}", phase, seconds);
  text += '\n';
  return text;
}

nlohmann::json run_json(const RunRecord& record, const std::filesystem::path& file) {
  const auto rows = [&](bool recalibrated) {
    nlohmann::json all = nlohmann::json::object();
    for (const CohortScores& row : test_table(record, recalibrated).rows)
      all[row.axis.empty() ? row.cohort : row.axis + "/" + row.cohort] = {
          {"samples", number(row.samples)},          {"positives", number(row.positives)},
          {"base_rate", number(row.base_rate)},      {"ne", number(row.ne)},
          {"log_loss", number(row.log_loss)},        {"auc", number(row.auc)},
          {"calibration", number(row.calibration)},  {"ece", number(row.ece)},
          {"expected_ne", number(row.expected_ne)},  {"bayes_ne", number(row.bayes_ne)},
          {"gap_to_bayes", number(row.gap_to_bayes)}};
    return all;
  };
  nlohmann::json timing = nlohmann::json::object();
  for (const auto& [phase, seconds] : record.timing) timing[phase] = seconds;
  return {{"scenario", record.scenario},
          {"method", record.method},
          {"seed", record.seed},
          {"file", file.string()},
          {"test", rows(false)},
          {"test_recalibrated", rows(true)},
          {"attention_gini", number(record.attention_gini)},
          {"dense_parameters",
           {{"trained", record.trained_cost.dense_parameters}, {"served", record.served_cost.dense_parameters}}},
          {"seconds", timing}};
}

}  // namespace c2al

#include "results/run_scores.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace c2al {

const EvaluationTable& test_table(const RunSummary& run, bool recalibrated) {
  for (const EvaluationTable& table : run.evaluations)
    if (table.split == split_name(Split::test) && table.recalibrated == recalibrated && !table.rows.empty())
      return table;
  throw RunError(
      fmt::format("{}: no {} scores of the test split", run.file.string(), recalibrated ? "recalibrated" : "raw"));
}

std::string set_name(const CohortScores& row) { return row.axis.empty() ? row.cohort : row.axis + "/" + row.cohort; }

const CohortScores& test_scores(const RunSummary& run, const std::string& set, bool recalibrated) {
  for (const CohortScores& row : test_table(run, recalibrated).rows)
    if (set_name(row) == set) return row;
  throw RunError(fmt::format("{}: no scores of '{}', which other runs of the scenario have", run.file.string(), set));
}

RunValue test_ne(const std::string& set, bool recalibrated, bool expected) {
  return [=](const RunSummary& run) {
    const CohortScores& row = test_scores(run, set, recalibrated);
    return expected ? row.expected_ne : row.ne;
  };
}

RunValue test_cross_entropy(const std::string& set, bool recalibrated, bool expected) {
  return [=](const RunSummary& run) {
    const CohortScores& row = test_scores(run, set, recalibrated);
    return expected ? row.expected_log_loss : row.log_loss;
  };
}

}  // namespace c2al

#pragma once
#include <functional>
#include <string>
#include <vector>

#include "results/store.hpp"

namespace c2al {

/// A number read from a run.
using RunValue = std::function<double(const RunSummary&)>;

/// The test split's table of a run. Throws RunError naming the file when it has none.
const EvaluationTable& test_table(const RunSummary& run, bool recalibrated);

/// "overall", or "axis/cohort".
std::string set_name(const CohortScores& row);

/// The test scores of one set. Throws RunError naming the file when the run has none of that name.
const CohortScores& test_scores(const RunSummary& run, const std::string& set, bool recalibrated);

/// NE, or mean cross entropy in nats, of a set of the test split: against the known p(y|x) when `expected`, against
/// labels otherwise.
RunValue test_ne(const std::string& set, bool recalibrated, bool expected);
RunValue test_cross_entropy(const std::string& set, bool recalibrated, bool expected);

}  // namespace c2al

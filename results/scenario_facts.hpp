#pragma once
#include <string>
#include <vector>

#include "results/paired_runs.hpp"

namespace c2al {

/// True for the configuration of a synthetic world in which no cohort has interactions of its own and all share the
/// global ones: cohorts differ in their base rate only. False where that is not known.
bool cohorts_differ_in_base_rate_only(const std::string& resolved_configuration);

/// True for the configuration of a scenario on a data set: its samples and their split are the same for all seeds,
/// which differ in initialisation and in the order of training only. Seeds of a synthetic world draw their own samples.
bool comes_from_dataset(const std::string& resolved_configuration);

/// Plain's level on each set.
std::vector<PlainLevel> plain_levels(const PairedRuns& runs, const std::vector<std::string>& sets, bool expected);

/// What every method with runs costs, beside plain.
std::vector<MethodCost> method_costs(const PairedRuns& runs, const std::vector<std::string>& methods);

/// Adds the exploratory comparisons of a method with plain: statistics of every recorded layer around attention (of the
/// attention weights also by cohort), and the dead units of all others.
void compare_layers(const PairedRuns& runs, const std::string& method, ScenarioComparison& result);

}  // namespace c2al

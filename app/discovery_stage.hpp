#pragma once
#include <filesystem>
#include <optional>

#include "core/cohorts/discovery.hpp"
#include "core/data/schema.hpp"
#include "core/training/method.hpp"
#include "scenarios/scenario.hpp"

namespace c2al {

/// Stage 1 of C2AL and the schema its indices refer to.
struct DiscoveryResult {
  DiscoveryTable table;
  Schema schema;
};

/// Trains the baseline of the scenario's discovery seed (an initialisation that no reported arm uses) on the training
/// split, scores the discovery split, which it was not trained on, and compares every pair of cohorts. The test split
/// is not read. Takes about one plain run. Empty when a signal
/// stopped it. Throws as load_data and training do.
std::optional<DiscoveryResult> run_discovery(const Scenario& scenario, const std::filesystem::path& data_directory);

/// Writes the pair that discovery chose into the scenario, frozen. Throws RunError when no pair was eligible.
void freeze_pair(Scenario& scenario, const DiscoveryResult& discovery);

/// The pair that discovery found least divergent (least_divergent() of core/cohorts), the higher mean prediction first;
/// empty where there is none.
std::optional<CohortPair> least_divergent_pair(const DiscoveryResult& discovery);

/// The scenario's declared or frozen pair as indices of the schema. Throws UsageError for an unknown axis or cohort.
CohortPair cohort_pair(const Scenario& scenario, const Schema& schema);

}  // namespace c2al

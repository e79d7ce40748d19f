#pragma once
#include <string>

#include "results/comparison.hpp"
#include "results/document.hpp"
#include "results/store.hpp"

namespace c2al {

// The tables of one scenario's report. A table without rows has nothing to show.

/// What the intervals of a scenario on a data set do not cover: all its seeds share one split. Empty for others.
std::string split_note(const ScenarioComparison& scenario);
/// Plain's own level on every set: share, base rate, NE, Bayes NE, gap, AUC, calibration.
Table level_table(const ScenarioComparison& scenario);
/// Every method's paired NE change on one set, raw or recalibrated, beside its absolute change in cross entropy.
Table change_table(const ScenarioComparison& scenario, const std::string& set, bool recalibrated);
/// NE changes on the sets that have no table of their own: mean and standard error.
Table cohort_table(const ScenarioComparison& scenario);
/// The overall change as a sum over the cohorts of the pair's axis.
Table decomposition_table(const ScenarioComparison& scenario);
/// The primary statistic of attention, every method beside the controls.
Table attention_table(const ScenarioComparison& scenario);
/// Exploratory statistics of the last layer's attention weights, and dead units.
Table exploratory_table(const ScenarioComparison& scenario);
/// Parameters and FLOPs in training and serving, training time relative to plain.
Table cost_table(const ScenarioComparison& scenario);
/// Stage 1: cohorts with their excess NE.
Table discovery_cohort_table(const DiscoveryRecord& discovery);
/// Stage 1: pairs with every criterion, raw and as a z-score.
Table discovery_pair_table(const DiscoveryRecord& discovery);

}  // namespace c2al

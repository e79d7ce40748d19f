#pragma once
#include <cstddef>

#include "core/data/data_source.hpp"
#include "core/model/model.hpp"
#include "results/run_record.hpp"

namespace c2al {

/// Observes a trained model on the fixed probe samples of the test split and fills `layers`, `attention_gini`,
/// `probe_ids`, `probe_cohorts` and, with `full_tensors`, `probe_tensors` of the record.
///
/// The samples depend on record.seed, the test split and the pair alone, so that every method of a (scenario, seed) is
/// seen on the same ones: a quarter is drawn from the head cohort, a quarter from the tail cohort and the rest from the
/// whole split, without repetition, in the order of their ids.
/// @param probe_samples  P; the whole split when it is smaller
void record_attention(Model& model, const DataSource& source, const CohortPair& pair, std::size_t probe_samples,
                      bool full_tensors, RunRecord& record);

}  // namespace c2al

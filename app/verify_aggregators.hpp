#pragma once
#include "core/storage/hdf5.hpp"

namespace c2al {

struct Verification;

/// Checks the groups /aggregators/CASE/{jacobian (T, n), METHOD/gradient (n), METHOD/weights (T)} of an open file: rows
/// of the Jacobian are task gradients, primary first; METHOD is a catalogue name whose aggregation rule is applied
/// once, at step 0 and seed 0; the attributes of METHOD (numbers, strings, booleans; one value each) are the rule's
/// settings. Either dataset may be missing. Differences are absolute, tolerance 1e-4; adds one group
/// "aggregators/CASE/METHOD" to the outcome. An unknown method or setting is not understood. Does nothing where the
/// file has no such group; throws RunError for a Jacobian that is missing or no matrix of finite numbers.
void verify_aggregators(const hdf5::Group& file, Verification& outcome);

}  // namespace c2al

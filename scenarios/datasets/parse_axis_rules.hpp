#pragma once
#include "scenarios/datasets/description.hpp"
#include "scenarios/table_reader.hpp"

namespace c2al {

/// Reads one of [[axes]], without looking whether its column exists.
DatasetAxisRule read_axis_rule(TableReader reader);

}  // namespace c2al

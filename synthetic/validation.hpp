#pragma once
#include "synthetic/world_config.hpp"

namespace c2al::synthetic {

/// Throws UsageError, naming the key, the value found and what was expected, for a description that no world can meet.
void validate(const WorldConfig& world, const SplitSizes& splits);

}  // namespace c2al::synthetic

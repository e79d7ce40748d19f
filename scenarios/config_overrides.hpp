#pragma once
#include <string>
#include <vector>

#include "scenarios/config_value.hpp"

namespace c2al {

/// Applies `--set PATH=VALUE` overrides in order, the last one wins. PATH is dotted; an element of an array is chosen
/// by its number from 0: model.layers[0].fm_attention.k=8, world.axes[0].cohorts[1].bias=0.2. Tables on the way are
/// made when they are missing, array elements are not. VALUE replaces the whole value of that path. Throws UsageError
/// naming the override; whether the key means something is the strict reader's business.
void apply_overrides(ConfigValue& root, const std::vector<std::string>& overrides);

}  // namespace c2al

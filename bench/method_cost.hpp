#pragma once
#include <cstdio>

namespace c2al {

/// Registers MethodCost/{peer,preset_a}/METHOD for every method of the catalogue, and for PCGrad at h: training steps
/// by the trainer itself, beside as many of plain.
void register_method_costs();

/// The step times of all MethodCost cases that have run, relative to plain; nothing when none has.
void print_method_costs(std::FILE* out);

}  // namespace c2al

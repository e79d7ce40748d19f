#pragma once
#include <map>
#include <string>

#include "app/fixture.hpp"

namespace c2al {

/// What this build makes of a fixture, by the names that the fixture's datasets have below /Y/METHOD/TYPE:
/// "forward/layer0/Y", "task_losses", "loss", "grad/NAME", "grad_of_output/h", "gram", "adam/step1/param/NAME".
using ReplayedArrays = std::map<std::string, FixtureArray>;

/// Forward and backward pass on all samples; for pcgrad the task gradients, their Gram matrix, coefficients and
/// combination, projected in cyclic order.
/// @param method  "plain", "c2al", "pcgrad", "mmoe" or "ple"
ReplayedArrays replay_passes(const Fixture& fixture, AttentionSource attention, const std::string& method,
                             const std::string& precision);

/// Optimizer steps 1 .. `steps` from the fixture's weights; step N trains on the first min(8 N, B) samples. Names begin
/// with the optimizer's: "adam/step1/loss".
ReplayedArrays replay_optimizer(const Fixture& fixture, AttentionSource attention, const std::string& method,
                                const std::string& precision, const std::string& optimizer, std::size_t steps);

}  // namespace c2al

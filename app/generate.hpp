#pragma once

namespace c2al {

/// `c2al generate SCENARIO.toml --output FILE.h5`: writes the samples of a scenario with their true probabilities.
/// Returns the exit code; throws UsageError and RunError.
int generate_command(int argc, char** argv);

}  // namespace c2al

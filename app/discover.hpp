#pragma once

namespace c2al {

/// `c2al discover SCENARIO.toml`: stage 1 of C2AL; prints the table of every axis and cohort pair and stores it.
/// Returns the exit code; throws UsageError and RunError.
int discover_command(int argc, char** argv);

}  // namespace c2al

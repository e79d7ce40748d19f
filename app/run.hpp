#pragma once

namespace c2al {

/// `c2al run SCENARIO.toml`: generates or loads the data of one seed once, then trains, evaluates and stores each
/// method asked for. Returns the exit code (0, or 130 when a signal stopped it); throws UsageError and RunError.
int run_command(int argc, char** argv);

}  // namespace c2al

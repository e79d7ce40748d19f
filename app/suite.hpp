#pragma once

namespace c2al {

/// `c2al suite SUITE.toml`: runs methods x seeds x scenarios in parallel child processes, as far as their results are
/// missing. Returns 0, 1 when a work item failed, 130 when a signal stopped it; throws UsageError and RunError.
int suite_command(int argc, char** argv);

}  // namespace c2al

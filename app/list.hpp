#pragma once

namespace c2al {

/// `c2al list methods|scenarios|suites|datasets|backends [--json]`. Returns the exit code; throws UsageError.
int list_command(int argc, char** argv);

}  // namespace c2al

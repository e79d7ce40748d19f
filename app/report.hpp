#pragma once

namespace c2al {

/// `c2al report DIR`: paired statistics of a suite's results and a verdict on each claim of the paper. Returns 0, or 1
/// when --check finds a deviation; throws UsageError and RunError.
int report_command(int argc, char** argv);

}  // namespace c2al

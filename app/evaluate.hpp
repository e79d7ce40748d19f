#pragma once

namespace c2al {

/// `c2al evaluate PREDICTIONS.csv [--json]`: scores predictions from anywhere with the code that scores the suite's
/// own. In JSON, undefined and infinite scores are null; in text they are "-" and "inf". Returns the exit code; throws
/// UsageError and RunError.
int evaluate_command(int argc, char** argv);

}  // namespace c2al

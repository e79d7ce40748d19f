#pragma once

namespace c2al {

/// From now on SIGINT and SIGTERM set a flag instead of ending the process; long work looks at it between steps and
/// ends the command with exit code 130.
void catch_interrupts();
bool interrupted() noexcept;

/// Exit code of a command stopped by a signal.
inline constexpr int exit_interrupted = 130;

}  // namespace c2al

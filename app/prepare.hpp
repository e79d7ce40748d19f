#pragma once

namespace c2al {

/// `c2al prepare DATASET --input PATH... --output FILE.h5`: turns the owner's files of a described data set into one
/// cache that `c2al run --data FILE.h5` streams from. Returns the exit code; throws UsageError and RunError.
int prepare_command(int argc, char** argv);

}  // namespace c2al

#pragma once

namespace c2al {

/// `c2al inspect FILE.h5 [PATH]` looks into any HDF5 file; `c2al inspect A.h5 B.h5` compares two. Returns the exit
/// code: 0, or 1 when two files differ; throws UsageError and RunError.
int inspect_command(int argc, char** argv);

}  // namespace c2al

#pragma once
#include <filesystem>

namespace c2al {

/// Checks that a finished file may be renamed to `file`: nothing is there yet, or a regular file. Throws RunError
/// naming `file` when it is a directory, a symbolic link (/dev/stdout, say), a device, a pipe or a socket: a rename
/// would put the file in the place of all but the first.
void require_output_file(const std::filesystem::path& file);

}  // namespace c2al

#pragma once
#include <filesystem>

namespace c2al {

/// Checks that a finished file may be renamed to `file`: nothing is there yet, or a regular file, or a symbolic link to
/// one. Throws RunError naming `file` when it is a directory, or a device, pipe or socket, which a rename would
/// silently replace.
void require_output_file(const std::filesystem::path& file);

}  // namespace c2al

#pragma once
#include <cstdio>
#include <filesystem>

namespace c2al {

/// Creates the folder of a file that a command will write and checks that it can, before any long work begins. Throws
/// RunError naming the file and the reason.
void require_writable(const std::filesystem::path& file);

bool is_terminal(std::FILE* stream) noexcept;

}  // namespace c2al

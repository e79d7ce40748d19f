#include "app/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/error.hpp"

namespace c2al {

void require_writable(const std::filesystem::path& file) {
  namespace fs = std::filesystem;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed)
    throw RunError(fmt::format("{}: cannot be written: the folder {} cannot be made: {}", file.string(),
                               folder.string(), failed.message()));
  if (fs::is_directory(file)) throw RunError(fmt::format("{}: cannot be written: it is a folder", file.string()));
  if (::access(folder.c_str(), W_OK) != 0)
    throw RunError(fmt::format("{}: cannot be written: {}", file.string(), std::strerror(errno)));
}

bool is_terminal(std::FILE* stream) noexcept { return ::isatty(::fileno(stream)) == 1; }

}  // namespace c2al

#include "app/output.hpp"

#include <fcntl.h>
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
  if (fs::exists(file) && !fs::is_regular_file(file))
    throw RunError(fmt::format("{}: cannot be written: it is no regular file", file.string()));
  // Results appear under this temporary name first. Permission bits do not tell (root, special file systems).
  const fs::path partial = file.string() + ".partial";
  const int probe = ::open(partial.c_str(), O_WRONLY | O_CREAT, 0644);
  if (probe < 0) throw RunError(fmt::format("{}: cannot be written: {}", file.string(), std::strerror(errno)));
  ::close(probe);
  fs::remove(partial, failed);
}

bool is_terminal(std::FILE* stream) noexcept { return ::isatty(::fileno(stream)) == 1; }

}  // namespace c2al

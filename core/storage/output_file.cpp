#include "core/storage/output_file.hpp"

#include <fmt/format.h>

#include <system_error>

#include "core/error.hpp"

namespace c2al {

void require_output_file(const std::filesystem::path& file) {
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(file, ignored);
  if (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status)) return;
  throw RunError(fmt::format("{}: is a {}, expected the name of a file to write", file.string(),
                             std::filesystem::is_directory(status) ? "directory" : "device, pipe or socket"));
}

}  // namespace c2al

#include "results/output_file.hpp"

#include <fmt/format.h>

#include <system_error>

#include "core/error.hpp"

namespace c2al {

namespace {

const char* kind_name(std::filesystem::file_type type) {
  if (type == std::filesystem::file_type::directory) return "directory";
  return type == std::filesystem::file_type::symlink ? "symbolic link" : "device, pipe or socket";
}

}  // namespace

void require_output_file(const std::filesystem::path& file) {
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::symlink_status(file, ignored);
  if (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status)) return;
  throw RunError(
      fmt::format("{}: is a {}, expected the name of a file to write", file.string(), kind_name(status.type())));
}

}  // namespace c2al

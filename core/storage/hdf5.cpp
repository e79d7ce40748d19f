#include "core/storage/hdf5.hpp"

#include <fmt/format.h>
#include <algorithm>

#include <system_error>

#include "core/error.hpp"
#include "core/storage/output_file.hpp"

namespace c2al::hdf5 {

namespace {

herr_t keep_first_description(unsigned n, const H5E_error2_t* error, void* text) {
  if (n == 0 && error->desc != nullptr) *static_cast<std::string*>(text) = error->desc;
  return 0;
}

/// The reason HDF5 gives for its latest failure, where it arose.
std::string latest_reason() {
  std::string reason;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first_description, &reason);
  // HDF5 breaks some of its descriptions into lines.
  std::replace(reason.begin(), reason.end(), '\n', ' ');
  return reason;
}

/// Comes before every first use of the library. Its clean-up at exit is left out: handles close themselves, and after a
/// close that failed (a full disk) HDF5 1.10 crashes in it.
void silence() {
  static const herr_t no_exit_handler = H5dont_atexit();
  static_cast<void>(no_exit_handler);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

std::string with_reason(const std::string& message) {
  const std::string reason = latest_reason();
  return reason.empty() ? message : fmt::format("{} ({})", message, reason);
}

/// Creates the file, fills it and closes it; every step is checked, since data may reach the disk as late as in close.
void create_and_fill(const std::filesystem::path& partial, const std::filesystem::path& file,
                     const std::function<void(const Group&)>& fill) {
  const auto check = [&](bool good, const char* what) {
    if (!good) throw RunError(with_reason(fmt::format("{}: {}", file.string(), what)));
  };
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  check(access.valid() && H5Pset_libver_bounds(access.id(), H5F_LIBVER_V110, H5F_LIBVER_V110) >= 0,
        "the HDF5 library cannot write version 1.10 files");
  Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  // Without time stamps equal runs make equal files.
  check(creation.valid() && H5Pset_obj_track_times(creation.id(), false) >= 0, "cannot be created");
  Handle id(H5Fcreate(partial.c_str(), H5F_ACC_TRUNC, creation.id(), access.id()), H5Fclose);
  check(id.valid(), "the file cannot be written");
  {
    Handle root(H5Gopen2(id.id(), "/", H5P_DEFAULT), H5Gclose);
    check(root.valid(), "the file cannot be written");
    fill(Group(std::move(root), file.string(), ""));
  }
  check(H5Fflush(id.id(), H5F_SCOPE_GLOBAL) >= 0, "the file cannot be written to its end");
  check(id.reset(), "the file cannot be closed");
}

}  // namespace

Handle& Handle::operator=(Handle&& other) noexcept {
  if (this != &other) {
    reset();
    id_ = other.id_;
    close_ = other.close_;
    other.id_ = H5I_INVALID_HID;
  }
  return *this;
}

bool Handle::reset() noexcept {
  const bool good = id_ < 0 || close_(id_) >= 0;
  id_ = H5I_INVALID_HID;
  return good;
}

std::size_t element_count(const Shape& shape) {
  std::size_t count = 1;
  for (const std::size_t extent : shape) count *= extent;
  return count;
}

bool read_strings(hid_t object, bool attribute, std::vector<std::string>& strings) {
  Handle type(attribute ? H5Aget_type(object) : H5Dget_type(object), H5Tclose);
  Handle space(attribute ? H5Aget_space(object) : H5Dget_space(object), H5Sclose);
  if (!type.valid() || !space.valid() || H5Tget_class(type.id()) != H5T_STRING) return false;
  const hssize_t count = H5Sget_simple_extent_npoints(space.id());
  if (count < 0) return false;
  strings.assign(static_cast<std::size_t>(count), "");
  if (count == 0) return true;
  const auto read = [&](void* values) {
    return attribute ? H5Aread(object, type.id(), values) >= 0
                     : H5Dread(object, type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
  };
  if (H5Tis_variable_str(type.id()) > 0) {
    std::vector<char*> values(strings.size(), nullptr);
    if (!read(values.data())) return false;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] != nullptr) strings[i] = values[i];
    return H5Dvlen_reclaim(type.id(), space.id(), H5P_DEFAULT, values.data()) >= 0;
  }
  const std::size_t length = H5Tget_size(type.id());
  std::vector<char> values(strings.size() * length);
  if (!read(values.data())) return false;
  for (std::size_t i = 0; i < strings.size(); ++i) {
    strings[i].assign(values.data() + i * length, length);
    strings[i].erase(strings[i].find_last_not_of('\0') + 1);
  }
  return true;
}

Group open_file(const std::filesystem::path& file) {
  silence();
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) throw RunError(fmt::format("{}: there is no such file", file.string()));
  if (std::filesystem::is_directory(file, ignored))
    throw RunError(fmt::format("{}: is a directory, expected an HDF5 file", file.string()));
  Handle id(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  if (!id.valid()) throw RunError(with_reason(fmt::format("{}: cannot be read as an HDF5 file", file.string())));
  Handle root(H5Gopen2(id.id(), "/", H5P_DEFAULT), H5Gclose);
  if (!root.valid()) throw RunError(with_reason(fmt::format("{}: the HDF5 file is damaged", file.string())));
  return Group(std::move(root), file.string(), "");
}

void write_file(const std::filesystem::path& file, const std::function<void(const Group&)>& fill) {
  silence();
  std::error_code error;
  if (file.has_parent_path()) {
    std::filesystem::create_directories(file.parent_path(), error);
    if (error) throw RunError(fmt::format("{}: the directory cannot be made: {}", file.string(), error.message()));
  }
  require_output_file(file);
  const std::filesystem::path partial = file.string() + ".partial";
  try {
    create_and_fill(partial, file, fill);
    std::filesystem::rename(partial, file, error);
    if (error)
      throw RunError(fmt::format("{}: the finished file cannot be renamed: {}", file.string(), error.message()));
  } catch (...) {
    std::filesystem::remove(partial, error);
    throw;
  }
}

void Group::fail(const std::string& name, const std::string& what) const {
  throw RunError(with_reason(fmt::format("{}: {}/{}: {}", file_, path_, name, what)));
}

}  // namespace c2al::hdf5

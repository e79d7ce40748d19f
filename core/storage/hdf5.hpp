#pragma once
#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

/// The project's only door to HDF5: every identifier is owned, every return value checked, HDF5's own printing of
/// errors silenced. Failures throw RunError naming file and path.
namespace c2al::hdf5 {

/// An owned HDF5 identifier, closed by the function that belongs to its kind.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle() = default;
  Handle(hid_t id, Close close) : id_(id), close_(close) {}
  Handle(Handle&& other) noexcept : id_(other.id_), close_(other.close_) { other.id_ = H5I_INVALID_HID; }
  Handle& operator=(Handle&& other) noexcept;
  ~Handle() { reset(); }

  hid_t id() const { return id_; }
  bool valid() const { return id_ >= 0; }
  /// Closes now; false when HDF5 reports a failure.
  bool reset() noexcept;

 private:
  hid_t id_ = H5I_INVALID_HID;
  Close close_ = nullptr;
};

inline constexpr std::size_t any_count = static_cast<std::size_t>(-1);
using Shape = std::vector<std::size_t>;

/// Product of the extents; 1 for a scalar.
std::size_t element_count(const Shape& shape);

/// What a dataset's numbers mean: attributes `units` and `DIMENSION_LABELS`.
struct Description {
  std::string units = "1";
  std::vector<std::string> dimensions;  ///< one name a dimension
};

/// HDF5's type of a number in native byte order: double, float, 8- to 64-bit integers.
template <class T>
hid_t native_type();

/// A group of an open file; the file stays open as long as one of its groups.
class Group {
 public:
  Group(Handle handle, std::string file, std::string path);

  const std::string& file() const { return file_; }
  const std::string& path() const { return path_; }
  hid_t id() const { return handle_.id(); }

  // Names below may be paths relative to the group.

  /// Creates a group, missing ones on the way included.
  Group create(const std::string& name, const std::string& nexus_class = "NXcollection") const;
  /// Data up to 4 KiB lie in the object header; more is shuffled, deflated and stored in chunks of about 1 MiB.
  template <class T>
  void write(const std::string& name, std::span<const T> values, const Shape& shape, const Description& what) const;
  template <class T>
  void write(const std::string& name, const std::vector<T>& values, const std::string& dimension,
             const std::string& units = "1") const {
    write(name, std::span<const T>(values), {values.size()}, {units, {dimension}});
  }
  template <class T>
  void write_scalar(const std::string& name, T value, const std::string& units = "1") const {
    write(name, std::span<const T>(&value, 1), {}, {units, {}});
  }
  void write_text(const std::string& name, const std::string& text) const;
  void write_texts(const std::string& name, const std::vector<std::string>& texts, const std::string& dimension) const;

  void set(const std::string& attribute, const std::string& value) const;
  void set(const std::string& attribute, const char* value) const { set(attribute, std::string(value)); }
  void set(const std::string& attribute, const std::vector<std::string>& values) const;
  void set(const std::string& attribute, std::int64_t value) const;
  void set(const std::string& attribute, std::uint64_t value) const;
  void set(const std::string& attribute, double value) const;
  /// Sets a text attribute of an open member.
  void set_of(hid_t member, const std::string& name, const std::string& attribute, const std::string& value) const;
  /// Makes the group an NXdata: `signal` over `axes`, one a dimension of the signal, "." where there is none.
  void set_plot(const std::string& signal, const std::vector<std::string>& axes) const;

  bool has(const std::string& name) const;
  bool has_attribute(const std::string& attribute) const;
  Group open(const std::string& name) const;
  /// Names of the members, sorted.
  std::vector<std::string> members() const;
  Shape shape(const std::string& name) const;
  /// Values of a dataset of any shape, row-major, converted to T. Throws when there are not `expected` of them.
  template <class T>
  std::vector<T> read(const std::string& name, std::size_t expected = any_count) const;
  template <class T>
  T read_scalar(const std::string& name) const;
  std::string read_text(const std::string& name) const;
  std::vector<std::string> read_texts(const std::string& name, std::size_t expected = any_count) const;
  std::string text(const std::string& attribute) const;
  std::int64_t integer(const std::string& attribute) const;
  std::uint64_t natural(const std::string& attribute) const;
  double real(const std::string& attribute) const;
  /// Every attribute that is one string.
  std::map<std::string, std::string> texts() const;

  /// Throws RunError: "FILE: PATH/NAME: what happened", with HDF5's reason.
  [[noreturn]] void fail(const std::string& name, const std::string& what) const;

 private:
  void check_count(const std::string& name, std::size_t found, std::size_t expected) const;
  Handle open_dataset(const std::string& name) const;
  void write_attribute(hid_t object, const std::string& object_name, const std::string& attribute,
                       const std::vector<std::string>& values, bool scalar) const;
  template <class T>
  void write_number(const std::string& attribute, T value) const;
  template <class T>
  T read_number(const std::string& attribute) const;
  void create_dataset(const std::string& name, hid_t type, std::size_t element_size, const Shape& shape,
                      const Description& what, const void* values) const;

  Handle handle_;
  std::string file_, path_;
};

/// Strings of a dataset or attribute, of fixed or variable length, null padding removed. False when it holds none or
/// cannot be read.
bool read_strings(hid_t object, bool attribute, std::vector<std::string>& strings);

/// Opens a file for reading. Throws RunError when it is missing or no HDF5.
Group open_file(const std::filesystem::path& file);

/// Lets `fill` write a new file called `file`.partial, then renames it. Missing parent directories are made. When
/// anything fails, the last flush and close included, the partial file is removed and RunError names `file`. A `file`
/// that is no regular file is refused.
void write_file(const std::filesystem::path& file, const std::function<void(const Group&)>& fill);

}  // namespace c2al::hdf5

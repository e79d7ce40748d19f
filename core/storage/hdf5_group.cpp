#include <algorithm>
#include <cstring>
#include <type_traits>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/storage/hdf5.hpp"
#include "core/storage/hdf5_values.hpp"

namespace c2al::hdf5 {

namespace {

constexpr std::size_t compact_bytes = 4096;
constexpr std::size_t chunk_bytes = 1 << 20;
constexpr unsigned deflate_level = 6;

/// String type of fixed length, or variable length for 0.
Handle string_type(std::size_t length) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  if (!type.valid() || H5Tset_size(type.id(), length == 0 ? H5T_VARIABLE : length) < 0 ||
      H5Tset_strpad(type.id(), length == 0 ? H5T_STR_NULLTERM : H5T_STR_NULLPAD) < 0 ||
      H5Tset_cset(type.id(), H5T_CSET_UTF8) < 0)
    return {};
  return type;
}

Handle simple_space(const Shape& shape) {
  if (shape.empty()) return {H5Screate(H5S_SCALAR), H5Sclose};
  const std::vector<hsize_t> extents(shape.begin(), shape.end());
  return {H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), H5Sclose};
}

bool set_layout(hid_t creation, const Shape& shape, std::size_t element_size) {
  const std::size_t bytes = element_count(shape) * element_size;
  if (bytes == 0) return true;
  if (bytes <= compact_bytes) return H5Pset_layout(creation, H5D_COMPACT) >= 0;
  if (shape.empty()) return true;
  std::vector<hsize_t> chunk(shape.begin(), shape.end());
  const std::size_t row_bytes = bytes / shape[0];
  chunk[0] = std::clamp<hsize_t>(chunk_bytes / row_bytes, 1, shape[0]);
  return H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data()) >= 0 && H5Pset_shuffle(creation) >= 0 &&
         H5Pset_deflate(creation, deflate_level) >= 0;
}

}  // namespace

template <class T>
hid_t native_type() {
  if constexpr (std::is_same_v<T, double>) return H5T_NATIVE_DOUBLE;
  if constexpr (std::is_same_v<T, float>) return H5T_NATIVE_FLOAT;
  if constexpr (std::is_same_v<T, std::int64_t>) return H5T_NATIVE_INT64;
  if constexpr (std::is_same_v<T, std::uint64_t>) return H5T_NATIVE_UINT64;
  if constexpr (std::is_same_v<T, std::int32_t>) return H5T_NATIVE_INT32;
  if constexpr (std::is_same_v<T, std::uint32_t>) return H5T_NATIVE_UINT32;
  if constexpr (std::is_same_v<T, std::uint16_t>) return H5T_NATIVE_UINT16;
  if constexpr (std::is_same_v<T, std::uint8_t>) return H5T_NATIVE_UINT8;
}

Group::Group(Handle handle, std::string file, std::string path)
    : handle_(std::move(handle)), file_(std::move(file)), path_(std::move(path)) {}

Group Group::create(const std::string& name, const std::string& nexus_class) const {
  Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  Handle creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
  if (!links.valid() || H5Pset_create_intermediate_group(links.id(), 1) < 0 || !creation.valid() ||
      H5Pset_obj_track_times(creation.id(), false) < 0)
    fail(name, "the group cannot be made");
  Handle id(H5Gcreate2(handle_.id(), name.c_str(), links.id(), creation.id(), H5P_DEFAULT), H5Gclose);
  if (!id.valid()) fail(name, "the group cannot be made");
  Group group(std::move(id), file_, path_ + "/" + name);
  group.set("NX_class", nexus_class);
  return group;
}

void Group::create_dataset(const std::string& name, hid_t type, std::size_t element_size, const Shape& shape,
                           const Description& what, const void* values) const {
  Handle space = simple_space(shape);
  Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  if (!space.valid() || !creation.valid() || H5Pset_obj_track_times(creation.id(), false) < 0 ||
      !set_layout(creation.id(), shape, element_size) || !links.valid() ||
      H5Pset_create_intermediate_group(links.id(), 1) < 0)
    fail(name, "the dataset cannot be described");
  Handle dataset(H5Dcreate2(handle_.id(), name.c_str(), type, space.id(), links.id(), creation.id(), H5P_DEFAULT),
                 H5Dclose);
  if (!dataset.valid()) fail(name, "the dataset cannot be made");
  if (element_count(shape) > 0 && H5Dwrite(dataset.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
    fail(name, "the dataset cannot be written");
  if (!what.units.empty()) write_attribute(dataset.id(), name, "units", {what.units}, true);
  if (!shape.empty()) {
    if (what.dimensions.size() != shape.size())
      fail(name, fmt::format("{} dimensions have {} names", shape.size(), what.dimensions.size()));
    write_attribute(dataset.id(), name, "DIMENSION_LABELS", what.dimensions, false);
  }
  // Chunks may reach the disk as late as here.
  if (!dataset.reset()) fail(name, "the dataset cannot be written to its end");
}

template <class T>
void Group::write(const std::string& name, std::span<const T> values, const Shape& shape,
                  const Description& what) const {
  if (values.size() != element_count(shape))
    fail(name, fmt::format("{} values do not fill its shape ({} elements)", values.size(), element_count(shape)));
  create_dataset(name, native_type<T>(), sizeof(T), shape, what, values.data());
}

void Group::write_text(const std::string& name, const std::string& text) const {
  const std::size_t length = std::max<std::size_t>(text.size(), 1);
  const Handle type = string_type(length);
  if (!type.valid()) fail(name, "the text type cannot be made");
  std::string padded = text;
  padded.resize(length, '\0');
  create_dataset(name, type.id(), length, {}, {"", {}}, padded.data());
}

void Group::write_texts(const std::string& name, const std::vector<std::string>& texts,
                        const std::string& dimension) const {
  std::size_t length = 1;
  for (const std::string& text : texts) length = std::max(length, text.size());
  std::vector<char> padded(texts.size() * length, '\0');
  for (std::size_t i = 0; i < texts.size(); ++i)
    std::memcpy(padded.data() + i * length, texts[i].data(), texts[i].size());
  const Handle type = string_type(length);
  if (!type.valid()) fail(name, "the text type cannot be made");
  create_dataset(name, type.id(), length, {texts.size()}, {"", {dimension}}, padded.data());
}

void Group::write_attribute(hid_t object, const std::string& object_name, const std::string& attribute,
                            const std::vector<std::string>& values, bool scalar) const {
  std::vector<const char*> pointers;
  for (const std::string& value : values) pointers.push_back(value.c_str());
  const Handle type = string_type(0);
  const Handle space = simple_space(scalar ? Shape{} : Shape{values.size()});
  if (!type.valid() || !space.valid()) fail(object_name + "@" + attribute, "the attribute cannot be described");
  const Handle id(H5Acreate2(object, attribute.c_str(), type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  if (!id.valid() || H5Awrite(id.id(), type.id(), pointers.data()) < 0)
    fail(object_name + "@" + attribute, "the attribute cannot be written");
}

template <class T>
void Group::write_number(const std::string& attribute, T value) const {
  const Handle space = simple_space({});
  if (!space.valid()) fail("@" + attribute, "the attribute cannot be described");
  const Handle id(H5Acreate2(handle_.id(), attribute.c_str(), native_type<T>(), space.id(), H5P_DEFAULT, H5P_DEFAULT),
                  H5Aclose);
  if (!id.valid() || H5Awrite(id.id(), native_type<T>(), &value) < 0)
    fail("@" + attribute, "the attribute cannot be written");
}

void Group::set(const std::string& attribute, const std::string& value) const {
  write_attribute(handle_.id(), "", attribute, {value}, true);
}
void Group::set(const std::string& attribute, const std::vector<std::string>& values) const {
  write_attribute(handle_.id(), "", attribute, values, false);
}
void Group::set(const std::string& attribute, std::int64_t value) const { write_number(attribute, value); }
void Group::set(const std::string& attribute, std::uint64_t value) const { write_number(attribute, value); }
void Group::set(const std::string& attribute, double value) const { write_number(attribute, value); }

void Group::set_of(hid_t member, const std::string& name, const std::string& attribute,
                   const std::string& value) const {
  write_attribute(member, name, attribute, {value}, true);
}

void Group::set_plot(const std::string& signal, const std::vector<std::string>& axes) const {
  set("signal", signal);
  set("axes", axes);
}

bool Group::has(const std::string& name) const {
  // HDF5 answers for the last link of a path only when all before it exist.
  for (std::size_t end = name.find('/');; end = name.find('/', end + 1)) {
    if (H5Lexists(handle_.id(), name.substr(0, end).c_str(), H5P_DEFAULT) <= 0) return false;
    if (end == std::string::npos) return true;
  }
}

bool Group::has_attribute(const std::string& attribute) const { return H5Aexists(handle_.id(), attribute.c_str()) > 0; }

Group Group::open(const std::string& name) const {
  Handle id(H5Gopen2(handle_.id(), name.c_str(), H5P_DEFAULT), H5Gclose);
  if (!id.valid()) fail(name, "there is no such group");
  return Group(std::move(id), file_, path_ + "/" + name);
}

std::vector<std::string> Group::members() const { return member_names(handle_.id()); }

void Group::check_count(const std::string& name, std::size_t found, std::size_t expected) const {
  if (expected != any_count && found != expected)
    fail(name, fmt::format("holds {} values, expected {}", found, expected));
}

Handle Group::open_dataset(const std::string& name) const {
  Handle dataset(H5Dopen2(handle_.id(), name.c_str(), H5P_DEFAULT), H5Dclose);
  if (!dataset.valid()) fail(name, "there is no such dataset");
  return dataset;
}

Shape Group::shape(const std::string& name) const {
  const Handle dataset = open_dataset(name);
  const Handle space(H5Dget_space(dataset.id()), H5Sclose);
  const int rank = space.valid() ? H5Sget_simple_extent_ndims(space.id()) : -1;
  if (rank < 0) fail(name, "its shape cannot be read");
  std::vector<hsize_t> extents(static_cast<std::size_t>(rank));
  if (rank > 0 && H5Sget_simple_extent_dims(space.id(), extents.data(), nullptr) < 0)
    fail(name, "its shape cannot be read");
  return {extents.begin(), extents.end()};
}

template <class T>
std::vector<T> Group::read(const std::string& name, std::size_t expected) const {
  const Handle dataset = open_dataset(name);
  const Handle type(H5Dget_type(dataset.id()), H5Tclose);
  const H5T_class_t kind = type.valid() ? H5Tget_class(type.id()) : H5T_NO_CLASS;
  if (kind != H5T_FLOAT && kind != H5T_INTEGER) fail(name, "holds no numbers");
  std::vector<T> values(element_count(shape(name)));
  check_count(name, values.size(), expected);
  if (!values.empty() && H5Dread(dataset.id(), native_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
    fail(name, "the dataset cannot be read");
  return values;
}

template <class T>
T Group::read_scalar(const std::string& name) const {
  return read<T>(name, 1)[0];
}

std::vector<std::string> Group::read_texts(const std::string& name, std::size_t expected) const {
  const Handle dataset = open_dataset(name);
  std::vector<std::string> texts;
  if (!read_strings(dataset.id(), false, texts)) fail(name, "holds no text");
  check_count(name, texts.size(), expected);
  return texts;
}

std::string Group::read_text(const std::string& name) const { return read_texts(name, 1)[0]; }

std::string Group::text(const std::string& attribute) const {
  const Handle id(H5Aopen(handle_.id(), attribute.c_str(), H5P_DEFAULT), H5Aclose);
  std::vector<std::string> texts;
  if (!id.valid() || !read_strings(id.id(), true, texts) || texts.size() != 1)
    fail("@" + attribute, "there is no such text attribute");
  return texts[0];
}

template <class T>
T Group::read_number(const std::string& attribute) const {
  const Handle id(H5Aopen(handle_.id(), attribute.c_str(), H5P_DEFAULT), H5Aclose);
  const Handle space(id.valid() ? H5Aget_space(id.id()) : H5I_INVALID_HID, H5Sclose);
  T value{};
  if (!space.valid() || H5Sget_simple_extent_npoints(space.id()) != 1 || H5Aread(id.id(), native_type<T>(), &value) < 0)
    fail("@" + attribute, "there is no such number");
  return value;
}

std::int64_t Group::integer(const std::string& attribute) const { return read_number<std::int64_t>(attribute); }
std::uint64_t Group::natural(const std::string& attribute) const { return read_number<std::uint64_t>(attribute); }
double Group::real(const std::string& attribute) const { return read_number<double>(attribute); }

std::map<std::string, std::string> Group::texts() const {
  std::map<std::string, std::string> result;
  for (const std::string& name : attribute_names(handle_.id())) {
    const Handle id(H5Aopen(handle_.id(), name.c_str(), H5P_DEFAULT), H5Aclose);
    std::vector<std::string> texts;
    if (id.valid() && read_strings(id.id(), true, texts) && texts.size() == 1) result[name] = texts[0];
  }
  return result;
}

#define C2AL_HDF5_NUMBER(T)                                                                                      \
  template hid_t native_type<T>();                                                                               \
  template void Group::write<T>(const std::string&, std::span<const T>, const Shape&, const Description&) const; \
  template std::vector<T> Group::read<T>(const std::string&, std::size_t) const;                                 \
  template T Group::read_scalar<T>(const std::string&) const;
C2AL_HDF5_NUMBER(double)
C2AL_HDF5_NUMBER(float)
C2AL_HDF5_NUMBER(std::int64_t)
C2AL_HDF5_NUMBER(std::uint64_t)
C2AL_HDF5_NUMBER(std::int32_t)
C2AL_HDF5_NUMBER(std::uint32_t)
C2AL_HDF5_NUMBER(std::uint16_t)
C2AL_HDF5_NUMBER(std::uint8_t)
#undef C2AL_HDF5_NUMBER

}  // namespace c2al::hdf5

#include "core/storage/hdf5_values.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace c2al::hdf5 {

namespace {

bool read(const ValueHandle& object, hid_t type, void* values) {
  return object.is_attribute ? H5Aread(object.id, type, values) >= 0
                             : H5Dread(object.id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
}

}  // namespace

ObjectKind kind_of(hid_t object) {
  const H5I_type_t type = H5Iget_type(object);
  return type == H5I_GROUP ? ObjectKind::group : type == H5I_DATASET ? ObjectKind::dataset : ObjectKind::other;
}

Handle open_object(hid_t parent, const std::string& path) {
  return {H5Oopen(parent, path.empty() ? "/" : path.c_str(), H5P_DEFAULT), H5Oclose};
}

std::vector<std::string> attribute_names(hid_t object) {
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5A_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  hsize_t position = 0;
  if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &position, collect, &names) < 0)
    throw RunError("the attributes of an HDF5 object cannot be listed");
  return names;
}

std::vector<std::string> member_names(hid_t group) {
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names) < 0)
    throw RunError("the members of an HDF5 group cannot be listed");
  return names;
}

Handle ValueHandle::type() const { return {is_attribute ? H5Aget_type(id) : H5Dget_type(id), H5Tclose}; }

Shape ValueHandle::shape() const {
  const Handle space(is_attribute ? H5Aget_space(id) : H5Dget_space(id), H5Sclose);
  if (!space.valid()) throw RunError("the shape of an HDF5 object cannot be read");
  if (H5Sget_simple_extent_type(space.id()) == H5S_NULL) return {0};
  const int rank = H5Sget_simple_extent_ndims(space.id());
  std::vector<hsize_t> extents(rank > 0 ? static_cast<std::size_t>(rank) : 0);
  if (rank < 0 || (rank > 0 && H5Sget_simple_extent_dims(space.id(), extents.data(), nullptr) < 0))
    throw RunError("the shape of an HDF5 object cannot be read");
  return {extents.begin(), extents.end()};
}

std::string type_name(const ValueHandle& object) {
  const Handle type = object.type();
  if (!type.valid()) return "unreadable";
  const std::size_t bits = 8 * H5Tget_size(type.id());
  switch (H5Tget_class(type.id())) {
    case H5T_FLOAT:
      return fmt::format("float{}", bits);
    case H5T_INTEGER:
      return fmt::format("{}int{}", H5Tget_sign(type.id()) == H5T_SGN_NONE ? "u" : "", bits);
    case H5T_STRING:
      return "text";
    case H5T_ENUM:
      return "enumeration";
    case H5T_COMPOUND:
      return "compound";
    case H5T_REFERENCE:
      return "reference";
    case H5T_VLEN:
      return "variable-length list";
    case H5T_ARRAY:
      return "array";
    default:
      return "opaque";
  }
}

Values read_values(const ValueHandle& object, const std::string& name) {
  Values values{type_name(object), object.shape(), {}, {}};
  const Handle type = object.type();
  const H5T_class_t kind = H5Tget_class(type.id());
  bool good = true;
  if (kind == H5T_STRING) {
    good = read_strings(object.id, object.is_attribute, values.texts);
  } else if (kind == H5T_FLOAT || kind == H5T_INTEGER) {
    values.numbers.resize(element_count(values.shape));
    good = values.numbers.empty() || read(object, H5T_NATIVE_DOUBLE, values.numbers.data());
  }
  if (!good) throw RunError(fmt::format("{}: the values cannot be read", name));
  return values;
}

std::vector<std::uint8_t> read_bytes(const ValueHandle& object, const std::string& name) {
  const Handle type = object.type();
  std::vector<std::uint8_t> bytes(element_count(object.shape()) * H5Tget_size(type.id()));
  if (!bytes.empty() && !read(object, type.id(), bytes.data()))
    throw RunError(fmt::format("{}: the values cannot be read", name));
  return bytes;
}

}  // namespace c2al::hdf5

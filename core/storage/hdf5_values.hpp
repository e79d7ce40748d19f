#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/storage/hdf5.hpp"

/// Reading of any HDF5 object, whoever wrote it: what `c2al inspect` needs.
namespace c2al::hdf5 {

enum class ObjectKind { group, dataset, other };
ObjectKind kind_of(hid_t object);

/// Opens the object at a path; an invalid handle when there is none.
Handle open_object(hid_t parent, const std::string& path);

/// Names of an object's attributes, sorted.
std::vector<std::string> attribute_names(hid_t object);
/// Names of a group's members, sorted.
std::vector<std::string> member_names(hid_t group);

/// A dataset or an attribute.
struct ValueHandle {
  hid_t id = H5I_INVALID_HID;
  bool is_attribute = false;

  Handle type() const;
  Shape shape() const;
};

/// "float64", "uint8", "text", or HDF5's class name for what is neither number nor text.
std::string type_name(const ValueHandle& object);

/// Contents of a dataset or attribute: numbers as double or texts; neither for other types.
struct Values {
  std::string type;
  Shape shape;
  std::vector<double> numbers;
  std::vector<std::string> texts;
};
/// Throws RunError naming `name` when the values cannot be read.
Values read_values(const ValueHandle& object, const std::string& name);

/// The stored bytes, element after element. Throws RunError naming `name`.
std::vector<std::uint8_t> read_bytes(const ValueHandle& object, const std::string& name);

}  // namespace c2al::hdf5

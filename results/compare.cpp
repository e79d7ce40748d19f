#include "results/compare.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "core/error.hpp"
#include "core/storage/hdf5_values.hpp"

namespace c2al {

namespace {

using hdf5::Handle;
using hdf5::ValueHandle;

class FileComparison {
 public:
  std::vector<FileDifference> differences;

  void objects(hid_t a, hid_t b, const std::string& path);

 private:
  void add(const std::string& path, std::string what) { differences.push_back({path, std::move(what), 0, ""}); }
  void attributes(hid_t a, hid_t b, const std::string& path);
  void values(const ValueHandle& a, const ValueHandle& b, const std::string& path);

  /// Calls `both` for names that are in both lists and reports the others.
  template <class Both>
  void names(const std::vector<std::string>& a, const std::vector<std::string>& b, const std::string& prefix,
             const Both& both) {
    std::vector<std::string> all;
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(all));
    for (const std::string& name : all) {
      if (prefix == "/" && (name == "provenance" || name == "timing")) continue;
      const bool in_a = std::binary_search(a.begin(), a.end(), name);
      const bool in_b = std::binary_search(b.begin(), b.end(), name);
      if (in_a && in_b) {
        both(name);
      } else {
        add(prefix + name, in_a ? "only in the first file" : "only in the second file");
      }
    }
  }
};

/// Index of element i of a shape: "[2,5]"; empty for a scalar.
std::string index_text(std::size_t i, const hdf5::Shape& shape) {
  std::vector<std::size_t> index(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0; i /= shape[axis]) index[axis] = i % shape[axis];
  return shape.empty() ? "" : fmt::format("[{}]: ", fmt::join(index, ","));
}

std::string value_text(const hdf5::Values& values, std::size_t i) {
  if (!values.texts.empty()) {
    constexpr std::size_t longest = 40;
    const std::string& text = values.texts[i];
    return text.size() <= longest ? fmt::format("\"{}\"", text) : fmt::format("\"{}...\"", text.substr(0, longest));
  }
  return values.numbers.empty() ? values.type : fmt::format("{}", values.numbers[i]);
}

/// Indices of elements whose stored bytes differ.
std::vector<std::size_t> differing_elements(const ValueHandle& a, const ValueHandle& b, const std::string& path,
                                            const hdf5::Values& values_a, const hdf5::Values& values_b) {
  std::vector<std::size_t> differing;
  if (values_a.type == "text") {
    for (std::size_t i = 0; i < values_a.texts.size(); ++i)
      if (values_a.texts[i] != values_b.texts[i]) differing.push_back(i);
    return differing;
  }
  const auto bytes_a = hdf5::read_bytes(a, path), bytes_b = hdf5::read_bytes(b, path);
  const std::size_t count = hdf5::element_count(values_a.shape);
  const std::size_t size = count == 0 ? 0 : bytes_a.size() / count;
  for (std::size_t i = 0; i < count; ++i)
    if (std::memcmp(bytes_a.data() + i * size, bytes_b.data() + i * size, size) != 0) differing.push_back(i);
  return differing;
}

void FileComparison::values(const ValueHandle& a, const ValueHandle& b, const std::string& path) {
  const hdf5::Values values_a = hdf5::read_values(a, path), values_b = hdf5::read_values(b, path);
  if (values_a.shape != values_b.shape)
    return add(path,
               fmt::format("shapes ({}) and ({})", fmt::join(values_a.shape, ", "), fmt::join(values_b.shape, ", ")));
  if (values_a.type != values_b.type) return add(path, fmt::format("types {} and {}", values_a.type, values_b.type));
  // A fixed-length text type is as long as its longest text, which the texts themselves say.
  if (values_a.type != "text" && H5Tequal(a.type().id(), b.type().id()) <= 0)
    return add(path, fmt::format("two different types of class {}", values_a.type));
  const auto differing = differing_elements(a, b, path, values_a, values_b);
  if (differing.empty()) return;
  const std::size_t i = differing.front();
  differences.push_back(
      {path, fmt::format("{} of {} elements differ", differing.size(), hdf5::element_count(values_a.shape)),
       differing.size(),
       fmt::format("{}{} and {}", index_text(i, values_a.shape), value_text(values_a, i), value_text(values_b, i))});
}

void FileComparison::attributes(hid_t a, hid_t b, const std::string& path) {
  names(hdf5::attribute_names(a), hdf5::attribute_names(b), path + "@", [&](const std::string& name) {
    const Handle in_a(H5Aopen(a, name.c_str(), H5P_DEFAULT), H5Aclose);
    const Handle in_b(H5Aopen(b, name.c_str(), H5P_DEFAULT), H5Aclose);
    const std::string place = path + "@" + name;
    if (!in_a.valid() || !in_b.valid()) throw RunError(fmt::format("{}: the attribute cannot be opened", place));
    values({in_a.id(), true}, {in_b.id(), true}, place);
  });
}

void FileComparison::objects(hid_t a, hid_t b, const std::string& path) {
  const hdf5::ObjectKind kind = hdf5::kind_of(a);
  if (kind != hdf5::kind_of(b)) return add(path, "one is a group, the other is not");
  attributes(a, b, path);
  if (kind == hdf5::ObjectKind::dataset) values({a, false}, {b, false}, path);
  if (kind != hdf5::ObjectKind::group) return;
  const std::string prefix = path == "/" ? path : path + "/";
  names(hdf5::member_names(a), hdf5::member_names(b), prefix, [&](const std::string& name) {
    const Handle in_a = hdf5::open_object(a, name), in_b = hdf5::open_object(b, name);
    if (!in_a.valid() || !in_b.valid()) throw RunError(fmt::format("{}{}: cannot be opened", prefix, name));
    objects(in_a.id(), in_b.id(), prefix + name);
  });
}

}  // namespace

std::vector<FileDifference> compare_files(const std::filesystem::path& a, const std::filesystem::path& b) {
  const hdf5::Group root_a = hdf5::open_file(a), root_b = hdf5::open_file(b);
  FileComparison comparison;
  comparison.objects(root_a.id(), root_b.id(), "/");
  std::sort(comparison.differences.begin(), comparison.differences.end(),
            [](const FileDifference& x, const FileDifference& y) { return x.path < y.path; });
  return comparison.differences;
}

}  // namespace c2al

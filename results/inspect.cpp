#include "results/inspect.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/error.hpp"
#include "core/storage/hdf5_values.hpp"
#include "results/terminal_plot.hpp"

namespace c2al {

namespace {

using Json = nlohmann::ordered_json;
using hdf5::Handle;

constexpr std::size_t listed_values = 64, listed_texts = 40, json_values = 65536;

Json values_json(const hdf5::Values& values) {
  if (values.type == "text") return values.shape.empty() ? Json(values.texts.at(0)) : Json(values.texts);
  if (values.numbers.empty() && hdf5::element_count(values.shape) > 0) return fmt::format("<{}>", values.type);
  // Integers are shown without a fraction; NaN becomes null.
  const auto number = [&](double value) {
    if (values.type.find("int") != std::string::npos && std::abs(value) < 9e15)
      return Json(static_cast<std::int64_t>(value));
    return Json(value);
  };
  if (values.shape.empty()) return number(values.numbers.at(0));
  Json list = Json::array();
  for (const double value : values.numbers) list.push_back(number(value));
  return list;
}

Json attributes_json(hid_t object) {
  Json attributes = Json::object();
  for (const std::string& name : hdf5::attribute_names(object)) {
    const Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
    if (!attribute.valid()) throw RunError(fmt::format("the attribute '{}' cannot be opened", name));
    attributes[name] = values_json(hdf5::read_values({attribute.id(), true}, "@" + name));
  }
  return attributes;
}

/// Name, type, shape and attributes; members of a group.
Json describe(hid_t object, const std::string& path) {
  Json description = {{"path", path.empty() ? "/" : path}};
  const hdf5::ObjectKind kind = hdf5::kind_of(object);
  if (kind == hdf5::ObjectKind::dataset) {
    const hdf5::ValueHandle values{object, false};
    description["type"] = hdf5::type_name(values);
    description["shape"] = values.shape();
  }
  description["attributes"] = attributes_json(object);
  if (kind == hdf5::ObjectKind::group) {
    description["members"] = Json::array();
    for (const std::string& name : hdf5::member_names(object)) {
      const std::string place = (path == "/" ? "" : path) + "/" + name;
      const Handle member = hdf5::open_object(object, name);
      if (!member.valid()) throw RunError(fmt::format("{}: cannot be opened", place));
      description["members"].push_back(describe(member.id(), place));
    }
  }
  return description;
}

std::string shape_text(const Json& description) {
  std::vector<std::string> parts;
  const Json labels = description["attributes"].value("DIMENSION_LABELS", Json::array());
  for (std::size_t axis = 0; axis < description["shape"].size(); ++axis) {
    const std::string extent = description["shape"][axis].dump();
    parts.push_back(axis < labels.size() ? labels[axis].get<std::string>() + " " + extent : extent);
  }
  return parts.empty() ? "scalar" : fmt::format("({})", fmt::join(parts, ", "));
}

/// Attributes that the line of their object does not show already.
std::string attribute_lines(const Json& description, const std::string& indent) {
  constexpr std::size_t longest = 100;
  std::string text;
  for (const auto& [name, value] : description["attributes"].items()) {
    if (name == "DIMENSION_LABELS" || name == "units" || name == "NX_class") continue;
    std::string shown = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (shown.size() > longest) shown = shown.substr(0, longest) + "...";
    text += fmt::format("{}@{} = {}\n", indent, name, shown);
  }
  return text;
}

std::string tree_text(const Json& description, std::size_t depth) {
  const std::string indent(2 * depth, ' ');
  const std::string path = description["path"];
  const std::string name = depth == 0 ? path : path.substr(path.rfind('/') + 1);
  if (!description.contains("members")) {
    const Json& attributes = description["attributes"];
    const std::string units = attributes.contains("units") ? attributes["units"].get<std::string>() : "";
    return fmt::format("{}{:<24} {:<8} {}{}\n", indent, name, description.value("type", "other"),
                       description.contains("shape") ? shape_text(description) : "",
                       units.empty() || units == "1" ? "" : " " + units) +
           attribute_lines(description, indent + "  ");
  }
  std::string text = fmt::format("{}{}{}\n", indent, name, depth == 0 ? "" : "/");
  text += attribute_lines(description, indent + "  ");
  for (const Json& member : description["members"]) text += tree_text(member, depth + 1);
  return text;
}

double quantile(const std::vector<double>& sorted, double q) {
  const double position = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Json statistics_json(const std::vector<double>& numbers) {
  std::vector<double> finite;
  std::copy_if(numbers.begin(), numbers.end(), std::back_inserter(finite), [](double x) { return std::isfinite(x); });
  std::sort(finite.begin(), finite.end());
  Json statistics = {{"elements", numbers.size()}, {"not_finite", numbers.size() - finite.size()}};
  if (finite.empty()) return statistics;
  const auto n = static_cast<double>(finite.size());
  const double mean = std::accumulate(finite.begin(), finite.end(), 0.0) / n;
  double squares = 0;
  for (const double x : finite) squares += (x - mean) * (x - mean);
  statistics["mean"] = mean;
  statistics["standard_deviation"] = std::sqrt(squares / n);
  statistics["minimum"] = finite.front();
  statistics["lower_quartile"] = quantile(finite, 0.25);
  statistics["median"] = quantile(finite, 0.5);
  statistics["upper_quartile"] = quantile(finite, 0.75);
  statistics["maximum"] = finite.back();
  statistics["zeros"] = std::count(finite.begin(), finite.end(), 0.0);
  return statistics;
}

/// The last two dimensions, averaged over the leading ones.
std::string picture(const hdf5::Values& values) {
  if (values.shape.size() < 2) return bar_histogram(values.numbers);
  const std::size_t columns = values.shape.back(), rows = values.shape[values.shape.size() - 2];
  const std::size_t size = rows * columns;
  if (size == 0 || values.numbers.empty()) return heat_map({}, 0, 0);
  std::vector<double> mean(size, 0.0);
  const std::size_t count = values.numbers.size() / size;
  for (std::size_t i = 0; i < values.numbers.size(); ++i)
    mean[i % size] += values.numbers[i] / static_cast<double>(count);
  std::string text = heat_map(mean, rows, columns);
  if (values.shape.size() > 2) text = fmt::format("mean over the leading {} entries\n{}", count, text);
  return text + "\n" + bar_histogram(values.numbers);
}

std::string dataset_text(const Json& description, const hdf5::Values& values) {
  std::string text = tree_text(description, 0) + "\n";
  if (values.type == "text") {
    for (std::size_t i = 0; i < std::min(values.texts.size(), listed_texts); ++i) text += values.texts[i] + "\n";
    if (values.texts.size() > listed_texts) text += fmt::format("... {} in all\n", values.texts.size());
    return text;
  }
  if (values.numbers.empty()) return text + "(no numbers to show)\n";
  if (values.numbers.size() <= listed_values && values.shape.size() < 2) {
    for (std::size_t i = 0; i < values.numbers.size(); ++i)
      text += fmt::format("{:>14.6g}{}", values.numbers[i], i % 6 == 5 || i + 1 == values.numbers.size() ? "\n" : "");
    if (values.shape.empty()) return text;
    text += "\n";
  }
  const Json statistics = statistics_json(values.numbers);
  for (const auto& [name, value] : statistics.items()) text += fmt::format("{:<20}{:.6g}\n", name, value.get<double>());
  return text + "\n" + picture(values);
}

Handle open_at(const hdf5::Group& root, const std::filesystem::path& file, const std::string& path) {
  Handle object = hdf5::open_object(root.id(), path);
  if (!object.valid())
    throw UsageError(
        fmt::format("{}: there is nothing at '{}'; its tree: c2al inspect {}", file.string(), path, file.string()));
  return object;
}

std::string absolute(std::string path) {
  if (path.empty() || path.front() != '/') path.insert(path.begin(), '/');
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

std::string inspect_text(const std::filesystem::path& file, const std::string& path) {
  const hdf5::Group root = hdf5::open_file(file);
  const std::string place = absolute(path);
  const Handle object = open_at(root, file, place);
  const Json description = describe(object.id(), place);
  if (hdf5::kind_of(object.id()) != hdf5::ObjectKind::dataset) return tree_text(description, 0);
  return dataset_text(description, hdf5::read_values({object.id(), false}, file.string() + ": " + place));
}

std::string inspect_json(const std::filesystem::path& file, const std::string& path) {
  const hdf5::Group root = hdf5::open_file(file);
  const std::string place = absolute(path);
  const Handle object = open_at(root, file, place);
  Json description = describe(object.id(), place);
  if (hdf5::kind_of(object.id()) == hdf5::ObjectKind::dataset) {
    const hdf5::Values values = hdf5::read_values({object.id(), false}, file.string() + ": " + place);
    if (!values.numbers.empty()) description["statistics"] = statistics_json(values.numbers);
    if (hdf5::element_count(values.shape) <= json_values) description["values"] = values_json(values);
  }
  return description.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace c2al

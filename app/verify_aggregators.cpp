#include "app/verify_aggregators.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/verify.hpp"
#include "core/error.hpp"
#include "core/storage/hdf5_values.hpp"
#include "core/training/catalogue.hpp"

namespace c2al {
namespace {

constexpr double tolerance = 1e-4;

bool is_group(const hdf5::Group& parent, const std::string& name) {
  const hdf5::Handle object = hdf5::open_object(parent.id(), name);
  return object.valid() && hdf5::kind_of(object.id()) == hdf5::ObjectKind::group;
}

/// Paths of the datasets below a group, relative to it.
void list_datasets(const hdf5::Group& group, const std::string& prefix, std::vector<std::string>& paths) {
  for (const std::string& name : group.members()) {
    if (is_group(group, name))
      list_datasets(group.open(name), prefix + name + "/", paths);
    else
      paths.push_back(prefix + name);
  }
}

struct Case {
  std::size_t tasks = 0, size = 0;
  std::vector<double> jacobian, gram;
};

Case read_case(const hdf5::Group& group) {
  Case read;
  const hdf5::Shape shape = group.shape("jacobian");
  read.jacobian = group.read<double>("jacobian");
  if (shape.size() != 2 || read.jacobian.empty())
    group.fail("jacobian", fmt::format("expected (tasks, parameters), found shape ({})", fmt::join(shape, ", ")));
  read.tasks = shape[0];
  read.size = shape[1];
  for (std::size_t i = 0; i < read.tasks; ++i) {
    for (std::size_t j = 0; j < read.tasks; ++j) {
      double product = 0;
      for (std::size_t k = 0; k < read.size; ++k)
        product += read.jacobian[i * read.size + k] * read.jacobian[j * read.size + k];
      if (!std::isfinite(product)) group.fail("jacobian", "expected rows whose products are finite numbers");
      read.gram.push_back(product);
    }
  }
  return read;
}

/// The attributes of a method's group as settings; NX_class is the file's own.
/// @param known  descriptions of the method's settings
std::map<std::string, Settings::Value> read_settings(const hdf5::Group& group,
                                                     const std::vector<SettingDescription>& known) {
  std::map<std::string, Settings::Value> settings;
  for (const std::string& name : hdf5::attribute_names(group.id())) {
    if (name == "NX_class") continue;
    const hdf5::Handle attribute(H5Aopen(group.id(), name.c_str(), H5P_DEFAULT), H5Aclose);
    const hdf5::ValueHandle value{attribute.id(), true};
    if (hdf5::element_count(value.shape()) != 1) group.fail(name, "an attribute of one value is expected");
    const auto description =
        std::find_if(known.begin(), known.end(), [&](const SettingDescription& s) { return s.key == name; });
    const bool flag =
        description != known.end() && (description->fallback == "true" || description->fallback == "false");
    const hdf5::Values read = hdf5::read_values(value, group.path() + "/" + name);
    if (!read.texts.empty())
      settings[name] = read.texts[0];
    else if (read.type == "enumeration")  // how h5py writes a boolean
      settings[name] = hdf5::read_bytes(value, name)[0] != 0;
    else if (read.numbers.empty())
      group.fail(name, fmt::format("a number, a string or a boolean is expected, found {}", read.type));
    else if (flag && (read.numbers[0] == 0 || read.numbers[0] == 1))
      settings[name] = read.numbers[0] == 1;
    else
      settings[name] = read.numbers[0];
  }
  return settings;
}

void compare(const hdf5::Group& group, const std::string& name, const std::vector<double>& found,
             VerifiedGroup& result) {
  if (!group.has(name)) return;
  ++result.arrays;
  const std::vector<double> expected = group.read<double>(name);
  double error = std::numeric_limits<double>::quiet_NaN();
  if (const hdf5::Shape shape = group.shape(name); shape != hdf5::Shape{found.size()}) {
    result.failures.push_back(
        fmt::format("{}: shape ({}), this build has ({})", name, fmt::join(shape, ", "), found.size()));
  } else {
    error = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const double difference = std::abs(expected[i] - found[i]);
      if (!(difference <= error)) error = difference;
      if (std::isnan(error)) break;
    }
    if (!(error <= tolerance)) result.failures.push_back(fmt::format("{}: absolute error {:.1e}", name, error));
  }
  if (std::isnan(error) || (!std::isnan(result.worst_error) && error >= result.worst_error)) {
    result.worst_error = error;
    result.worst_array = name;
  }
}

VerifiedGroup verify_rule(const hdf5::Group& group, const std::string& method, const Case& from) {
  const CatalogueEntry& entry = find_method(method);
  const MethodDescription description = entry.describe();
  if (description.make_aggregator == nullptr)
    throw UsageError(fmt::format("'{}' does not combine task gradients by their products alone", method));
  Settings settings(fmt::format("{} {}", group.file(), group.path()), read_settings(group, description.settings));
  std::vector<double> weights(from.tasks, 1.0), gradient(from.size, 0.0);
  description.make_aggregator(0, std::move(settings))->weigh({from.tasks, from.gram, 0}, weights);
  for (std::size_t t = 0; t < from.tasks; ++t)
    for (std::size_t k = 0; k < from.size; ++k) gradient[k] += weights[t] * from.jacobian[t * from.size + k];

  VerifiedGroup result;
  result.precision = "float64";
  result.tolerance = tolerance;
  result.absolute = true;
  compare(group, "gradient", gradient, result);
  compare(group, "weights", weights, result);
  return result;
}

void verify_case(const hdf5::Group& group, const std::string& prefix, Verification& outcome) {
  if (!group.has("jacobian")) {
    std::vector<std::string> datasets;
    list_datasets(group, prefix + "/", datasets);
    for (const std::string& path : datasets) outcome.not_understood.push_back(path);
    return;
  }
  const Case from = read_case(group);
  for (const std::string& method : group.members()) {
    if (method == "jacobian") continue;
    const std::string path = prefix + "/" + method;
    if (!is_group(group, method)) {
      outcome.not_understood.push_back(path);
      continue;
    }
    const hdf5::Group rule = group.open(method);
    std::vector<std::string> datasets;
    list_datasets(rule, "", datasets);
    for (const std::string& dataset : datasets)
      if (dataset != "gradient" && dataset != "weights") outcome.not_understood.push_back(path + "/" + dataset);
    if (!rule.has("gradient") && !rule.has("weights")) {
      if (datasets.empty()) outcome.not_understood.push_back(path);
      continue;
    }
    try {
      VerifiedGroup result = verify_rule(rule, method, from);
      result.name = path;
      outcome.groups.push_back(std::move(result));
    } catch (const UsageError& error) {
      outcome.not_understood.push_back(fmt::format("{}: {}", path, error.what()));
    }
  }
}

}  // namespace

void verify_aggregators(const hdf5::Group& file, Verification& outcome) {
  if (!file.has("aggregators")) return;
  if (!is_group(file, "aggregators")) {
    outcome.not_understood.push_back("aggregators");
    return;
  }
  const hdf5::Group cases = file.open("aggregators");
  for (const std::string& name : cases.members()) {
    const std::string path = "aggregators/" + name;
    if (is_group(cases, name))
      verify_case(cases.open(name), path, outcome);
    else
      outcome.not_understood.push_back(path);
  }
}

}  // namespace c2al

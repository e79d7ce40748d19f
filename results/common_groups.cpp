#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.hpp"
#include "results/store.hpp"
#include "results/store_groups.hpp"

namespace c2al::store {

void write_head(const hdf5::Group& root, const std::string& kind, const std::string& scenario,
                const std::string& default_plot) {
  root.set("NX_class", "NXroot");
  root.set("default", default_plot);
  root.set("schema_version", schema_version);
  root.set("kind", kind);
  root.set("scenario", scenario);
  write_provenance(root);
}

void check_head(const hdf5::Group& root, const std::vector<std::string>& kinds) {
  if (!root.has_attribute("schema_version") || !root.has_attribute("kind"))
    throw RunError(
        fmt::format("{}: is HDF5, but no result of c2al (it has no attributes schema_version and kind)", root.file()));
  const std::string kind = root.text("kind");
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
    throw RunError(
        fmt::format("{}: holds a result of kind '{}', expected {}", root.file(), kind, fmt::join(kinds, " or ")));
  const std::int64_t version = root.integer("schema_version");
  if (version != schema_version)
    throw RunError(
        fmt::format("{}: has schema version {}, this build reads version {}", root.file(), version, schema_version));
}

hdf5::Group write_configuration(const hdf5::Group& root, const std::string& scenario_text,
                                const std::string& resolved_configuration) {
  hdf5::Group group = root.create("configuration");
  group.write_text("scenario_text", scenario_text);
  group.write_text("resolved", resolved_configuration);
  return group;
}

void write_named_texts(const hdf5::Group& parent, const std::string& name, const NamedTexts& pairs) {
  const hdf5::Group group = parent.create(name);
  for (const auto& [key, value] : pairs) group.set(key, value);
}

hdf5::Group write_schema(const hdf5::Group& root, const Schema& schema) {
  hdf5::Group group = root.create("schema");
  group.set("objective", schema.objective);
  group.set("has_truth", std::int64_t{schema.has_truth});
  std::vector<std::string> fields, axes, cohorts;
  std::vector<std::uint32_t> vocabularies, cohort_axis;
  std::vector<std::uint8_t> is_input, is_control;
  for (const Field& field : schema.fields) {
    fields.push_back(field.name);
    vocabularies.push_back(field.vocabulary);
  }
  for (const CohortAxis& axis : schema.axes) {
    for (const std::string& cohort : axis.cohorts) {
      cohorts.push_back(cohort);
      cohort_axis.push_back(static_cast<std::uint32_t>(axes.size()));
    }
    axes.push_back(axis.name);
    is_input.push_back(axis.is_input);
    is_control.push_back(axis.is_control);
  }
  group.write_texts("field", fields, "field");
  group.write("vocabulary", vocabularies, "field");
  group.write_texts("dense", schema.dense, "dense feature");
  group.write_texts("axis", axes, "axis");
  group.write("axis_is_input", is_input, "axis");
  group.write("axis_is_control", is_control, "axis");
  group.write_texts("cohort", cohorts, "cohort");
  group.write("cohort_axis", cohort_axis, "cohort");
  return group;
}

Schema read_schema(const hdf5::Group& root) {
  const hdf5::Group group = root.open("schema");
  Schema schema;
  schema.objective = group.text("objective");
  schema.has_truth = group.integer("has_truth") != 0;
  schema.dense = group.read_texts("dense");
  const auto fields = group.read_texts("field");
  const auto vocabularies = group.read<std::uint32_t>("vocabulary", fields.size());
  const auto axes = group.read_texts("axis");
  const auto is_input = group.read<std::uint8_t>("axis_is_input", axes.size());
  const auto is_control = group.read<std::uint8_t>("axis_is_control", axes.size());
  const auto cohorts = group.read_texts("cohort");
  const auto cohort_axis = group.read<std::uint32_t>("cohort_axis", cohorts.size());
  for (std::size_t f = 0; f < fields.size(); ++f) schema.fields.push_back({fields[f], vocabularies[f]});
  for (std::size_t a = 0; a < axes.size(); ++a)
    schema.axes.push_back({axes[a], {}, is_input[a] != 0, is_control[a] != 0});
  for (std::size_t c = 0; c < cohorts.size(); ++c) {
    if (cohort_axis[c] >= axes.size()) group.fail("cohort_axis", fmt::format("there is no axis {}", cohort_axis[c]));
    schema.axes[cohort_axis[c]].cohorts.push_back(cohorts[c]);
  }
  return schema;
}

void write_timing(const hdf5::Group& root, const NamedSeconds& timing) {
  std::vector<std::string> phases;
  std::vector<double> seconds;
  for (const auto& [phase, duration] : timing) {
    phases.push_back(phase);
    seconds.push_back(duration);
  }
  const hdf5::Group group = root.create("timing");
  group.write_texts("phase", phases, "phase");
  group.write("seconds", seconds, "phase", "s");
}

NamedSeconds read_timing(const hdf5::Group& root) {
  const hdf5::Group group = root.open("timing");
  const auto phases = group.read_texts("phase");
  const auto seconds = group.read<double>("seconds", phases.size());
  NamedSeconds timing;
  for (std::size_t i = 0; i < phases.size(); ++i) timing.emplace_back(phases[i], seconds[i]);
  return timing;
}

}  // namespace c2al::store

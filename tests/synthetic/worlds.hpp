#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/data/memory_source.hpp"
#include "synthetic/generator.hpp"

namespace c2al::synthetic {

/// Three visible cohorts of 90/7/3, the minorities with interactions of their own (preset A).
inline AxisConfig value_axis() {
  AxisConfig axis;
  axis.name = "user_value";
  axis.cohorts = {{"middle", 0.90, 0.0, 1.0, 0.0}, {"high", 0.07, 0.5, 1.0, 2.0}, {"low", 0.03, -0.5, 1.0, 2.0}};
  return axis;
}

inline WorldConfig preset_a() {
  WorldConfig world;
  world.axes = {value_axis()};
  return world;
}

/// The same axis hidden behind proxies.
inline AxisConfig hidden_axis(std::size_t proxies, std::uint32_t vocabulary, double fidelity) {
  AxisConfig axis = value_axis();
  axis.name = "tenure";
  axis.visible = false;
  axis.proxies = proxies;
  axis.proxy_vocabulary = vocabulary;
  axis.proxy_fidelity = fidelity;
  return axis;
}

/// A world in which every combination of ids is met many times: `fields` active fields of 2 to 4 ids, no inert one, no
/// term but those a test adds.
inline WorldConfig tiny_world(std::size_t fields, std::vector<AxisConfig> axes) {
  WorldConfig world;
  world.fields = fields;
  world.vocabulary_min = 2;
  world.vocabulary_max = 4;
  world.linear_strength = 0;
  world.global_strength = 0;
  world.global_pairs = 1;
  world.inert_field = false;
  world.axes = std::move(axes);
  return world;
}

/// An axis of two equal visible cohorts without any effect.
inline AxisConfig even_axis(const std::string& name) {
  AxisConfig axis;
  axis.name = name;
  axis.cohorts = {{"first", 0.5, 0.0, 1.0, 0.0}, {"second", 0.5, 0.0, 1.0, 0.0}};
  axis.specific_pairs = 1;
  return axis;
}

/// Id of a sample in a field.
inline std::uint32_t id_of(const MemorySource& source, const SampleTable& table, std::size_t sample,
                           std::size_t field) {
  auto id = static_cast<std::uint32_t>(table.rows[sample * table.fields + field]);
  for (std::size_t f = 0; f < field; ++f) id -= source.schema().fields[f].vocabulary;
  return id;
}

/// The rows of the first `fields` fields of a sample, to find equal inputs.
inline std::vector<std::int32_t> input_of(const SampleTable& table, std::size_t sample, std::size_t fields) {
  const auto first = table.rows.begin() + static_cast<std::ptrdiff_t>(sample * table.fields);
  return {first, first + static_cast<std::ptrdiff_t>(fields)};
}

}  // namespace c2al::synthetic

#include "scenarios/cache/cache_format.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace c2al::cache {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kind = "prepared data set";

Json schema_json(const Head& head) {
  Json json;
  json["objective"] = head.schema.objective;
  json["chunk_rows"] = head.chunk_rows;
  for (std::size_t s = 0; s < split_count; ++s) json["rows"][split_name(static_cast<Split>(s))] = head.rows[s];
  json["fields"] = Json::array();
  for (const Field& field : head.schema.fields)
    json["fields"].push_back({{"name", field.name}, {"vocabulary", field.vocabulary}});
  json["dense"] = head.schema.dense;
  json["axes"] = Json::array();
  for (std::size_t a = 0; a < head.schema.axes.size(); ++a) {
    const CohortAxis& axis = head.schema.axes[a];
    Json entry = {
        {"name", axis.name}, {"cohorts", axis.cohorts}, {"is_input", axis.is_input}, {"is_control", axis.is_control}};
    for (std::size_t s = 0; s < split_count; ++s)
      entry["samples"][split_name(static_cast<Split>(s))] = head.cohort_sizes[a][s];
    json["axes"].push_back(std::move(entry));
  }
  return json;
}

void parse_schema(const Json& json, Head& head) {
  head.schema.objective = json.at("objective");
  head.chunk_rows = json.at("chunk_rows");
  for (std::size_t s = 0; s < split_count; ++s) head.rows[s] = json.at("rows").at(split_name(static_cast<Split>(s)));
  for (const Json& field : json.at("fields")) head.schema.fields.push_back({field.at("name"), field.at("vocabulary")});
  for (const Json& name : json.at("dense")) head.schema.dense.push_back(name);
  for (const Json& entry : json.at("axes")) {
    head.schema.axes.push_back({entry.at("name"), entry.at("cohorts"), entry.at("is_input"), entry.at("is_control")});
    auto& sizes = head.cohort_sizes.emplace_back();
    for (std::size_t s = 0; s < split_count; ++s)
      for (const Json& size : entry.at("samples").at(split_name(static_cast<Split>(s)))) sizes[s].push_back(size);
  }
}

/// Bytes that are no UTF-8, as an owner's file may hold, are replaced.
std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace); }

}  // namespace

void write_head(const hdf5::Group& root, const Head& head) {
  root.set("c2al_kind", kind);
  root.set("c2al_cache_version", version);
  root.write_text("schema", dump(schema_json(head)));
  Json facts = Json::array();
  for (const auto& [name, value] : head.facts) facts.push_back({name, value});
  root.write_text("facts", dump(facts));
}

Head read_head(const hdf5::Group& root) {
  if (!root.has_attribute("c2al_kind") || root.text("c2al_kind") != kind)
    throw RunError(fmt::format("{}: is no prepared data set; c2al prepare makes one", root.file()));
  if (const std::uint64_t found = root.natural("c2al_cache_version"); found != version)
    throw RunError(fmt::format("{}: is a prepared data set of version {}, expected {}; prepare it again", root.file(),
                               found, version));
  Head head;
  try {
    parse_schema(Json::parse(root.read_text("schema")), head);
    for (const Json& fact : Json::parse(root.read_text("facts"))) head.facts.emplace_back(fact.at(0), fact.at(1));
  } catch (const Json::exception& error) {
    throw RunError(fmt::format("{}: the prepared data set's schema is damaged: {}", root.file(), error.what()));
  }
  return head;
}

std::string split_path(Split split) { return fmt::format("data/{}", split_name(split)); }

std::string column_name(const char* kind_of_column, std::size_t index) {
  return fmt::format("{}_{:03}", kind_of_column, index);
}

}  // namespace c2al::cache

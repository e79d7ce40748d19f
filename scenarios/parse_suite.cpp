#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "scenarios/sections.hpp"

namespace c2al {

namespace {

/// seeds = [1, 2, 5], or seeds = {first = 1, count = 8}.
std::vector<std::uint64_t> parse_seeds(TableReader& reader) {
  std::vector<std::uint64_t> seeds;
  reader.require("seeds");
  if (reader.value().find("seeds")->kind == ConfigValue::Kind::table) {
    TableReader range = reader.table("seeds");
    std::uint64_t first = 1, count = 0;
    range.read("first", first, 0, 1'000'000'000'000);
    range.require("count");
    range.read("count", count, 1, 1'000'000);
    range.finish();
    for (std::uint64_t i = 0; i < count; ++i) seeds.push_back(first + i);
    return seeds;
  }
  reader.read("seeds", seeds, 0, INT64_MAX);
  std::vector<std::uint64_t> sorted = seeds;
  std::sort(sorted.begin(), sorted.end());
  if (seeds.empty() || std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    reader.fail("seeds", "different whole numbers, or a table like {first = 1, count = 8}");
  return seeds;
}

void check_different(const TableReader& reader, const std::string& key, std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  if (names.empty()) reader.fail(key, "at least one");
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) reader.fail(key, fmt::format("'{}' only once", *twice));
}

}  // namespace

Suite parse_suite(const std::filesystem::path& file) {
  Suite suite;
  suite.file = file;
  suite.text = read_config_text(file.string(), "suite");
  const ConfigValue root = parse_toml(suite.text, file.string());
  TableReader reader(root, "");
  reader.require("name");
  reader.read_name("name", suite.name);
  reader.require("title");
  reader.read("title", suite.title);

  reader.require("scenarios");
  std::vector<std::string> scenarios;
  reader.read("scenarios", scenarios);
  check_different(reader, "scenarios", scenarios);
  for (const std::string& scenario : scenarios) {
    suite.scenarios.push_back((file.parent_path() / scenario).lexically_normal());
    if (!std::filesystem::exists(suite.scenarios.back()))
      reader.fail("scenarios", fmt::format("files that exist: {} does not", suite.scenarios.back().string()));
  }

  reader.require("methods");
  std::vector<std::string> methods;
  reader.read("methods", methods);
  check_different(reader, "methods", methods);
  // Everything is compared with plain.
  suite.methods = {"plain"};
  for (const std::string& method : methods)
    if (method != "plain") suite.methods.push_back(method);

  suite.seeds = parse_seeds(reader);
  reader.read("overrides", suite.overrides);
  if (reader.has("method")) {
    TableReader method = reader.table("method");
    suite.method_tables = parse_method_tables(method);
    method.finish();
  }
  reader.finish();
  return suite;
}

}  // namespace c2al

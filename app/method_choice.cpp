#include "app/method_choice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"

namespace c2al {

namespace {

bool in_catalogue(const std::string& name) {
  const auto& entries = method_catalogue();
  return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) { return entry.name == name; });
}

}  // namespace

const CatalogueEntry& method_named(const Scenario& scenario, const std::string& name) {
  const auto found = scenario.methods.find(name);
  if (found != scenario.methods.end() && !found->second.variant_of.empty())
    return find_method(found->second.variant_of);
  try {
    return find_method(name);
  } catch (const UsageError& error) {
    std::string variants;
    for (const auto& [variant, table] : scenario.methods)
      if (!table.variant_of.empty()) variants += (variants.empty() ? "; variants: " : ", ") + variant;
    throw UsageError(error.what() + variants);
  }
}

Settings method_settings(const Scenario& scenario, const std::string& name) {
  const auto found = scenario.methods.find(name);
  return found == scenario.methods.end() ? Settings() : found->second.settings;
}

std::unique_ptr<Method> make_method_named(const Scenario& scenario, const std::string& name,
                                          const MethodContext& context) {
  return make_method(method_named(scenario, name).name, context, method_settings(scenario, name));
}

void check_method_tables(const MethodTables& tables) {
  for (const auto& [name, table] : tables) {
    const std::string& base = table.variant_of;
    const std::string where = base.empty() ? table.where : fmt::format("{} method = \"{}\"", table.where, base);
    if (!base.empty() && in_catalogue(name))
      throw UsageError(
          fmt::format("{}: '{}' is a method of the catalogue: a variant needs a name of its own", where, name));
    const auto of = tables.find(base);
    if (!base.empty() && !in_catalogue(base) && of != tables.end() && !of->second.variant_of.empty())
      throw UsageError(fmt::format("{}: '{}' is a variant itself: expected a method of the catalogue", where, base));
    try {
      find_method(base.empty() ? name : base);
    } catch (const UsageError& error) {
      const char* hint = base.empty() ? "; a key method = \"NAME\" makes the table a variant of that method" : "";
      throw UsageError(fmt::format("{}: {}{}", where, error.what(), hint));
    }
  }
}

void add_method_tables(Scenario& scenario, const MethodTables& of_suite) {
  for (const auto& [name, table] : of_suite) {
    const auto [own, added] = scenario.methods.emplace(name, table);
    if (!added)
      throw UsageError(
          fmt::format("{}: the scenario has this table too ({}): expected it in one of the two files; the "
                      "suite's overrides can change single keys of the scenario's",
                      table.where, own->second.where));
  }
}

}  // namespace c2al

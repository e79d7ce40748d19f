#include <fmt/format.h>

#include <cmath>

#include "core/error.hpp"
#include "scenarios/sections.hpp"

namespace c2al {

namespace {

/// All keys of a table but `method`.
Settings settings_of(const ConfigValue& table, const std::string& path) {
  std::map<std::string, Settings::Value> values;
  for (std::size_t i = 0; i < table.keys.size(); ++i) {
    if (table.keys[i] == "method") continue;
    const ConfigValue& item = table.items[i];
    const auto* real = std::get_if<double>(&item.scalar);
    const bool scalar = item.kind != ConfigValue::Kind::array && item.kind != ConfigValue::Kind::table &&
                        item.kind != ConfigValue::Kind::date;
    if (!scalar || (real != nullptr && !std::isfinite(*real)))
      throw UsageError(fmt::format("{}: [{}] {} = {}: expected a finite number, true, false or a string", item.where,
                                   path, table.keys[i], to_string(item)));
    values[table.keys[i]] = item.scalar;
  }
  return Settings(fmt::format("{}: [{}]", table.where, path), std::move(values));
}

/// A lower-case identifier, as the catalogue's names are; what [method] itself calls a key is taken.
bool variant_name(const std::string& name) {
  if (name == "lambda_head" || name == "lambda_tail") return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos &&
         name.find_first_of("0123456789_") != 0;
}

}  // namespace

MethodTables parse_method_tables(TableReader& reader) {
  MethodTables tables;
  const ConfigValue& method = reader.value();
  for (std::size_t i = 0; i < method.keys.size(); ++i) {
    const std::string& name = method.keys[i];
    if (method.items[i].kind != ConfigValue::Kind::table || reader.known(name)) continue;
    TableReader table = reader.table(name);
    MethodTable& entry = tables[name];
    table.read("method", entry.variant_of);
    if (table.has("method") && !variant_name(name))
      throw UsageError(
          fmt::format("{}: [method.{}]: expected another name: lower-case letters, digits and '_', starting with a "
                      "letter, no key of [method]",
                      table.where(), name));
    entry.where = fmt::format("{}: [method.{}]", table.where(), name);
    entry.settings = settings_of(table.value(), "method." + name);
  }
  return tables;
}

}  // namespace c2al

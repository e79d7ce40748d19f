#include "scenarios/table_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.hpp"

namespace c2al {

using Kind = ConfigValue::Kind;

std::string Range::text() const {
  if (!min_excluded && !max_excluded) return fmt::format("a number from {} to {}", min, max);
  return fmt::format("a number {} {} and {} {}", min_excluded ? "above" : "at least", min,
                     max_excluded ? "below" : "at most", max);
}

TableReader::TableReader(const ConfigValue& table, std::string path) : table_(table), path_(std::move(path)) {
  if (table.kind != Kind::table)
    throw UsageError(fmt::format("{}: {} = {}: expected a table", table.where, path_, to_string(table)));
}

std::string TableReader::name() const { return path_.empty() ? "the top level" : fmt::format("[{}]", path_); }

std::string TableReader::child(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }

bool TableReader::has(const std::string& key) {
  known_.insert(key);
  return table_.find(key) != nullptr;
}

void TableReader::require(const std::string& key) {
  if (!has(key)) throw UsageError(fmt::format("{}: missing key '{}' in {}", table_.where, key, name()));
}

void TableReader::fail_at(const ConfigValue& value, const std::string& key, const std::string& expected) const {
  throw UsageError(fmt::format("{}: {}{} = {}: expected {}", value.where, path_.empty() ? "" : name() + " ", key,
                               to_string(value), expected));
}

void TableReader::fail(const std::string& key, const std::string& expected) const {
  const ConfigValue* value = table_.find(key);
  if (value != nullptr) fail_at(*value, key, expected);
  throw UsageError(fmt::format("{}: {} has no '{}': expected {}", table_.where, name(), key, expected));
}

std::int64_t TableReader::integer(const ConfigValue& value, const std::string& key, std::int64_t min,
                                  std::int64_t max) const {
  const auto* number = std::get_if<std::int64_t>(&value.scalar);
  if (value.kind != Kind::integer || *number < min || *number > max)
    fail_at(value, key, fmt::format("a whole number from {} to {}", min, max));
  return *number;
}

double TableReader::number(const ConfigValue& value, const std::string& key, const Range& range) const {
  double number = 0;
  if (value.kind == Kind::real)
    number = std::get<double>(value.scalar);
  else if (value.kind == Kind::integer)
    number = static_cast<double>(std::get<std::int64_t>(value.scalar));
  else
    fail_at(value, key, range.text());
  if (!range.contains(number)) fail_at(value, key, range.text());
  return number;
}

void TableReader::read(const std::string& key, double& target, const Range& range) {
  if (has(key)) target = number(*table_.find(key), key, range);
}

void TableReader::read(const std::string& key, std::vector<double>& target, const Range& range) {
  if (!has(key)) return;
  target.clear();
  for (const ConfigValue& item : array(key, "an array of numbers")) target.push_back(number(item, key, range));
}

void TableReader::read(const std::string& key, bool& target) {
  if (!has(key)) return;
  const ConfigValue& value = *table_.find(key);
  if (value.kind != Kind::boolean) fail_at(value, key, "true or false");
  target = std::get<bool>(value.scalar);
}

const std::string& TableReader::text(const ConfigValue& value, const std::string& key,
                                     const std::string& expected) const {
  if (value.kind != Kind::text || std::get<std::string>(value.scalar).empty()) fail_at(value, key, expected);
  return std::get<std::string>(value.scalar);
}

void TableReader::read(const std::string& key, std::string& target) {
  if (has(key)) target = text(*table_.find(key), key, "a string that is not empty");
}

void TableReader::read_name(const std::string& key, std::string& target) {
  if (!has(key)) return;
  const std::string expected = "a name of letters, digits, '_' and '-'";
  const std::string& name = text(*table_.find(key), key, expected);
  if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != std::string::npos)
    fail(key, expected);
  target = name;
}

std::size_t TableReader::word(const std::string& key, const std::vector<std::string>& words) const {
  const ConfigValue& value = *table_.find(key);
  const std::string expected = fmt::format("one of \"{}\"", fmt::join(words, "\", \""));
  const auto found = std::find(words.begin(), words.end(), text(value, key, expected));
  if (found == words.end()) fail_at(value, key, expected);
  return static_cast<std::size_t>(found - words.begin());
}

const std::vector<ConfigValue>& TableReader::array(const std::string& key, const std::string& expected) const {
  const ConfigValue& value = *table_.find(key);
  if (value.kind != Kind::array) fail_at(value, key, expected);
  return value.items;
}

void TableReader::read(const std::string& key, std::vector<std::string>& target) {
  if (!has(key)) return;
  target.clear();
  for (const ConfigValue& item : array(key, "an array of strings"))
    target.push_back(text(item, key, "a string that is not empty"));
}

TableReader TableReader::table(const std::string& key) {
  require(key);
  return TableReader(*table_.find(key), child(key));
}

std::vector<TableReader> TableReader::tables(const std::string& key) {
  std::vector<TableReader> readers;
  if (!has(key)) return readers;
  const auto& items = array(key, "an array of tables");
  for (std::size_t i = 0; i < items.size(); ++i) readers.emplace_back(items[i], fmt::format("{}[{}]", child(key), i));
  return readers;
}

void TableReader::finish() const {
  for (std::size_t i = 0; i < table_.keys.size(); ++i) {
    if (known_.contains(table_.keys[i])) continue;
    throw UsageError(fmt::format("{}: unknown key '{}' in {}: expected one of {}", table_.items[i].where,
                                 table_.keys[i], name(), fmt::join(known_, ", ")));
  }
}

}  // namespace c2al

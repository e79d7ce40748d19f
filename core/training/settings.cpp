#include "core/training/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"

namespace c2al {

Settings::Settings(std::string where, std::map<std::string, Value> values)
    : where_(std::move(where)), values_(std::move(values)) {}

const Settings::Value* Settings::find(const std::string& key) {
  asked_.insert(key);
  const auto found = values_.find(key);
  return found == values_.end() ? nullptr : &found->second;
}

template <class T>
T Settings::take(const std::string& key, T value) {
  (*taken_)[key] = value;
  return value;
}

void Settings::reject(const std::string& key, const Value& value, const std::string& expected) const {
  throw UsageError(
      fmt::format("{}{}{} = {}: expected {}", where_, where_.empty() ? "" : ": ", key, to_string(value), expected));
}

double Settings::number(const std::string& key, double fallback, double min, double max) {
  const Value* value = find(key);
  if (value == nullptr) return take(key, fallback);
  double result = std::nan("");
  if (const auto* real = std::get_if<double>(value)) result = *real;
  if (const auto* whole = std::get_if<std::int64_t>(value)) result = static_cast<double>(*whole);
  // A NaN fails the comparison, so it is rejected too.
  if (!(result >= min && result <= max)) reject(key, *value, fmt::format("a number from {} to {}", min, max));
  return take(key, result);
}

std::int64_t Settings::integer(const std::string& key, std::int64_t fallback, std::int64_t min, std::int64_t max) {
  const Value* value = find(key);
  if (value == nullptr) return take(key, fallback);
  const auto* whole = std::get_if<std::int64_t>(value);
  if (whole == nullptr || *whole < min || *whole > max)
    reject(key, *value, fmt::format("a whole number from {} to {}", min, max));
  return take(key, *whole);
}

bool Settings::flag(const std::string& key, bool fallback) {
  const Value* value = find(key);
  if (value == nullptr) return take(key, fallback);
  const auto* flag = std::get_if<bool>(value);
  if (flag == nullptr) reject(key, *value, "true or false");
  return take(key, *flag);
}

std::string Settings::choice(const std::string& key, const std::string& fallback,
                             const std::vector<std::string>& choices) {
  const Value* value = find(key);
  if (value == nullptr) return take(key, fallback);
  const auto* word = std::get_if<std::string>(value);
  if (word == nullptr || std::find(choices.begin(), choices.end(), *word) == choices.end())
    reject(key, *value, fmt::format("one of \"{}\"", fmt::join(choices, "\", \"")));
  return take(key, *word);
}

void Settings::finish() const {
  for (const auto& [key, value] : values_) {
    if (asked_.contains(key)) continue;
    throw UsageError(fmt::format("{}{}unknown key '{}': expected {}", where_, where_.empty() ? "" : ": ", key,
                                 asked_.empty() ? "no keys" : fmt::format("one of {}", fmt::join(asked_, ", "))));
  }
}

namespace {

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::string text = fmt::format("{}", value);
  // TOML tells a float from an integer by its point or exponent.
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string quoted(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\')
      (text += '\\') += c;
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      text += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    else
      text += c;
  }
  return text + "\"";
}

}  // namespace

std::string to_string(const Settings::Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *whole);
  if (const auto* real = std::get_if<double>(&value)) return number_text(*real);
  return quoted(std::get<std::string>(value));
}

}  // namespace c2al

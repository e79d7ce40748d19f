#include "scenarios/config_value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <toml.hpp>

#include "core/error.hpp"
#include "scenarios/toml_nesting.hpp"

namespace c2al {

namespace {

/// toml11's messages are a drawing of the source over several lines: keeps the reason and the mark's remark.
std::string reason_in_one_line(const std::string& message) {
  std::string reason = message.substr(0, message.find('\n'));
  const auto drop_prefix = [&](const std::string& prefix) {
    if (reason.starts_with(prefix)) reason.erase(0, prefix.size());
  };
  drop_prefix("[error] ");
  if (reason.starts_with("toml::parse_boolean")) return "not a TOML value (a string needs quotes)";
  drop_prefix("toml::");
  // "parse_array: ", "insert_value: ": names of toml11's functions.
  const auto colon = reason.find(": ");
  if (colon != std::string::npos && reason.find(' ') > colon && reason.find('_') < colon) reason.erase(0, colon + 2);

  std::string remark;
  const auto mark = message.rfind("^--- ");
  if (mark != std::string::npos) remark = message.substr(mark + 5, message.find('\n', mark) - mark - 5);
  if (reason.empty()) return remark;
  return remark.empty() || remark == "here" ? reason : fmt::format("{} ({})", reason, remark);
}

ConfigValue convert(const toml::value& source, const std::string& name, bool with_line) {
  ConfigValue value;
  value.where = with_line ? fmt::format("{}:{}", name, source.location().line()) : name;
  using Kind = ConfigValue::Kind;
  switch (source.type()) {
    case toml::value_t::boolean:
      value.kind = Kind::boolean;
      value.scalar = source.as_boolean();
      break;
    case toml::value_t::integer: {
      value.kind = Kind::integer;
      const std::int64_t number = source.as_integer();
      // toml11 saturates silently.
      if (number == std::numeric_limits<std::int64_t>::max() || number == std::numeric_limits<std::int64_t>::min())
        throw UsageError(fmt::format("{}: an integer does not fit into 64 bits", value.where));
      value.scalar = number;
      break;
    }
    case toml::value_t::floating: {
      value.kind = Kind::real;
      const double number = source.as_floating();
      if (number == std::numeric_limits<double>::max() || number == std::numeric_limits<double>::lowest())
        throw UsageError(fmt::format("{}: a number does not fit into a double", value.where));
      value.scalar = number;
      break;
    }
    case toml::value_t::string:
      value.kind = Kind::text;
      value.scalar = source.as_string().str;
      break;
    case toml::value_t::array:
      value.kind = Kind::array;
      for (const toml::value& item : source.as_array()) value.items.push_back(convert(item, name, with_line));
      break;
    case toml::value_t::table: {
      const auto& table = source.as_table();
      for (const auto& entry : table) value.keys.push_back(entry.first);
      std::sort(value.keys.begin(), value.keys.end());
      for (const std::string& key : value.keys) value.items.push_back(convert(table.at(key), name, with_line));
      break;
    }
    default:
      value.kind = Kind::date;
      value.scalar = toml::format(source);
  }
  return value;
}

/// The parser recurses; what no scenario comes near must not take the stack.
void check_nesting(const std::string& text, const std::string& where) {
  constexpr std::size_t deepest = 64;
  const std::size_t depth = toml_nesting(text);
  if (depth > deepest)
    throw UsageError(
        fmt::format("{}: arrays, tables and keys are nested {} deep: expected at most {}", where, depth, deepest));
}

bool is_bare_word(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./").find(c) != std::string_view::npos;
  });
}

}  // namespace

const ConfigValue* ConfigValue::find(const std::string& key) const {
  const auto found = std::lower_bound(keys.begin(), keys.end(), key);
  return found == keys.end() || *found != key ? nullptr : &items[static_cast<std::size_t>(found - keys.begin())];
}

ConfigValue& ConfigValue::at_or_add(const std::string& key, const std::string& place) {
  const auto found = std::lower_bound(keys.begin(), keys.end(), key);
  const auto position = found - keys.begin();
  if (found == keys.end() || *found != key) {
    keys.insert(found, key);
    ConfigValue table;
    table.where = place;
    items.insert(items.begin() + position, std::move(table));
  }
  return items[static_cast<std::size_t>(position)];
}

std::string to_string(const ConfigValue& value) {
  constexpr std::size_t shown = 4;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < value.items.size() && i < shown; ++i) {
    const std::string text = to_string(value.items[i]);
    parts.push_back(value.kind == ConfigValue::Kind::table ? fmt::format("{} = {}", value.keys[i], text) : text);
  }
  if (value.items.size() > shown) parts.push_back("...");
  if (value.kind == ConfigValue::Kind::array) return fmt::format("[{}]", fmt::join(parts, ", "));
  if (value.kind == ConfigValue::Kind::table) return fmt::format("{{{}}}", fmt::join(parts, ", "));
  if (value.kind == ConfigValue::Kind::date) return std::get<std::string>(value.scalar);
  return to_string(value.scalar);
}

ConfigValue parse_toml(const std::string& text, const std::string& name) {
  check_nesting(text, name);
  try {
    std::istringstream stream(text);
    return convert(toml::parse(stream, name), name, true);
  } catch (const toml::exception& e) {
    throw UsageError(fmt::format("{}:{}: {}", name, e.location().line(), reason_in_one_line(e.what())));
  } catch (const Error&) {
    throw;
  } catch (const std::exception& e) {
    throw UsageError(fmt::format("{}: not a TOML file: {}", name, reason_in_one_line(e.what())));
  }
}

ConfigValue parse_toml_value(const std::string& text, const std::string& where) {
  check_nesting(text, where);
  try {
    std::istringstream stream("value = " + text);
    const toml::value parsed = toml::parse(stream, "--set");
    if (parsed.as_table().size() == 1) return convert(parsed.as_table().at("value"), where, false);
  } catch (const Error&) {
    throw;
  } catch (const std::exception&) {
    if (is_bare_word(text)) {
      ConfigValue word;
      word.kind = ConfigValue::Kind::text;
      word.where = where;
      word.scalar = text;
      return word;
    }
  }
  throw UsageError(fmt::format("{}: '{}' is not a TOML value", where, text));
}

std::string read_config_text(const std::string& file, const std::string& what) {
  if (!std::filesystem::exists(file)) throw UsageError(fmt::format("{}: there is no such {} file", file, what));
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream || std::filesystem::is_directory(file))
    throw UsageError(fmt::format("{}: the {} file cannot be read", file, what));
  return text.str();
}

}  // namespace c2al

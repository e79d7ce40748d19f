#pragma once
#include <string>
#include <vector>

#include "core/training/settings.hpp"

namespace c2al {

/// A TOML value with the place it was written at, so that every later complaint can name it. Keeps toml11, which is
/// slow to compile, out of all files but one.
struct ConfigValue {
  enum class Kind { boolean, integer, real, text, date, array, table };

  Kind kind = Kind::table;
  std::string where;               ///< "scenarios/preset_a.toml:12" or "--set model.dim=4"
  Settings::Value scalar;          ///< of a boolean, an integer, a real or a text (a date: its text)
  std::vector<std::string> keys;   ///< of a table, sorted
  std::vector<ConfigValue> items;  ///< of an array, or of a table in the order of `keys`

  /// The value of a table's key; null when there is none.
  const ConfigValue* find(const std::string& key) const;
  /// The value of a table's key, made (an empty table written at `where`) when there is none.
  ConfigValue& at_or_add(const std::string& key, const std::string& where);
};

/// A value as TOML text, long arrays and tables shortened; for messages.
std::string to_string(const ConfigValue& value);

/// Parses TOML text. Throws UsageError "NAME:LINE: reason" for a syntax error and for numbers that do not fit.
/// @param name  of the file, for messages
ConfigValue parse_toml(const std::string& text, const std::string& name);

/// Parses one value in TOML syntax; a bare word of letters, digits and "_-./" that is no TOML value is a string.
/// Throws UsageError "WHERE: reason".
ConfigValue parse_toml_value(const std::string& text, const std::string& where);

/// The whole content of a text file. Throws UsageError naming the file and `what` it should be ("scenario").
std::string read_config_text(const std::string& file, const std::string& what);

}  // namespace c2al

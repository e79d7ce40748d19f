#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace c2al {

/// A flat table of settings as a user wrote them ([method.NAME] of a scenario). Every getter names the table, the key
/// and the value found when the type or range is wrong; finish() rejects keys nobody asked for. All throw UsageError.
class Settings {
 public:
  using Value = std::variant<bool, std::int64_t, double, std::string>;

  Settings() = default;
  /// @param where  for messages: "scenarios/preset_a.toml [method.c2al]"
  Settings(std::string where, std::map<std::string, Value> values);

  double number(const std::string& key, double fallback, double min, double max);
  std::int64_t integer(const std::string& key, std::int64_t fallback, std::int64_t min, std::int64_t max);
  bool flag(const std::string& key, bool fallback);
  std::string choice(const std::string& key, const std::string& fallback, const std::vector<std::string>& choices);
  /// Throws for the first key that no getter has read, naming the keys that were.
  void finish() const;

  const std::map<std::string, Value>& values() const { return values_; }
  /// What the getters gave, defaults included, by key; shared with all copies, so that whoever hands a copy to a method
  /// learns what the method took.
  const std::map<std::string, Value>& taken() const { return *taken_; }

 private:
  const Value* find(const std::string& key);
  /// Keeps what a getter gives.
  template <class T>
  T take(const std::string& key, T value);
  [[noreturn]] void reject(const std::string& key, const Value& value, const std::string& expected) const;
  std::string where_;
  std::map<std::string, Value> values_;
  std::set<std::string> asked_;
  std::shared_ptr<std::map<std::string, Value>> taken_ = std::make_shared<std::map<std::string, Value>>();
};

/// A value as the user would write it in TOML.
std::string to_string(const Settings::Value& value);

}  // namespace c2al

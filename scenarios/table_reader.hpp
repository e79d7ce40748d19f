#pragma once
#include <concepts>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "scenarios/config_value.hpp"
#include "scenarios/words.hpp"

namespace c2al {

/// The reals a key may take. Infinities and NaN are never inside.
struct Range {
  double min, max;
  bool min_excluded = false, max_excluded = false;

  bool contains(double x) const { return (min_excluded ? x > min : x >= min) && (max_excluded ? x < max : x <= max); }
  /// "a number from 0 to 1", "a number above 0, at most 10".
  std::string text() const;
};

/// Strict access to one table: a getter leaves its target alone when the key is absent, remembers that the key is
/// known, and throws UsageError "FILE:LINE: [table] key = value: expected ..." when type or range are wrong.
class TableReader {
 public:
  /// @param path  of the table, "world.axes[0]"; empty for the top level. `table` must outlive the reader.
  TableReader(const ConfigValue& table, std::string path);

  bool has(const std::string& key);
  /// Whether a getter has asked for the key.
  bool known(const std::string& key) const { return known_.contains(key); }
  /// Throws when the key is absent.
  void require(const std::string& key);

  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) void read(const std::string& key, T& target, std::int64_t min, std::int64_t max) {
    if (has(key)) target = static_cast<T>(integer(*table_.find(key), key, min, max));
  }
  void read(const std::string& key, double& target, const Range& range);
  void read(const std::string& key, bool& target);
  void read(const std::string& key, std::string& target);
  /// A name of letters, digits, "_" and "-": it becomes part of file names and result paths.
  void read_name(const std::string& key, std::string& target);
  template <class T, class E, std::size_t N>
  void read(const std::string& key, T& target, const Words<E, N>& words) {
    if (has(key)) target = words[word(key, word_list(words))].value;
  }
  template <std::unsigned_integral T>
  void read(const std::string& key, std::vector<T>& target, std::int64_t min, std::int64_t max) {
    if (!has(key)) return;
    target.clear();
    for (const ConfigValue& item : array(key, "an array of whole numbers"))
      target.push_back(static_cast<T>(integer(item, key, min, max)));
  }
  void read(const std::string& key, std::vector<std::string>& target);
  void read(const std::string& key, std::vector<double>& target, const Range& range);

  /// The table of a key, which must be there.
  TableReader table(const std::string& key);
  /// The tables of an array of tables; none when the key is absent.
  std::vector<TableReader> tables(const std::string& key);

  /// Throws for the first key that no getter has asked for, naming the known ones.
  void finish() const;
  /// Throws UsageError at a key of this table (or at the table, when it is absent): "[table] key = value: expected
  /// ...".
  [[noreturn]] void fail(const std::string& key, const std::string& expected) const;

  const ConfigValue& value() const { return table_; }
  const std::string& where() const { return table_.where; }
  /// "[model]", or "the top level".
  std::string name() const;

 private:
  std::int64_t integer(const ConfigValue& value, const std::string& key, std::int64_t min, std::int64_t max) const;
  double number(const ConfigValue& value, const std::string& key, const Range& range) const;
  std::size_t word(const std::string& key, const std::vector<std::string>& words) const;
  const std::vector<ConfigValue>& array(const std::string& key, const std::string& expected) const;
  const std::string& text(const ConfigValue& value, const std::string& key, const std::string& expected) const;
  [[noreturn]] void fail_at(const ConfigValue& value, const std::string& key, const std::string& expected) const;
  std::string child(const std::string& key) const;

  const ConfigValue& table_;
  std::string path_;
  std::set<std::string> known_;
};

}  // namespace c2al

#include "scenarios/datasets/parse_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "scenarios/words.hpp"

namespace c2al {

namespace {

constexpr std::int64_t largest_count = 1'000'000'000;
constexpr const char* everything_else = "*";

constexpr Words<NumericTransform, 4> transform_words = {{{"standardise", NumericTransform::standardise},
                                                         {"signed_log", NumericTransform::signed_log},
                                                         {"log_square", NumericTransform::log_square},
                                                         {"quantile", NumericTransform::quantile}}};

/// A name that ends in a number, "C12".
struct NumberedName {
  std::string stem;
  std::uint32_t number = 0;
  bool valid = false;

  explicit NumberedName(const std::string& name) {
    const std::size_t digits = name.find_last_not_of("0123456789") + 1;
    stem = name.substr(0, digits);
    const char* end = name.data() + name.size();
    valid = digits < name.size() && std::from_chars(name.data() + digits, end, number).ptr == end;
  }
};

/// Reads a list of names with its ranges written out.
std::vector<std::string> read_names(TableReader& reader, const std::string& key) {
  std::vector<std::string> written, names;
  reader.read(key, written);
  for (const std::string& item : written) {
    const std::size_t dots = item.find("..");
    if (dots == std::string::npos) {
      names.push_back(item);
      continue;
    }
    const NumberedName first(item.substr(0, dots)), last(item.substr(dots + 2));
    if (!first.valid || !last.valid || first.stem != last.stem || first.number > last.number ||
        last.number - first.number > 100000)
      reader.fail(key, fmt::format("'{}' to be a range of numbered names, \"C1..C26\"", item));
    for (std::uint32_t i = first.number; i <= last.number; ++i) names.push_back(first.stem + std::to_string(i));
  }
  return names;
}

class ColumnParser {
 public:
  explicit ColumnParser(TableReader& reader) : reader_(reader) {}

  ColumnList parse() {
    reader_.require("names");
    list_.names = read_names(reader_, "names");
    if (list_.names.empty()) reader_.fail("names", "the names of all columns, in the file's order");
    for (const std::string& name : list_.names) {
      if (std::count(list_.names.begin(), list_.names.end(), name) != 1)
        reader_.fail("names", fmt::format("'{}' to name one column only", name));
      list_.columns.push_back({});
      list_.columns.back().name = name;
      list_.columns.back().role = ColumnRole::ignore;
    }
    named_.assign(list_.names.size(), false);
    give_role("categorical", ColumnRole::categorical);
    give_role("continuous", ColumnRole::continuous);
    give_role("ignore", ColumnRole::ignore);
    give_the_rest();
    read_defaults();
    for (TableReader& rule : reader_.tables("rules")) read_rule(rule);
    return std::move(list_);
  }

 private:
  DatasetColumn& column(const TableReader& reader, const std::string& key, const std::string& name) {
    const auto found = std::find(list_.names.begin(), list_.names.end(), name);
    if (found == list_.names.end()) reader.fail(key, fmt::format("names of columns: there is no '{}'", name));
    return list_.columns[static_cast<std::size_t>(found - list_.names.begin())];
  }

  void give_role(const std::string& key, ColumnRole role) {
    for (const std::string& name : read_names(reader_, key)) {
      if (name == everything_else && role != ColumnRole::ignore) {
        if (rest_ != ColumnRole::ignore) reader_.fail(key, "\"*\" in one of categorical and continuous");
        rest_ = role;
        continue;
      }
      DatasetColumn& c = column(reader_, key, name);
      const auto position = static_cast<std::size_t>(&c - list_.columns.data());
      if (named_[position]) reader_.fail(key, fmt::format("one role for each column: '{}' has another", name));
      named_[position] = true;
      c.role = role;
    }
  }

  void give_the_rest() {
    for (std::size_t i = 0; i < named_.size(); ++i)
      if (!named_[i]) list_.columns[i].role = rest_;
  }

  void read_defaults() {
    DatasetColumn defaults;
    reader_.read("missing", defaults.missing);
    reader_.read("transform", defaults.transform, transform_words);
    reader_.read("minimum_count", defaults.minimum_count, 1, largest_count);
    for (DatasetColumn& c : list_.columns) {
      c.missing = defaults.missing;
      if (c.role == ColumnRole::continuous) c.transform = defaults.transform;
      if (c.role == ColumnRole::categorical) c.minimum_count = defaults.minimum_count;
    }
  }

  void read_rule(TableReader& rule) {
    rule.require("names");
    for (const std::string& name : read_names(rule, "names")) {
      DatasetColumn& c = column(rule, "names", name);
      rule.read("missing", c.missing);
      rule.read("allow_missing", c.allow_missing);
      rule.read("missing_indicator", c.missing_indicator);
      rule.read("transform", c.transform, transform_words);
      rule.read("minimum_count", c.minimum_count, 1, largest_count);
      rule.read("hash_buckets", c.hash_buckets, 1, largest_count);
      const auto only_for = [&](const std::string& key, bool fits, const std::string& role) {
        if (rule.has(key) && !fits) rule.fail(key, fmt::format("{} columns only: '{}' is none", role, name));
      };
      const bool becomes_category = c.role == ColumnRole::categorical || c.transform == NumericTransform::log_square;
      only_for("transform", c.role == ColumnRole::continuous, "continuous");
      only_for("missing_indicator", c.role == ColumnRole::continuous, "continuous");
      only_for("minimum_count", becomes_category, "categorical");
      only_for("hash_buckets", becomes_category, "categorical");
    }
    rule.finish();
  }

  TableReader& reader_;
  ColumnList list_;
  std::vector<bool> named_;
  ColumnRole rest_ = ColumnRole::ignore;
};

}  // namespace

ColumnList read_columns(TableReader& reader) { return ColumnParser(reader).parse(); }

DelimitedFormat read_format(TableReader& reader) {
  DelimitedFormat format;
  if (!reader.has("format")) return format;
  TableReader table = reader.table("format");
  table.read("delimiter", format.delimiter);
  if (format.delimiter.find_first_of("\r\n") != std::string::npos) table.fail("delimiter", "no line end");
  std::string quote;
  table.read("quote", quote);
  if (!quote.empty()) {
    if (quote != "\"" && quote != "'") table.fail("quote", "'\"' or \"'\"");
    format.quote = quote[0];
  }
  table.read("header", format.header);
  table.read("trim", format.trim);
  table.read("skip_empty_lines", format.skip_empty_lines);
  table.read("comment", format.comment);
  table.finish();
  return format;
}

}  // namespace c2al

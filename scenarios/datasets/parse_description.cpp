#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "scenarios/config_value.hpp"
#include "scenarios/datasets/description.hpp"
#include "scenarios/datasets/parse_axis_rules.hpp"
#include "scenarios/datasets/parse_columns.hpp"
#include "scenarios/sections.hpp"

namespace c2al {

namespace {

constexpr Words<Split, split_count> split_words = {{{"train", Split::train},
                                                    {"discovery", Split::discovery},
                                                    {"validation", Split::validation},
                                                    {"test", Split::test}}};
constexpr Words<SplitRule::By, 5> split_rule_words = {{{"row", SplitRule::By::row},
                                                       {"inputs", SplitRule::By::inputs},
                                                       {"column", SplitRule::By::column},
                                                       {"time", SplitRule::By::time},
                                                       {"order", SplitRule::By::order}}};

void read_checksum(TableReader& reader, const std::string& key, std::size_t digits, std::string& sum) {
  reader.read(key, sum);
  if (!sum.empty() && (sum.size() != digits || sum.find_first_not_of("0123456789abcdef") != std::string::npos))
    reader.fail(key, fmt::format("{} lower-case hexadecimal digits", digits));
}

/// @param name_key  "name" in [[files]], "file" in [[joins]]
DatasetFile read_file(TableReader& reader, const std::string& name_key) {
  DatasetFile file;
  reader.require(name_key);
  reader.read(name_key, file.name);
  if (std::count(file.name.begin(), file.name.end(), '*') > 1 || file.name.find('/') != std::string::npos)
    reader.fail(name_key, "a file's name with at most one '*' and no folder");
  read_checksum(reader, "sha256", 64, file.sha256);
  read_checksum(reader, "md5", 32, file.md5);
  reader.read("rows", file.rows, 0, INT64_MAX);
  return file;
}

std::vector<DatasetFile> read_files(TableReader& reader) {
  std::vector<DatasetFile> files;
  for (TableReader& table : reader.tables("files")) {
    DatasetFile file = read_file(table, "name");
    table.read("optional", file.optional);
    if (table.has("split")) {
      Split split = Split::train;
      table.read("split", split, split_words);
      file.split = split;
    }
    table.finish();
    files.push_back(std::move(file));
  }
  if (files.empty()) reader.fail("files", "at least one [[files]]");
  return files;
}

std::vector<DatasetDownload> read_downloads(TableReader& reader) {
  std::vector<DatasetDownload> downloads;
  for (TableReader& table : reader.tables("downloads")) {
    DatasetDownload download;
    table.require("url");
    table.read("url", download.url);
    read_checksum(table, "sha256", 64, download.sha256);
    read_checksum(table, "md5", 32, download.md5);
    table.finish();
    downloads.push_back(std::move(download));
  }
  return downloads;
}

LabelRule read_label(TableReader reader) {
  LabelRule label;
  reader.require("column");
  reader.read("column", label.column);
  reader.read("positive", label.positive);
  reader.read("negative", label.negative);
  if (reader.has("at_least")) {
    label.at_least.emplace(0);
    reader.read("at_least", *label.at_least, Range{-1e300, 1e300});
  }
  if (label.at_least ? reader.has("positive") || reader.has("negative") : label.positive.empty())
    reader.fail("column", "either positive (with or without negative) or at_least beside it");
  for (const std::string& text : label.negative)
    if (std::find(label.positive.begin(), label.positive.end(), text) != label.positive.end())
      reader.fail("negative", fmt::format("texts that are not positive as well: '{}' is", text));
  reader.finish();
  return label;
}

DatasetJoin read_join(TableReader reader) {
  DatasetJoin join;
  join.file = read_file(reader, "file");
  join.format = read_format(reader);
  ColumnList list = read_columns(reader);
  join.columns = std::move(list.names);
  join.take = std::move(list.columns);
  reader.require("key");
  reader.read("key", join.key);
  if (std::find(join.columns.begin(), join.columns.end(), join.key) == join.columns.end())
    reader.fail("key", "a column of this table");
  join.main_key = join.key;
  reader.read("main_key", join.main_key);
  reader.finish();
  return join;
}

SplitRule read_split(TableReader reader) {
  SplitRule split;
  reader.read("by", split.by, split_rule_words);
  reader.read("column", split.column);
  const bool needs_column = split.by == SplitRule::By::column || split.by == SplitRule::By::time;
  if (needs_column == split.column.empty())
    reader.fail("column", needs_column ? "the column to split by" : "no such key: only \"column\" and \"time\" use it");
  const Range share{0, 1, true, true};
  reader.read("train_share", split.train, share);
  reader.read("discovery_share", split.discovery, share);
  reader.read("validation_share", split.validation, share);
  reader.read("test_share", split.test, share);
  check_shares(reader, "*_share", {split.train, split.discovery, split.validation, split.test});
  reader.read("seed", split.seed, 0, INT64_MAX);
  reader.read("leave_out_repeats", split.leave_out_repeats);
  reader.finish();
  return split;
}

bool is_input(const std::vector<DatasetColumn>& columns, const std::string& name) {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const DatasetColumn& c) { return c.name == name && c.role != ColumnRole::ignore; });
}

/// Names that rules use must be columns; no two inputs may have one name; the label is no input.
void check_names(TableReader& reader, const DatasetDescription& d) {
  std::set<std::string> known(d.column_names.begin(), d.column_names.end());
  const auto expect_column = [&](const std::string& key, const std::string& name) {
    if (!known.contains(name)) reader.fail(key, fmt::format("columns that a table has: there is no '{}'", name));
  };
  bool label_is_input = is_input(d.columns, d.label.column);
  for (const DatasetJoin& join : d.joins) {
    expect_column("joins", join.main_key);
    for (const std::string& name : join.columns)
      if (name != join.key && !known.insert(name).second)
        reader.fail("joins", fmt::format("columns of other names than those before: '{}' is repeated", name));
    if (is_input(join.take, join.key))
      reader.fail("joins", fmt::format("the key '{}' among the ignored columns: the main table has it", join.key));
    label_is_input = label_is_input || is_input(join.take, d.label.column);
  }
  expect_column("label", d.label.column);
  if (label_is_input) reader.fail("label", fmt::format("a column that is no input: '{}' is one", d.label.column));
  if (!d.split.column.empty()) expect_column("split", d.split.column);
  if (d.split.leave_out_repeats && !d.files.front().split)
    reader.fail("files", "first those with a split, as the others' repeats of their rows are left out");
  std::set<std::string> axes;
  for (const DatasetAxisRule& axis : d.axes) {
    expect_column("axes", axis.column);
    if (axis.column == d.label.column)
      reader.fail("axes", fmt::format("no axis made from the label '{}'", axis.column));
    if (!axes.insert(axis.name).second) reader.fail("axes", fmt::format("each axis once: '{}' is repeated", axis.name));
  }
}

}  // namespace

DatasetDescription parse_description(TableReader& reader) {
  DatasetDescription d;
  reader.require("name");
  reader.read_name("name", d.name);
  reader.read("summary", d.summary);
  reader.require("objective");
  reader.read_name("objective", d.objective);
  reader.read("licence", d.licence);
  reader.read("terms", d.terms);
  reader.read("home", d.home);
  reader.read("citation", d.citation);
  d.downloads = read_downloads(reader);
  d.files = read_files(reader);
  d.format = read_format(reader);
  TableReader columns = reader.table("columns");
  ColumnList list = read_columns(columns);
  columns.finish();
  d.column_names = std::move(list.names);
  d.columns = std::move(list.columns);
  d.label = read_label(reader.table("label"));
  for (TableReader& join : reader.tables("joins")) d.joins.push_back(read_join(join));
  reader.require("axes");
  for (TableReader& axis : reader.tables("axes")) d.axes.push_back(read_axis_rule(axis));
  if (d.axes.empty()) reader.fail("axes", "at least one axis");
  if (reader.has("split")) d.split = read_split(reader.table("split"));
  check_names(reader, d);
  reader.finish();
  return d;
}

DatasetDescription parse_description(const std::filesystem::path& file) {
  const ConfigValue root = parse_toml(read_config_text(file.string(), "data set description"), file.string());
  TableReader reader(root, "");
  DatasetDescription description = parse_description(reader);
  description.source = file;
  return description;
}

}  // namespace c2al

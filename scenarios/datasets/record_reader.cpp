#include "scenarios/datasets/record_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_set>

#include "core/error.hpp"
#include "scenarios/cache/text_hash.hpp"
#include "scenarios/datasets/dataset_files.hpp"
#include "scenarios/datasets/joined_table.hpp"
#include "scenarios/tables/byte_stream.hpp"
#include "scenarios/tables/delimited_reader.hpp"
#include "scenarios/tables/printable.hpp"
#include "scenarios/tables/time_value.hpp"

namespace c2al {

namespace {

/// Where a column's text is found: in the main row, or in what a joined table has for it.
struct Source {
  static constexpr std::size_t main = std::numeric_limits<std::size_t>::max();
  std::size_t table = main;  ///< number of the join
  std::size_t position = 0;  ///< in the main row, or among the join's wanted columns
  const DatasetColumn* column = nullptr;
};

bool contains(const std::vector<std::string>& texts, std::string_view text) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& t) { return t == text; });
}

}  // namespace

struct RecordReader::State {
  DatasetDescription description;
  FoundFiles found;
  bool file_decides = false;
  OnBadRow policy;
  BadRows bad;

  std::vector<JoinedTable> joins;
  std::vector<std::vector<std::size_t>> wanted;  ///< of each join: positions of the columns kept
  std::vector<Source> join_keys, categorical, continuous, axes;
  Source label, split_key;
  bool has_split_key = false;
  std::vector<DatasetColumn> categorical_columns, continuous_columns;

  std::unique_ptr<DelimitedReader> reader;
  std::size_t file = 0;
  TextRow row;
  std::string problem;
  std::vector<const std::string_view*> joined;
  std::uint64_t rows = 0, left_out = 0;
  std::unordered_set<std::uint64_t> claimed;  ///< hashes of rows whose file decides their split
  std::vector<std::uint64_t> rows_of_file;
  mutable std::vector<std::string> fingerprints;

  State(const DatasetDescription& d, OnBadRow on_bad_row) : description(d), policy(on_bad_row), bad(on_bad_row) {}

  /// The source of a column, which a join then keeps.
  Source source(const std::string& name) {
    const auto named = [&](const std::vector<DatasetColumn>& columns) -> const DatasetColumn* {
      const auto found_at =
          std::find_if(columns.begin(), columns.end(), [&](const DatasetColumn& c) { return c.name == name; });
      return found_at == columns.end() ? nullptr : &*found_at;
    };
    const auto& names = description.column_names;
    const auto in_main = std::find(names.begin(), names.end(), name);
    if (in_main != names.end()) {
      const DatasetColumn* column = named(description.columns);
      return {Source::main, static_cast<std::size_t>(in_main - names.begin()), column};
    }
    for (std::size_t j = 0; j < description.joins.size(); ++j) {
      const DatasetJoin& join = description.joins[j];
      const auto in_join = std::find(join.columns.begin(), join.columns.end(), name);
      if (in_join == join.columns.end()) continue;
      const auto position = static_cast<std::size_t>(in_join - join.columns.begin());
      auto kept = std::find(wanted[j].begin(), wanted[j].end(), position);
      if (kept == wanted[j].end()) kept = wanted[j].insert(wanted[j].end(), position);
      return {j, static_cast<std::size_t>(kept - wanted[j].begin()), named(join.take)};
    }
    throw UsageError(fmt::format("data set '{}': no table has the column '{}'", description.name, name));
  }

  void add_inputs(const std::vector<DatasetColumn>& columns) {
    for (const DatasetColumn& column : columns) {
      if (column.role == ColumnRole::ignore) continue;
      const bool is_category = column.role == ColumnRole::categorical;
      (is_category ? categorical : continuous).push_back(source(column.name));
      (is_category ? categorical_columns : continuous_columns).push_back(column);
    }
  }

  void plan() {
    wanted.resize(description.joins.size());
    add_inputs(description.columns);
    for (const DatasetJoin& join : description.joins) add_inputs(join.take);
    for (const DatasetAxisRule& axis : description.axes) axes.push_back(source(axis.column));
    label = source(description.label.column);
    has_split_key = !description.split.column.empty();
    if (has_split_key) split_key = source(description.split.column);
    for (const DatasetJoin& join : description.joins) join_keys.push_back(source(join.main_key));
    for (std::size_t j = 0; j < description.joins.size(); ++j)
      joins.emplace_back(description.joins[j], found.joins[j], wanted[j]);
    joined.assign(joins.size(), nullptr);
  }

  std::string_view text(const Source& from) const {
    if (from.table == Source::main) return row.fields[from.position];
    return joined[from.table] == nullptr ? std::string_view() : joined[from.table][from.position];
  }

  /// The text of a column; empty where it stands for a missing value.
  std::string_view value(const Source& from) const {
    const std::string_view raw = text(from);
    if (from.column == nullptr || from.column->missing.empty() || !contains(from.column->missing, raw)) return raw;
    return {};
  }

  bool refuse(const std::string& column, std::string_view raw, const std::string& expected) {
    problem = fmt::format("{}:{}: column '{}': value {}: expected {}", reader->file(), row.line, column, printable(raw),
                          expected);
    return false;
  }

  bool read_label(Record& record) {
    const LabelRule& rule = description.label;
    const std::string_view raw = text(label);
    if (rule.at_least) {
      double x = 0;
      if (!parse_number(raw, x)) return refuse(rule.column, raw, "a number");
      record.label = x >= *rule.at_least ? 1.0f : 0.0f;
      return true;
    }
    const bool positive = contains(rule.positive, raw);
    if (!positive && !rule.negative.empty() && !contains(rule.negative, raw)) {
      std::string expected = "one of";
      for (const auto* texts : {&rule.positive, &rule.negative})
        for (const std::string& t : *texts) expected += fmt::format(" '{}'", t);
      return refuse(rule.column, raw, expected);
    }
    record.label = positive ? 1.0f : 0.0f;
    return true;
  }

  bool read_axis(const DatasetAxisRule& rule, const Source& from, std::string_view& level) {
    level = value(from);
    if (level.empty()) {
      if (!rule.missing.empty()) return true;
      return refuse(rule.column, text(from), fmt::format("a value, as axis '{}' is made from it", rule.name));
    }
    double number = 0;
    if (!rule.edges.empty() || !rule.quantiles.empty())
      return parse_number(level, number) || refuse(rule.column, level, "a number");
    if (rule.groups.empty()) return true;
    for (const auto& [cohort, levels] : rule.groups)
      if (contains(levels, level) || contains(levels, "*")) return true;
    std::string expected = fmt::format("a level of axis '{}':", rule.name);
    for (const auto& [cohort, levels] : rule.groups)
      for (const std::string& known : levels) expected += fmt::format(" '{}'", known);
    return refuse(rule.column, level, expected);
  }

  /// Fills the record from the current row; false where the row cannot be used, with the reason in `problem`.
  bool fill(Record& record) {
    if (!problem.empty()) return false;
    if (row.fields.size() != description.column_names.size()) {
      problem = fmt::format("{}:{}: found {} fields, expected {}", reader->file(), row.line, row.fields.size(),
                            description.column_names.size());
      return false;
    }
    for (std::size_t j = 0; j < joins.size(); ++j) {
      const std::string_view key = text(join_keys[j]);
      joined[j] = key.empty() ? nullptr : joins[j].find(key);
    }
    if (!read_label(record)) return false;
    for (std::size_t c = 0; c < categorical.size(); ++c) {
      record.categorical[c] = value(categorical[c]);
      if (record.categorical[c].empty() && !categorical[c].column->allow_missing)
        return refuse(categorical[c].column->name, text(categorical[c]), "a value that is not missing");
    }
    for (std::size_t c = 0; c < continuous.size(); ++c) {
      const std::string_view number = value(continuous[c]);
      double& x = record.continuous[c];
      if (number.empty()) {
        x = std::numeric_limits<double>::quiet_NaN();
        if (!continuous[c].column->allow_missing)
          return refuse(continuous[c].column->name, text(continuous[c]), "a value that is not missing");
      } else if (!parse_number(number, x)) {
        return refuse(continuous[c].column->name, number, "a number");
      }
    }
    for (std::size_t a = 0; a < axes.size(); ++a)
      if (!read_axis(description.axes[a], axes[a], record.axis[a])) return false;
    if (has_split_key) {
      record.split_key = text(split_key);
      if (record.split_key.empty())
        return refuse(description.split.column, record.split_key, "a value, as rows are split by it");
      double time = 0;
      if (description.split.by == SplitRule::By::time && !time_value(record.split_key, time))
        return refuse(description.split.column, record.split_key, "a time: a number, or a date as 2026-01-31");
    }
    return true;
  }

  void open(std::size_t number) {
    file = number;
    reader = std::make_unique<DelimitedReader>(found.main[file].path, description.format);
    if (description.format.header) check_header(reader->file(), reader->header(), description.column_names);
  }

  void begin() {
    bad = BadRows(policy);
    rows = left_out = 0;
    claimed.clear();
    rows_of_file.assign(found.main.size(), 0);
    open(0);
  }

  std::optional<Split> split_of_file() const {
    const DatasetFile* described = found.main[file].described;
    return file_decides && described != nullptr ? described->split : std::nullopt;
  }

  /// Whether the current row repeats one whose split is the owner's choice; takes note of those.
  bool repeats_claimed_row(bool is_claimed) {
    std::uint64_t hash = 0;
    for (const std::string_view field : row.fields) hash = hash_word(hash, text_hash(field));
    if (!is_claimed) return claimed.contains(hash);
    claimed.insert(hash);
    return false;
  }

  /// A split that files name says nothing where all of them name the same one: another file was left away.
  void see_who_decides() {
    const auto split_of = [](const FoundFile& f) { return f.described ? f.described->split : std::nullopt; };
    for (const FoundFile& f : found.main) file_decides = file_decides || split_of(f) != split_of(found.main.front());
  }
};

RecordReader::RecordReader(const DatasetDescription& description, const std::vector<std::filesystem::path>& inputs,
                           OnBadRow on_bad_row)
    : state_(std::make_unique<State>(description, on_bad_row)) {
  state_->found = find_files(state_->description, inputs);
  state_->see_who_decides();
  state_->plan();
  state_->begin();
}

RecordReader::~RecordReader() = default;

const std::vector<DatasetColumn>& RecordReader::categorical_columns() const { return state_->categorical_columns; }
const std::vector<DatasetColumn>& RecordReader::continuous_columns() const { return state_->continuous_columns; }

bool RecordReader::next(Record& record) {
  State& s = *state_;
  record.categorical.resize(s.categorical.size());
  record.continuous.resize(s.continuous.size());
  record.axis.resize(s.axes.size());
  while (true) {
    if (s.reader->next(s.row, s.problem)) {
      ++s.rows;
      ++s.rows_of_file[s.file];
      if (!s.fill(record)) {
        s.bad.add(s.problem, s.rows);
        continue;
      }
      record.split = s.split_of_file();
      if (s.description.split.leave_out_repeats && s.file_decides && s.repeats_claimed_row(record.split.has_value())) {
        ++s.left_out;
        continue;
      }
      return true;
    }
    if (s.rows_of_file[s.file] == 0) throw RunError(fmt::format("{}: holds no rows", s.reader->file()));
    if (s.file + 1 == s.found.main.size()) return false;
    s.open(s.file + 1);
  }
}

void RecordReader::rewind() { state_->begin(); }

const BadRows& RecordReader::bad_rows() const { return state_->bad; }
std::uint64_t RecordReader::rows_read() const { return state_->rows; }

std::vector<std::pair<std::string, std::string>> RecordReader::facts() const {
  const State& s = *state_;
  if (s.fingerprints.empty()) {
    for (const FoundFile& f : s.found.main) s.fingerprints.push_back(file_fingerprint(f.path));
    for (const std::filesystem::path& f : s.found.joins) s.fingerprints.push_back(file_fingerprint(f));
  }
  std::vector<std::pair<std::string, std::string>> facts;
  const auto add = [&](const std::filesystem::path& path, std::uint64_t rows, const DatasetFile* described) {
    std::string fact = fmt::format("{}; {} rows", s.fingerprints[facts.size()], rows);
    if (described != nullptr && described->rows != 0 && described->rows != rows)
      fact += fmt::format(" (the owner's: {})", described->rows);
    facts.emplace_back(path.filename().string(), fact);
  };
  for (std::size_t f = 0; f < s.found.main.size(); ++f)
    add(s.found.main[f].path, s.rows_of_file[f], s.found.main[f].described);
  for (std::size_t j = 0; j < s.joins.size(); ++j)
    add(s.found.joins[j], s.joins[j].rows(), &s.description.joins[j].file);
  if (s.left_out > 0)
    facts.emplace_back("rows left out, as they repeat a row of another file", std::to_string(s.left_out));
  return facts;
}

}  // namespace c2al

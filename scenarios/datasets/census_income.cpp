#include "scenarios/datasets/census_income.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "core/error.hpp"
#include "scenarios/datasets/census_columns.hpp"
#include "scenarios/datasets/delimited_row.hpp"
#include "scenarios/datasets/gzip_lines.hpp"
#include "scenarios/datasets/raw_table.hpp"

namespace c2al {

namespace {

const char* const test_file = "census-income.test.gz";
const char* const data_file = "census-income.data.gz";
const char* const home = "UCI Machine Learning Repository no. 117, doi 10.24432/C5N30T";
const char* const test_md5 = "a8c39dce642efb4d17f28ebe74a3c271";

/// Reads rows of the owner's format into a table.
class CensusReader {
 public:
  /// @param owner_split  the test split is a file of its own
  CensusReader(const DatasetConfig& config, bool owner_split) : config_(config), owner_split_(owner_split) {
    table_.objective = "income_over_50k";
    const auto chosen = [](const std::vector<std::string>& names, const std::string& name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    std::vector<bool> dropped(census_columns().size(), false);
    for (const std::string& name : config.axes)
      for (const CensusAxis& axis : census_axes()) {
        if (axis.axis.name != name) continue;
        const bool is_input = chosen(config.axis_inputs, name);
        axes_.push_back(&axis);
        table_.axes.push_back({axis.axis, is_input, {}});
        dropped[axis.column] = !is_input;
      }
    for (std::size_t c = 0; c < census_columns().size(); ++c) {
      const auto [name, kind] = census_columns()[c];
      names_.push_back(name);
      if (dropped[c]) continue;
      if (kind == CensusColumnKind::categorical) {
        categorical_.push_back(c);
        table_.categorical.emplace_back(name);
      } else if (kind == CensusColumnKind::continuous || kind == CensusColumnKind::money) {
        continuous_.push_back(c);
        table_.continuous.push_back({name, kind == CensusColumnKind::money, {}});
      }
    }
  }

  /// Adds a file's rows. Every row goes to `split`, or is drawn into one when there is none.
  /// @param skip_seen  leaves out rows that repeat an earlier one in every column, when true
  void read(const std::filesystem::path& path, std::optional<Split> split, bool skip_seen) {
    const std::string file = path.string();
    GzipLines lines(path);
    DelimitedRow row(file, names_);
    std::unordered_set<std::uint64_t> seen_before;
    if (skip_seen) seen_before = seen_;
    for (std::string line; lines.next(line);) {
      row.split(line, ',', lines.line_number());
      std::uint64_t whole = hash_text("");
      for (std::size_t c = 0; c < row.size(); ++c) whole = hash_text(row.text(c), whole);
      if (!seen_.insert(whole).second) ++repeated_;
      if (seen_before.contains(whole)) {
        check(row);
        ++left_out_;
      } else {
        add(row, split);
      }
    }
    if (lines.line_number() == 0) throw RunError(fmt::format("{}: holds no rows", file));
    facts_.emplace_back(path.filename().string(),
                        fmt::format("{}; {} rows", file_fingerprint(path), lines.line_number()));
  }

  LoadedDataset finish(const std::string& how_split) {
    double positives = 0;
    for (const float label : table_.label) positives += label;
    facts_.emplace_back("rows", fmt::format("{}", table_.rows()));
    facts_.emplace_back("positive_rate", fmt::format("{:.6f}", positives / static_cast<double>(table_.rows())));
    facts_.emplace_back("rows_repeating_another", fmt::format("{}", repeated_));
    facts_.emplace_back("rows_left_out", fmt::format("{}", left_out_));
    facts_.emplace_back("split", how_split);
    LoadedDataset loaded;
    loaded.source = encode(table_, config_);
    loaded.facts = std::move(facts_);
    return loaded;
  }

 private:
  float label(const DelimitedRow& row) const {
    const std::size_t column = names_.size() - 1;
    if (row.text(column) == "50000+.") return 1.0f;
    if (row.text(column) != "- 50000.") row.fail(column, "'- 50000.' or '50000+.'");
    return 0.0f;
  }

  /// Every row is held to the format, whether its columns are used or not.
  void check(const DelimitedRow& row) const {
    label(row);
    for (std::size_t c = 0; c < names_.size(); ++c) {
      const CensusColumnKind kind = census_columns()[c].kind;
      if (kind == CensusColumnKind::categorical && row.text(c).empty()) row.fail(c, "a category");
      if (kind != CensusColumnKind::categorical && kind != CensusColumnKind::label) row.number(c);
    }
  }

  void add(const DelimitedRow& row, std::optional<Split> split) {
    check(row);
    std::uint64_t inputs = hash_text("");
    for (std::size_t c = 0; c < names_.size(); ++c)
      if (census_columns()[c].kind != CensusColumnKind::instance_weight &&
          census_columns()[c].kind != CensusColumnKind::label)
        inputs = hash_text(row.text(c), inputs);
    for (std::size_t i = 0; i < categorical_.size(); ++i) table_.categorical[i].add(row.text(categorical_[i]));
    for (std::size_t i = 0; i < continuous_.size(); ++i)
      table_.continuous[i].values.push_back(row.number(continuous_[i]));
    for (std::size_t a = 0; a < axes_.size(); ++a) table_.axes[a].cohorts.push_back(axes_[a]->cohort(row));
    table_.label.push_back(label(row));
    table_.split.push_back(split ? *split : draw_split(config_, inputs, !owner_split_));
  }

  const DatasetConfig& config_;
  bool owner_split_;
  std::vector<std::string> names_;
  std::vector<std::size_t> categorical_, continuous_;
  std::vector<const CensusAxis*> axes_;
  RawTable table_;
  std::unordered_set<std::uint64_t> seen_;
  std::uint64_t repeated_ = 0, left_out_ = 0;
  std::vector<std::pair<std::string, std::string>> facts_;
};

LoadedDataset load(const DatasetConfig& config, const std::filesystem::path& directory) {
  const std::filesystem::path test = directory / test_file, data = directory / data_file;
  if (!std::filesystem::exists(test))
    throw RunError(fmt::format("{}: there is no such file; get {} from the {} (md5 {})", test.string(), test_file, home,
                               test_md5));
  const bool owner_split = std::filesystem::exists(data);
  CensusReader reader(config, owner_split);
  if (!owner_split) {
    reader.read(test, std::nullopt, false);
    return reader.finish("one file, drawn by shares; rows with equal inputs share a split");
  }
  reader.read(test, Split::test, false);
  reader.read(data, std::nullopt, true);
  return reader.finish("the owner's test file; the data file drawn by the other shares");
}

}  // namespace

DatasetEntry census_income() {
  DatasetEntry entry;
  entry.name = "census_income";
  entry.summary =
      "Census-Income (KDD): does a person earn more than 50,000 dollars; 33 categorical, 7 continuous inputs";
  for (const CensusAxis& axis : census_axes()) {
    entry.axes.push_back(axis.axis.name);
    entry.cohorts.push_back(axis.axis.cohorts);
  }
  entry.files = {test_file, fmt::format("{} (optional)", data_file)};
  entry.licence = "CC BY 4.0";
  entry.source = home;
  entry.load = load;
  return entry;
}

}  // namespace c2al

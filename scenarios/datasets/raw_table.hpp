#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/data/batch.hpp"
#include "scenarios/datasets/dataset.hpp"

namespace c2al {

/// A categorical column as read: each value is the number of its text in order of first appearance.
class CategoricalColumn {
 public:
  explicit CategoricalColumn(std::string name) : name_(std::move(name)) {}

  void add(std::string_view text);

  const std::string& name() const { return name_; }
  const std::vector<std::uint32_t>& codes() const { return codes_; }
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::string name_;
  std::vector<std::uint32_t> codes_;
  std::vector<std::string> texts_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
};

/// A continuous column as read.
struct ContinuousColumn {
  std::string name;
  bool heavy_tailed = false;  ///< amounts of money: sign(x) log(1 + |x|) before standardisation
  std::vector<double> values;
};

/// A cohort axis with the cohort of every row.
struct AxisColumn {
  DatasetAxis axis;
  bool is_input = false;
  std::vector<std::uint16_t> cohorts;
};

/// A real data set as read, column by column, before anything depends on how it is split.
struct RawTable {
  std::string objective;
  std::vector<CategoricalColumn> categorical;
  std::vector<ContinuousColumn> continuous;
  std::vector<AxisColumn> axes;
  std::vector<float> label;
  std::vector<Split> split;

  std::size_t rows() const { return label.size(); }
};

/// FNV-1a hash of text, continued from `hash`; a separator is hashed after it, so that columns cannot run together.
std::uint64_t hash_text(std::string_view text, std::uint64_t hash = 14695981039346656037ull);

/// The split of a row, drawn by the shares from (split_seed, group): rows of one group share a split.
/// @param with_test  false: the test split is given otherwise, the other three share all rows by their proportions
Split draw_split(const DatasetConfig& config, std::uint64_t group, bool with_test);

/// The data source of a table: categories get ids by their text's order among the training rows, from 1; 0 is every
/// category that no training row has. Continuous columns are standardised by the training rows' mean and standard
/// deviation (a constant column becomes 0). The inert field mirrors the training shares of the first axis.
/// Throws RunError naming a split that got no rows.
std::unique_ptr<MemorySource> encode(const RawTable& table, const DatasetConfig& config);

}  // namespace c2al

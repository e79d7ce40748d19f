#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace c2al {

/// A categorical input. Its ids 0 .. vocabulary-1 are rows of the concatenated embedding table, after those of the
/// fields before it.
struct Field {
  std::string name;
  std::uint32_t vocabulary = 0;
};

/// A division of all samples into disjoint cohorts (paper, section 3.2.1).
struct CohortAxis {
  std::string name;
  std::vector<std::string> cohorts;  ///< names; a sample's cohort is an index into them
  bool is_input = false;             ///< the cohort (or the column it is made from) is also an input of the model
  /// Inert by construction: carries no difference and is never chosen by discovery. Mirrors the names and shares of the
  /// schema's first axis.
  bool is_control = false;
};

/// What a data source delivers.
struct Schema {
  std::string objective;           ///< the label's meaning, "click"
  std::vector<Field> fields;       ///< categorical inputs, in the order of BatchView::rows
  std::vector<std::string> dense;  ///< names of the dense features
  std::vector<CohortAxis> axes;    ///< in the order of BatchView::cohort
  bool has_truth = false;          ///< p_true and p_bayes are known

  /// First row of each field in the concatenated table.
  std::vector<std::int64_t> row_offsets() const;
  /// Rows of the concatenated table.
  std::int64_t table_rows() const;
  /// Index of an axis by name; throws UsageError naming the axes there are.
  std::size_t axis_index(const std::string& name) const;
  /// Index of a cohort of an axis by name; throws UsageError naming the cohorts there are.
  std::size_t cohort_index(std::size_t axis, const std::string& cohort) const;
};

}  // namespace c2al

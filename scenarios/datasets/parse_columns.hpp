#pragma once
#include <string>
#include <vector>

#include "scenarios/datasets/description.hpp"
#include "scenarios/table_reader.hpp"

namespace c2al {

/// Columns of one table as a description writes them.
struct ColumnList {
  std::vector<std::string> names;      ///< all, in the file's order
  std::vector<DatasetColumn> columns;  ///< the same; those that no role names are ignored
};

/// Reads the keys `names`, `categorical`, `continuous`, `ignore`, the defaults `missing`, `transform`, `minimum_count`
/// and the exceptions [[rules]] of a table [columns] or [[joins]]. In every list of names "C1..C26" stands for the
/// names C1, C2, ... C26; "*" in `categorical` or `continuous` for all columns that no role names. Leaves finish() to
/// the caller.
ColumnList read_columns(TableReader& reader);

/// Reads the keys of a DelimitedFormat from the table `format`, when there is one.
DelimitedFormat read_format(TableReader& reader);

}  // namespace c2al

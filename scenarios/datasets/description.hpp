#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/data/batch.hpp"
#include "scenarios/tables/delimited_reader.hpp"

namespace c2al {

class TableReader;

/// A file of a data set as its owner names it, below the folder the user gives. A name may hold one "*": all that
/// match, by name.
struct DatasetFile {
  std::string name;
  bool optional = false;
  std::string sha256, md5;     ///< as published; empty: unknown
  std::uint64_t rows = 0;      ///< as published; 0: unknown
  std::optional<Split> split;  ///< the owner's: all rows of the file go there
};

/// A file, or an archive of files, that the owner offers for direct download.
struct DatasetDownload {
  std::string url;
  std::string sha256, md5;  ///< as published; empty: unknown
};

/// What a column is.
enum class ColumnRole {
  categorical,
  continuous,
  ignore,  ///< read by nothing but axes, the label rule, a join or the split
};

/// How a continuous column enters the model. Missing values become 0 after it.
enum class NumericTransform {
  standardise,  ///< (x - mean) / sd of the training rows
  signed_log,   ///< sign(x) log(1 + |x|), then standardised
  log_square,   ///< Criteo's: floor(log(x)^2) for x > 2, else x; as a category
  quantile,     ///< rank among the training rows, in (0, 1), minus 1/2
};

struct DatasetColumn {
  std::string name;
  ColumnRole role = ColumnRole::categorical;
  NumericTransform transform = NumericTransform::standardise;
  std::vector<std::string>
      missing;                      ///< texts that stand for a missing value ("?", "NULL"); the empty field always does
  bool missing_indicator = false;   ///< continuous: one more input, 1 where missing
  bool allow_missing = true;        ///< false: a missing value makes the row a bad one
  std::uint64_t minimum_count = 1;  ///< categorical: rarer levels share the out-of-vocabulary id 0
  std::uint32_t hash_buckets = 0;   ///< categorical: ids by hash into so many, no vocabulary; 0: vocabulary
};

/// A table joined to the main one's rows by a key, held in memory.
struct DatasetJoin {
  DatasetFile file;
  DelimitedFormat format;
  std::vector<std::string> columns;  ///< all, in the file's order; with a header they must be its
  std::string key;                   ///< column of the joined table
  std::string main_key;              ///< column of the main table (or of an earlier join) it is looked up by
  std::vector<DatasetColumn> take;   ///< columns that rows receive; all missing where the key is absent
};

/// The label of a row, by one of the three.
struct LabelRule {
  std::string column;
  std::vector<std::string> positive, negative;  ///< texts; any other text is an error. negative empty: every other text
  std::optional<double> at_least;               ///< numeric: positive from here on
};

/// A cohort axis made from a column.
struct DatasetAxisRule {
  std::string name, column;
  /// One of: groups of levels by cohort, numeric edges, quantiles, activity.
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;  ///< cohort -> levels; "*" takes all the others
  std::vector<double> edges;                                             ///< cohort i holds edges[i-1] <= x < edges[i]
  std::vector<double> quantiles;  ///< edges at these quantiles of the training rows
  std::vector<double> activity;   ///< shares of training rows in cohorts by how often the column's level occurs in
                                  ///< training, rarest first: {0.2, 0.6, 0.2}
  /// Names of all cohorts, for groups too. The one of `missing` is the last unless another rule names it as well.
  std::vector<std::string> cohorts;
  std::string missing;  ///< cohort of rows whose value is missing; empty: a bad row
};

/// How rows come into the four splits, where their file does not say.
struct SplitRule {
  enum class By {
    row,     ///< drawn for each row
    inputs,  ///< drawn for each distinct combination of inputs, so that equal rows share a split
    column,  ///< drawn for each level of `column` (a user)
    time,    ///< in the order of `column`: the first train_share of the rows train, and so on
    order,   ///< the same in the order of the files
  };
  By by = By::inputs;
  std::string column;
  double train = 0.6, discovery = 0.1, validation = 0.1, test = 0.2;
  std::uint64_t seed = 1;
  /// Leaves out rows of files without a split that equal, field by field, a row of a file with one: nothing that tests
  /// is trained on. Files with a split then come first; a hash of each of their rows is held in memory.
  bool leave_out_repeats = false;
};

/// A data set, fully described: what scenarios/datasets/NAME.toml says, or a scenario's own [dataset.table].
struct DatasetDescription {
  std::string name, summary, objective;
  std::string licence, terms, home, citation;  ///< home: where the owner publishes it
  std::vector<DatasetDownload> downloads;      ///< where the terms allow them
  std::vector<DatasetFile> files;              ///< of the main table, in order
  DelimitedFormat format;
  std::vector<std::string>
      column_names;  ///< all columns of the main table in the file's order; with a header they must be its
  std::vector<DatasetColumn> columns;  ///< those with a role; the others are ignored
  LabelRule label;
  std::vector<DatasetJoin> joins;
  std::vector<DatasetAxisRule> axes;
  SplitRule split;
  std::filesystem::path source;  ///< the file it was parsed from
};

/// Parses a description. Throws UsageError naming file, line, key and what was expected; unknown keys are errors, as
/// are columns that rules name and no table has.
DatasetDescription parse_description(const std::filesystem::path& file);
/// The same of a table inside another file. Ends with TableReader::finish.
DatasetDescription parse_description(TableReader& reader);

/// Names of the descriptions that come with the suite (scenarios/datasets/*.toml), sorted.
std::vector<std::string> described_datasets();
/// The file of one of them; throws UsageError listing the names.
std::filesystem::path description_file(const std::string& name);

}  // namespace c2al

#pragma once
#include <filesystem>

#include "core/data/schema.hpp"
#include "core/evaluation/evaluate.hpp"

namespace c2al {

/// Predictions from anywhere, with the schema their cohorts make.
struct ScoredFile {
  ScoredSamples samples;
  Schema schema;  ///< one axis "cohort" when the file has that column, otherwise none
};

/// Reads a comma-separated file with a header of the columns label (0 or 1), prediction (a probability), and optionally
/// weight (>= 0, finite) and cohort (any text), in any order. Cells may be quoted; line ends may be CR LF; a byte-order
/// mark is skipped. Throws RunError naming file, line, column, the value found and what was expected.
ScoredFile read_scored_file(const std::filesystem::path& file);

}  // namespace c2al

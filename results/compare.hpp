#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace c2al {

/// A dataset or attribute in which two HDF5 files differ.
struct FileDifference {
  std::string path;  ///< "/evaluation/test/raw/ne", or "/attention@attention_gini" for an attribute
  std::string what;  ///< in words: "only in the first file", "shapes (3) and (4)", "2 of 9 elements differ", ...
  std::uint64_t elements = 0;  ///< differing elements where type and shape agree
  std::string first;           ///< the first of them: "[4]: 0.5 and 0.25"
};

/// Every dataset and attribute outside /provenance and /timing, byte for byte; sorted by path. Empty: equal.
/// Throws RunError when a file is missing or cannot be read.
std::vector<FileDifference> compare_files(const std::filesystem::path& a, const std::filesystem::path& b);

}  // namespace c2al

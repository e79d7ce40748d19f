#pragma once
#include <filesystem>
#include <vector>

#include "scenarios/datasets/description.hpp"

namespace c2al {

/// A file of the main table that is there.
struct FoundFile {
  std::filesystem::path path;
  const DatasetFile* described = nullptr;  ///< null: given by the user under a name that the description does not know
};

struct FoundFiles {
  std::vector<FoundFile> main;               ///< in the description's order, then as given
  std::vector<std::filesystem::path> joins;  ///< one for each join
};

/// Finds a data set's files below or among the paths a user gives. In a folder they are looked for by name; a name also
/// stands for the same file packed (NAME.gz, NAME.zst) or unpacked (without its .gz or .zst). Files that match a "*"
/// come in the order of their names, runs of digits by value: day_2 before day_10. A file given by itself that no name
/// fits belongs to the main table; once one is given, the main table's other files need not be there.
/// Throws RunError naming a missing file, where to get it and its checksum.
FoundFiles find_files(const DatasetDescription& description, const std::vector<std::filesystem::path>& inputs);

/// Whether a file's name fits a described one, packed or not.
bool fits_name(const std::string& file_name, const std::string& described);

}  // namespace c2al

#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scenarios/datasets/description.hpp"

namespace c2al {

/// Columns of a joined table in memory, found by key.
class JoinedTable {
 public:
  /// Reads the whole table. Throws UsageError for another header, RunError "FILE:LINE: ..." for a row that cannot be
  /// used or a key that occurs twice.
  /// @param wanted  positions of the columns to keep
  JoinedTable(const DatasetJoin& join, const std::filesystem::path& file, const std::vector<std::size_t>& wanted);

  /// The texts of the wanted columns in the row of a key; null when there is none.
  const std::string_view* find(std::string_view key) const;
  std::uint64_t rows() const { return rows_.size(); }

 private:
  std::string_view keep(std::string_view text);

  std::size_t width_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* free_ = nullptr;
  std::size_t left_ = 0;
  std::vector<std::string_view> cells_;  ///< (rows, width)
  std::unordered_map<std::string_view, std::uint32_t> rows_;
};

/// Throws UsageError when a file's header does not name these columns in this order. Blanks around a name do not
/// count; an empty name fits any.
void check_header(const std::string& file, const std::vector<std::string>& header,
                  const std::vector<std::string>& expected);

}  // namespace c2al

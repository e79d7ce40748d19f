#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace c2al {

/// What becomes of a row that cannot be used.
enum class OnBadRow {
  stop,  ///< the first one ends the command
  skip,  ///< left out and counted; at most half of all rows
};

/// Counts the rows that cannot be used and keeps the first five reasons. Nothing is dropped without being counted here.
class BadRows {
 public:
  explicit BadRows(OnBadRow policy) : policy_(policy) {}

  /// Takes note of a row. `reason` is "FILE:LINE: column 'NAME': ... value ... expected ...". Under `stop` throws
  /// RunError(reason). Under `skip` throws RunError when more than half of at least 100 rows were bad: then it is the
  /// description that is wrong, not the rows.
  /// @param rows_read  good and bad ones so far, this one included
  void add(const std::string& reason, std::uint64_t rows_read);

  std::uint64_t count() const { return count_; }
  const std::vector<std::string>& first_reasons() const { return reasons_; }

 private:
  OnBadRow policy_;
  std::uint64_t count_ = 0;
  std::vector<std::string> reasons_;
};

}  // namespace c2al

#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/data/batch.hpp"
#include "scenarios/cache/spool.hpp"
#include "scenarios/datasets/description.hpp"

namespace c2al {

/// Which split each row belongs to, in two steps: a key a row while the text is read, then the split, when it is known
/// how many rows there are and which splits the owner's files fill. Splits that a file fills get no other rows: the
/// rest share theirs by proportion.
class SplitAssignment {
 public:
  explicit SplitAssignment(const SplitRule& rule) : rule_(rule) {}

  /// The row's key: a uniform number in [0, 1) drawn from (seed, splitting, row or hash), or its time.
  /// @param split_key    text of the rule's column
  /// @param inputs_hash  hash of the row's inputs; used by By::inputs
  /// Throws RunError for a text that is no time.
  double key(std::uint64_t row, std::string_view split_key, std::uint64_t inputs_hash) const;

  /// Takes note of a row whose file decides.
  void claim(Split split) { claimed_[static_cast<std::size_t>(split)] = true; }

  /// Fills column `split` of the spool from the columns `given` (uint8: a split, or not_given) and `key` (double), and
  /// returns the rows of each split. By time and by order the shares hold to the row; rows of equal time come in the
  /// order of the files. Throws RunError naming a split that gets no rows.
  std::array<std::uint64_t, split_count> assign(Spool& spool, std::size_t given, std::size_t key,
                                                std::size_t split) const;

  static constexpr std::uint8_t not_given = 255;

 private:
  SplitRule rule_;
  std::array<bool, split_count> claimed_{};
};

/// A split rule in words: two caches of equal words and files split alike.
std::string split_summary(const SplitRule& rule);

}  // namespace c2al

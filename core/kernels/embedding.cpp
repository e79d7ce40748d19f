#include "core/kernels/embedding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "core/error.hpp"

namespace c2al::kernels {
namespace {

constexpr std::uint32_t absent = 0xffffffffu;

}  // namespace

void DistinctRows::build(const std::int32_t* rows, std::size_t count, std::int64_t table_rows) {
  if (count > 0x7fffffffu)
    throw RunError(fmt::format("a batch of {} embedding look-ups: expected fewer than 2^31", count));
  const auto outside =
      std::find_if(rows, rows + count, [table_rows](std::int32_t row) { return row < 0 || row >= table_rows; });
  if (outside != rows + count)
    throw RunError(fmt::format("embedding row {} at position {} of the batch: expected 0 to {}", *outside,
                               outside - rows, table_rows - 1));
  distinct_.clear();
  index_.resize(count);
  // One entry a table row is the faster index, but clearing it must not cost more than the batch itself.
  if (table_rows <= static_cast<std::int64_t>(4 * count))
    find_in_table(rows, count, table_rows);
  else
    find_by_hash(rows, count);
  collect(count);
}

void DistinctRows::find_in_table(const std::int32_t* rows, std::size_t count, std::int64_t table_rows) {
  index_of_row_.assign(static_cast<std::size_t>(table_rows), absent);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t& index = index_of_row_[static_cast<std::size_t>(rows[i])];
    if (index == absent) {
      index = static_cast<std::uint32_t>(distinct_.size());
      distinct_.push_back(rows[i]);
    }
    index_[i] = index;
  }
}

void DistinctRows::find_by_hash(const std::int32_t* rows, std::size_t count) {
  const std::size_t capacity = std::bit_ceil(std::max<std::size_t>(2 * count, 2));
  const int shift = 64 - std::countr_zero(capacity);
  slots_.assign(capacity, Slot{0, absent});
  for (std::size_t i = 0; i < count; ++i) {
    // Fibonacci hashing: the rows of a batch are clustered at the start of each field.
    std::size_t at = (static_cast<std::uint64_t>(rows[i]) * 0x9e3779b97f4a7c15ull) >> shift;
    while (slots_[at].index != absent && slots_[at].row != rows[i]) at = (at + 1) & (capacity - 1);
    if (slots_[at].index == absent) {
      slots_[at] = {rows[i], static_cast<std::uint32_t>(distinct_.size())};
      distinct_.push_back(rows[i]);
    }
    index_[i] = slots_[at].index;
  }
}

void DistinctRows::collect(std::size_t count) {
  start_.assign(distinct_.size() + 1, 0);
  occurrence_.resize(count);
  for (std::size_t i = 0; i < count; ++i) ++start_[index_[i]];
  std::uint32_t end = 0;
  for (std::uint32_t& value : start_) {
    const std::uint32_t occurrences = value;
    value = end;
    end += occurrences;
  }
  // Filling moves each start to the start of the next row; shifted back by one below.
  for (std::size_t i = 0; i < count; ++i) occurrence_[start_[index_[i]]++] = static_cast<std::uint32_t>(i);
  for (std::size_t i = distinct_.size(); i > 0; --i) start_[i] = start_[i - 1];
  start_[0] = 0;
}

}  // namespace c2al::kernels

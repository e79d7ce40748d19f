#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/kernels/execution.hpp"
#include "core/kernels/fixed_size.hpp"
#include "core/kernels/row.hpp"

namespace c2al::kernels {

/// The distinct table rows of a batch and where each occurs; in the memory of whoever reads it.
struct RowOccurrences {
  std::size_t size = 0;                       ///< number of distinct rows
  const std::int32_t* rows = nullptr;         ///< (size) in order of first appearance
  const std::uint32_t* start = nullptr;       ///< (size + 1)
  const std::uint32_t* occurrence = nullptr;  ///< row i is at positions occurrence[start[i]] .. [start[i+1] - 1]
};

/// The distinct table rows of a batch and where each occurs, found on the host in time linear in the occurrences and
/// independent of the table's size. Buffers only grow.
class DistinctRows {
 public:
  /// @param rows        (count) table rows by position
  /// @param count       positions: samples x fields, below 2^31
  /// @param table_rows  rows of the table
  /// Throws RunError naming the first position whose row lies outside the table.
  void build(const std::int32_t* rows, std::size_t count, std::int64_t table_rows);

  /// Number of distinct rows.
  std::size_t size() const { return distinct_.size(); }
  /// (size) the distinct rows in order of first appearance.
  const std::int32_t* rows() const { return distinct_.data(); }
  /// (size + 1) distinct row i occurs at the positions occurrence()[start()[i]] .. occurrence()[start()[i+1] - 1].
  const std::uint32_t* start() const { return start_.data(); }
  /// (count) positions b*fields + f, ascending for each distinct row.
  const std::uint32_t* occurrence() const { return occurrence_.data(); }
  /// All of it, in host memory, valid until the next build.
  RowOccurrences occurrences() const { return {size(), rows(), start(), occurrence()}; }

 private:
  struct Slot {
    std::int32_t row;
    std::uint32_t index;
  };
  void find_in_table(const std::int32_t* rows, std::size_t count, std::int64_t table_rows);
  void find_by_hash(const std::int32_t* rows, std::size_t count);
  void collect(std::size_t count);

  std::vector<std::int32_t> distinct_;
  std::vector<std::uint32_t> start_, occurrence_;
  std::vector<std::uint32_t> index_;         // (count) distinct row of each position
  std::vector<std::uint32_t> index_of_row_;  // small tables: (table_rows)
  std::vector<Slot> slots_;                  // large tables: open addressing, a power of two
};

namespace embedding_detail {

template <class T, class Exec, class Size>
void gather(const Exec& exec, Size d, std::size_t B, std::size_t fields, const std::int32_t* rows, const T* table, T* x,
            std::size_t ldx) {
  for_each(
      exec, B, KOKKOS_LAMBDA(const std::size_t b) {
        for (std::size_t f = 0; f < fields; ++f) {
          const T* from = table + static_cast<std::size_t>(rows[b * fields + f]) * d();
          Row<const T, Size>(d, from).store_to(x + b * ldx + f * d());
        }
      });
}

template <class T, class Exec, class Size>
void sum_rows(const Exec& exec, Size d, const RowOccurrences& distinct, std::size_t fields, const T* dx,
              std::size_t ldx, T* g) {
  const std::uint32_t *start = distinct.start, *occurrence = distinct.occurrence;
  const auto columns = static_cast<std::uint32_t>(fields);
  for_each(
      exec, distinct.size, KOKKOS_LAMBDA(const std::size_t i) {
        Row<T, Size> sum(d, g + i * d());
        for (std::size_t a = 0; a < d(); ++a) sum[a] = T(0);
        for (std::uint32_t o = start[i]; o < start[i + 1]; ++o) {
          const std::uint32_t b = occurrence[o] / columns, f = occurrence[o] % columns;
          const T* from = dx + b * ldx + f * d();
          for (std::size_t a = 0; a < d(); ++a) sum[a] += from[a];
        }
        sum.store();
      });
}

/// The same sums in the same order, one work item an element: neighbours read neighbouring numbers, and a row that is
/// everywhere in the batch is shared out to d work items.
template <class T, class Exec>
void sum_row_elements(const Exec& exec, std::size_t d, const RowOccurrences& distinct, std::size_t fields, const T* dx,
                      std::size_t ldx, T* g) {
  const std::uint32_t *start = distinct.start, *occurrence = distinct.occurrence;
  for_each(
      exec, distinct.size * d, KOKKOS_LAMBDA(const std::size_t element) {
        const std::size_t i = element / d, a = element % d;
        T sum = T(0);
        for (std::uint32_t o = start[i]; o < start[i + 1]; ++o)
          sum += dx[occurrence[o] / fields * ldx + occurrence[o] % fields * d + a];
        g[element] = sum;
      });
}

}  // namespace embedding_detail

/// x[b*ldx + f*d + a] = table[rows[b*fields + f]*d + a] for a batch of B samples; table (V, d).
template <class T, class Exec>
void gather(const Exec& exec, std::size_t B, std::size_t fields, std::size_t d, const std::int32_t* rows,
            const T* table, T* x, std::size_t ldx) {
  with_fixed_size(d, [&](auto size) { embedding_detail::gather<T>(exec, size, B, fields, rows, table, x, ldx); });
}

/// Gradient of each distinct row, g (distinct, d): the sum over its positions, ascending, of dx[b*ldx + f*d + a].
/// g is overwritten. `distinct` must have been found in this batch's (B, fields) rows and lie in memory that the
/// execution space reads.
template <class T, class Exec>
void sum_rows(const Exec& exec, const RowOccurrences& distinct, std::size_t fields, std::size_t d, const T* dx,
              std::size_t ldx, T* g) {
  if constexpr (runs_on_host<Exec>)
    with_fixed_size(d, [&](auto size) { embedding_detail::sum_rows<T>(exec, size, distinct, fields, dx, ldx, g); });
  else
    embedding_detail::sum_row_elements<T>(exec, d, distinct, fields, dx, ldx, g);
}

}  // namespace c2al::kernels

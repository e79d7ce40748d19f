#pragma once
#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/kernels/fixed_size.hpp"
#include "core/kernels/pack.hpp"

namespace c2al::kernels {

/// How the left factor of small_product lies in memory: A(r, i) = A[r*row + i*inner]. Strides known at compile time
/// become immediate offsets of the broadcasts; 0 stands for "known at run time only".
template <std::size_t Row, std::size_t Inner>
struct LeftStrides {
  std::size_t row_value = Row, inner_value = Inner;
  std::size_t row() const { return Row != 0 ? Row : row_value; }
  std::size_t inner() const { return Inner != 0 ? Inner : inner_value; }
};

namespace small_product_detail {

/// R rows x P packs of W columns: R*P accumulators stay in registers over the whole sum, enough independent chains to
/// hide the latency of the fused multiply-add.
template <class T, std::size_t W, std::size_t P, std::size_t R, bool Add, class Strides>
inline void block(Strides strides, std::size_t inner, const T* A, const T* B, std::size_t ldb, T* C, std::size_t ldc) {
  [&]<std::size_t... slot>(std::index_sequence<slot...>) {
    Pack<T, W> sum[] = {(static_cast<void>(slot), Pack<T, W>::zero())...};
    for (std::size_t i = 0; i < inner; ++i) {
      const T *a = A + i * strides.inner(), *b = B + i * ldb;
      ((sum[slot] =
            fma(Pack<T, W>::broadcast(a[slot / P * strides.row()]), Pack<T, W>::load(b + slot % P * W), sum[slot])),
       ...);
    }
    const auto write = [&](std::size_t s) {
      T* to = C + s / P * ldc + s % P * W;
      (Add ? Pack<T, W>::load(to) + sum[s] : sum[s]).store(to);
    };
    (write(slot), ...);
  }
  (std::make_index_sequence<R * P>{});
}

/// Rows a block may have so that accumulators and right factor fit the registers.
template <std::size_t P>
inline constexpr std::size_t max_rows = std::min<std::size_t>(12, (register_count - P - 1) / P);

template <class T, std::size_t W, std::size_t P, bool Add, class Strides, std::size_t N>
inline void all_rows(Strides strides, FixedSize<N>, std::size_t inner, const T* A, const T* B, std::size_t ldb, T* C,
                     std::size_t ldc) {
  if constexpr (N > 0) {
    constexpr std::size_t blocks = (N + max_rows<P> - 1) / max_rows<P>, height = (N + blocks - 1) / blocks;
    block<T, W, P, height, Add>(strides, inner, A, B, ldb, C, ldc);
    all_rows<T, W, P, Add>(strides, FixedSize<N - height>{}, inner, A + height * strides.row(), B, ldb,
                           C + height * ldc, ldc);
  }
}

template <class T, std::size_t W, std::size_t P, bool Add, class Strides>
inline void all_rows(Strides strides, RuntimeSize size, std::size_t inner, const T* A, const T* B, std::size_t ldb,
                     T* C, std::size_t ldc) {
  std::size_t rows = size();
  for (std::size_t blocks = (rows + max_rows<P> - 1) / max_rows<P>; blocks > 0; --blocks) {
    const std::size_t height = (rows + blocks - 1) / blocks;
    [&]<std::size_t... R>(std::index_sequence<R...>) {
      static_cast<void>(
          ((height == R + 1 && (block<T, W, P, R + 1, Add>(strides, inner, A, B, ldb, C, ldc), true)) || ...));
    }
    (std::make_index_sequence<max_rows<P>>{});
    rows -= height;
    A += height * strides.row();
    C += height * ldc;
  }
}

/// P*W columns of all rows, in blocks of nearly equal height. Not inlined: products of equal layout share its code.
template <class T, std::size_t W, std::size_t P, bool Add, class Strides, class Rows>
[[gnu::noinline]] void panel(Strides strides, Rows rows, std::size_t inner, const T* A, const T* B, std::size_t ldb,
                             T* C, std::size_t ldc) {
  all_rows<T, W, P, Add>(strides, rows, inner, A, B, ldb, C, ldc);
}

/// Panels of two packs, then one, then ever narrower packs for what is left.
template <class T, std::size_t W, bool Add, class Strides, class Rows, std::size_t N>
inline void all_columns(Strides strides, Rows rows, FixedSize<N>, std::size_t inner, const T* A, const T* B,
                        std::size_t ldb, T* C, std::size_t ldc) {
  constexpr std::size_t packs = N >= 2 * W ? 2 : N >= W ? 1 : 0, covered = packs * W;
  if constexpr (packs > 0) panel<T, W, packs, Add>(strides, rows, inner, A, B, ldb, C, ldc);
  if constexpr (N > covered)
    all_columns<T, (packs == 2 ? W : W / 2), Add>(strides, rows, FixedSize<N - covered>{}, inner, A, B + covered, ldb,
                                                  C + covered, ldc);
}

template <class T, std::size_t W, bool Add, class Strides, class Rows>
inline void all_columns(Strides strides, Rows rows, RuntimeSize size, std::size_t inner, const T* A, const T* B,
                        std::size_t ldb, T* C, std::size_t ldc) {
  std::size_t columns = size();
  if constexpr (W == native_width<T>)
    for (; columns >= 2 * W; columns -= 2 * W, B += 2 * W, C += 2 * W)
      panel<T, W, 2, Add>(strides, rows, inner, A, B, ldb, C, ldc);
  if (columns >= W) {
    panel<T, W, 1, Add>(strides, rows, inner, A, B, ldb, C, ldc);
    columns -= W;
    B += W;
    C += W;
  }
  if constexpr (W > 1)
    if (columns > 0) all_columns<T, W / 2, Add>(strides, rows, RuntimeSize{columns}, inner, A, B, ldb, C, ldc);
}

}  // namespace small_product_detail

/// C (rows, columns) = A B, or += with Add, for matrices of one sample: A (rows, inner) with any strides, B (inner,
/// columns) and C row-major. Rows and columns are FixedSize or RuntimeSize. Every element is one sum over inner, in
/// order. Far below the sizes at which a library's gemm pays.
template <class T, bool Add, class Strides, class Rows, class Columns>
inline void small_product(Strides strides, Rows rows, Columns columns, std::size_t inner, const T* A, const T* B,
                          std::size_t ldb, T* C, std::size_t ldc) {
  small_product_detail::all_columns<T, native_width<T>, Add>(strides, rows, columns, inner, A, B, ldb, C, ldc);
}

}  // namespace c2al::kernels

#pragma once
#include <algorithm>
#include <cstddef>
#include <utility>

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

/// P*W columns of all rows, in blocks of nearly equal height.
template <class T, std::size_t W, std::size_t P, bool Add, class Strides>
inline void panel(Strides strides, std::size_t rows, std::size_t inner, const T* A, const T* B, std::size_t ldb, T* C,
                  std::size_t ldc) {
  const auto run = [&]<std::size_t R>(std::integral_constant<std::size_t, R>) {
    block<T, W, P, R, Add>(strides, inner, A, B, ldb, C, ldc);
  };
  std::size_t blocks = (rows + max_rows<P> - 1) / max_rows<P>;
  for (; blocks > 0; --blocks) {
    const std::size_t height = (rows + blocks - 1) / blocks;
    [&]<std::size_t... R>(std::index_sequence<R...>) {
      static_cast<void>(((height == R + 1 && (run(std::integral_constant<std::size_t, R + 1>{}), true)) || ...));
    }
    (std::make_index_sequence<max_rows<P>>{});
    rows -= height;
    A += height * strides.row();
    C += height * ldc;
  }
}

/// Not inlined: the callers of one left factor's layout share its code, which keeps compilation short.
template <class T, std::size_t W, bool Add, class Strides>
[[gnu::noinline]] void columns(Strides strides, std::size_t rows, std::size_t count, std::size_t inner, const T* A, const T* B,
                    std::size_t ldb, T* C, std::size_t ldc) {
  for (; count >= 2 * W && W == native_width<T>; count -= 2 * W, B += 2 * W, C += 2 * W)
    panel<T, W, 2, Add>(strides, rows, inner, A, B, ldb, C, ldc);
  if (count >= W) {
    panel<T, W, 1, Add>(strides, rows, inner, A, B, ldb, C, ldc);
    count -= W;
    B += W;
    C += W;
  }
  if constexpr (W > 1) {
    if (count > 0) columns<T, W / 2, Add>(strides, rows, count, inner, A, B, ldb, C, ldc);
  }
}

}  // namespace small_product_detail

/// C (rows, columns) = A B, or += with Add, for matrices of one sample: A (rows, inner) with any strides, B (inner,
/// columns) and C row-major. Every element is one sum over inner, in order. Far below the sizes at which a library's
/// gemm pays.
template <class T, bool Add, class Strides>
inline void small_product(Strides strides, std::size_t rows, std::size_t columns, std::size_t inner, const T* A,
                          const T* B, std::size_t ldb, T* C, std::size_t ldc) {
  small_product_detail::columns<T, native_width<T>, Add>(strides, rows, columns, inner, A, B, ldb, C, ldc);
}

}  // namespace c2al::kernels

#pragma once
#include <cstddef>

#include "core/kernels/execution.hpp"
#include "core/kernels/flat.hpp"
#include "core/kernels/lane_sum.hpp"

namespace c2al::kernels {

/// Work items a device shares the numbers of a vector out to.
inline constexpr std::size_t gram_device_parts = 4096;

/// Parts that partial_gram makes for vectors of `count` numbers; independent of the number of threads.
template <class Exec>
std::size_t gram_parts(std::size_t count) {
  if constexpr (runs_on_host<Exec>)
    return (count + flat_block - 1) / flat_block;
  else
    return count < gram_device_parts ? count : gram_device_parts;
}

namespace gram_detail {

/// Part p is block p of the vectors.
template <class T, class Exec>
void by_blocks(const Exec& exec, std::size_t n, std::size_t count, const T* vectors, std::size_t stride,
               double* partial) {
  for_each(exec, gram_parts<Exec>(count), [=](const std::size_t part) {
    const std::size_t begin = part * flat_block, size = count - begin < flat_block ? count - begin : flat_block;
    double* gram = partial + part * n * n;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        const T *a = vectors + i * stride + begin, *b = vectors + j * stride + begin;
        gram[i * n + j] = gram[j * n + i] = lane_sum<double>(
            size, KOKKOS_LAMBDA(std::size_t e) { return static_cast<double>(a[e]) * static_cast<double>(b[e]); });
      }
  });
}

/// Part p takes the numbers p, p + parts, ..., so that neighbouring work items read neighbouring numbers.
template <class T, class Exec>
void interleaved(const Exec& exec, std::size_t n, std::size_t count, const T* vectors, std::size_t stride,
                 double* partial) {
  const std::size_t parts = gram_parts<Exec>(count);
  for_each(
      exec, n * n * parts, KOKKOS_LAMBDA(const std::size_t item) {
        const std::size_t part = item % parts, i = item / parts / n, j = item / parts % n;
        if (j > i) return;
        const T *a = vectors + i * stride, *b = vectors + j * stride;
        double sum = 0;
        for (std::size_t e = part; e < count; e += parts) sum += static_cast<double>(a[e]) * static_cast<double>(b[e]);
        partial[part * n * n + i * n + j] = sum;
        partial[part * n * n + j * n + i] = sum;
      });
}

}  // namespace gram_detail

/// Scalar products, in double, of n vectors of `count` numbers that start `stride` apart, in parts whose sum, taken in
/// order, is their Gram matrix; partial (gram_parts, n, n).
template <class T, class Exec>
void partial_gram(const Exec& exec, std::size_t n, std::size_t count, const T* vectors, std::size_t stride,
                  double* partial) {
  if constexpr (runs_on_host<Exec>)
    gram_detail::by_blocks<T>(exec, n, count, vectors, stride, partial);
  else
    gram_detail::interleaved<T>(exec, n, count, vectors, stride, partial);
}

}  // namespace c2al::kernels

#pragma once
#include <cstddef>
#include <type_traits>

#include "core/kernels/execution.hpp"
#include "core/kernels/thread_scratch.hpp"

namespace c2al::kernels {

/// z += bias: z (R, n), rows ldz apart; bias (n).
template <class T, class Exec>
void add_bias(const Exec& exec, std::size_t R, std::size_t n, const T* bias, T* z, std::size_t ldz) {
  for_each(
      exec, R, KOKKOS_LAMBDA(const std::size_t b) {
        T* row = z + b * ldz;
        C2AL_INDEPENDENT_ITERATIONS
        for (std::size_t j = 0; j < n; ++j) row[j] += bias[j];
      });
}

/// z = max(z + bias, 0): z (R, n), rows ldz apart; bias (n). A NaN stays one.
template <class T, class Exec>
void add_bias_relu(const Exec& exec, std::size_t R, std::size_t n, const T* bias, T* z, std::size_t ldz) {
  for_each(
      exec, R, KOKKOS_LAMBDA(const std::size_t b) {
        T* row = z + b * ldz;
        C2AL_INDEPENDENT_ITERATIONS
        for (std::size_t j = 0; j < n; ++j) {
          const T value = row[j] + bias[j];
          row[j] = value < T(0) ? T(0) : value;
        }
      });
}

/// Columns whose sums a loop over the rows keeps in registers.
inline constexpr std::size_t column_block = 32;

/// sum = beta * sum + column sums of term(b, j), b < R, j < n, each taken in the order of the rows; beta = 0 does not
/// read sum.
template <class T, class Exec, class F>
void column_sum_of(const Exec& exec, std::size_t R, std::size_t n, T beta, T* sum, const F& term) {
  for_each(
      exec, (n + column_block - 1) / column_block, KOKKOS_LAMBDA(const std::size_t block) {
        const std::size_t begin = block * column_block;
        const std::size_t width = n - begin < column_block ? n - begin : column_block;
        T part[column_block] = {};
        if (width == column_block) {
          for (std::size_t b = 0; b < R; ++b)
            for (std::size_t j = 0; j < column_block; ++j) part[j] += term(b, begin + j);
        } else {
          for (std::size_t b = 0; b < R; ++b)
            for (std::size_t j = 0; j < width; ++j) part[j] += term(b, begin + j);
        }
        for (std::size_t j = 0; j < width; ++j)
          sum[begin + j] = beta == T(0) ? part[j] : beta * sum[begin + j] + part[j];
      });
}

/// sum = beta * sum + column sums of x: x (R, n), rows ldx apart; sum (n).
template <class T, class Exec>
void column_sum(const Exec& exec, std::size_t R, std::size_t n, const T* x, std::size_t ldx, T beta, T* sum) {
  column_sum_of(
      exec, R, n, beta, sum, KOKKOS_LAMBDA(const std::size_t b, const std::size_t j) { return x[b * ldx + j]; });
}

namespace activation_detail {

template <class T, class Exec>
void mask(const Exec& exec, std::size_t R, std::size_t n, const T* h, std::size_t ldh, T* dz, std::size_t lddz) {
  for_each(
      exec, R, KOKKOS_LAMBDA(const std::size_t b) {
        const T* active = h + b * ldh;
        T* row = dz + b * lddz;
        C2AL_INDEPENDENT_ITERATIONS
        for (std::size_t j = 0; j < n; ++j) row[j] = active[j] > T(0) ? row[j] : T(0);
      });
}

/// Masks and sums while a row is in the cache.
template <class T>
void relu_backward_in_one_pass(std::size_t R, std::size_t n, const T* h, std::size_t ldh, T* dz, std::size_t lddz,
                               T beta, T* db) {
  T* sum = thread_scratch<T>(n);
  for (std::size_t j = 0; j < n; ++j) sum[j] = T(0);
  for (std::size_t b = 0; b < R; ++b) {
    const T* active = h + b * ldh;
    T* row = dz + b * lddz;
    C2AL_INDEPENDENT_ITERATIONS
    for (std::size_t j = 0; j < n; ++j) {
      const T value = active[j] > T(0) ? row[j] : T(0);
      row[j] = value;
      sum[j] += value;
    }
  }
  for (std::size_t j = 0; j < n; ++j) db[j] = beta == T(0) ? sum[j] : beta * db[j] + sum[j];
}

}  // namespace activation_detail

/// Backward pass of h = relu(z + bias): dz holds dL/dh and receives dL/dz; db = beta * db + its column sums.
/// h, dz (R, n), rows ldh and lddz apart; db (n).
template <class T, class Exec>
void relu_backward(const Exec& exec, std::size_t R, std::size_t n, const T* h, std::size_t ldh, T* dz, std::size_t lddz,
                   T beta, T* db) {
  if constexpr (std::is_same_v<Exec, CallingThread>) {
    activation_detail::relu_backward_in_one_pass(R, n, h, ldh, dz, lddz, beta, db);
  } else {
    activation_detail::mask(exec, R, n, h, ldh, dz, lddz);
    column_sum(exec, R, n, static_cast<const T*>(dz), lddz, beta, db);
  }
}

}  // namespace c2al::kernels

#pragma once
#include <cstddef>

#include "core/kernels/activation.hpp"
#include "core/kernels/execution.hpp"
#include "core/kernels/lane_sum.hpp"

namespace c2al::kernels {

// Every sum here runs over one task alone, in an order that does not depend on the number of tasks; a matrix product
// would not promise that. Adding tasks therefore leaves the results of the others bit-identical.

/// logits (B, T): logit[b,t] = h[b] . weight[t] + bias[t]; h (B, H), weight (T, H).
template <class T, class Exec>
void task_head_forward(const Exec& exec, std::size_t B, std::size_t tasks, std::size_t H, const T* h, const T* weight,
                       const T* bias, T* logits) {
  for_each(
      exec, B, KOKKOS_LAMBDA(const std::size_t b) {
        for (std::size_t t = 0; t < tasks; ++t) {
          const T *x = h + b * H, *w = weight + t * H;
          logits[b * tasks + t] = lane_sum<T>(H, [=](std::size_t j) { return x[j] * w[j]; }) + bias[t];
        }
      });
}

/// dh[b] = sum_t coefficient[t] residual[b,t] weight[t], tasks of coefficient 0 left out; residual (B, T) =
/// dL_t/dlogit, weight (T, H), dh (B, H). `coefficient` (T) is read by the kernel: it lies in its space's memory.
template <class T, class Exec>
void task_head_backward(const Exec& exec, std::size_t B, std::size_t tasks, std::size_t H, const T* coefficient,
                        const T* residual, const T* weight, T* dh) {
  for_each(
      exec, B, KOKKOS_LAMBDA(const std::size_t b) {
        T* row = dh + b * H;
        for (std::size_t j = 0; j < H; ++j) row[j] = T(0);
        for (std::size_t t = 0; t < tasks; ++t) {
          if (coefficient[t] == T(0)) continue;
          const T slope = coefficient[t] * residual[b * tasks + t];
          const T* w = weight + t * H;
          C2AL_INDEPENDENT_ITERATIONS
          for (std::size_t j = 0; j < H; ++j) row[j] += slope * w[j];
        }
      });
}

/// Gradients of the heads: dweight[t] = beta dweight[t] + coefficient[t] sum_b residual[b,t] h[b], dbias likewise; a
/// task of coefficient 0 adds nothing. dweight (T, H), dbias (T); beta = 0 does not read them. `coefficient` (T) lies
/// in host memory.
template <class T, class Exec>
void task_head_gradient(const Exec& exec, std::size_t B, std::size_t tasks, std::size_t H, const T* coefficient,
                        const T* residual, const T* h, T beta, T* dweight, T* dbias) {
  for (std::size_t t = 0; t < tasks; ++t) {
    const T factor = coefficient[t];
    const std::size_t rows = factor == T(0) ? 0 : B;
    column_sum_of(
        exec, rows, H, beta, dweight + t * H, KOKKOS_LAMBDA(const std::size_t b, const std::size_t j) {
          return factor * residual[b * tasks + t] * h[b * H + j];
        });
    column_sum_of(
        exec, rows, 1, beta, dbias + t,
        KOKKOS_LAMBDA(const std::size_t b, const std::size_t) { return factor * residual[b * tasks + t]; });
  }
}

}  // namespace c2al::kernels

#pragma once
#include <cmath>
#include <cstddef>

#include "core/kernels/execution.hpp"
#include "core/kernels/lane_sum.hpp"

namespace c2al::kernels {

/// Softmax of each row of p (R, n), in place.
template <class T, class Exec>
void softmax_rows(const Exec& exec, std::size_t R, std::size_t n, T* p) {
  for_each(
      exec, R, KOKKOS_LAMBDA(const std::size_t b) {
        T* row = p + b * n;
        T largest = row[0];
        for (std::size_t i = 1; i < n; ++i) largest = row[i] > largest ? row[i] : largest;
        T sum = T(0);
        for (std::size_t i = 0; i < n; ++i) {
          row[i] = std::exp(row[i] - largest);
          sum += row[i];
        }
        for (std::size_t i = 0; i < n; ++i) row[i] /= sum;
      });
}

/// What a gate makes of expert `expert`: out[b] = beta out[b] + p[b,i] z[b,expert]; z (R, experts, width), p (R, n),
/// out (R, width). beta = 0 does not read out.
template <class T, class Exec>
void add_expert(const Exec& exec, std::size_t R, std::size_t experts, std::size_t width, std::size_t expert, const T* z,
                std::size_t n, std::size_t i, const T* p, T beta, T* out) {
  for_each(
      exec, R, KOKKOS_LAMBDA(const std::size_t b) {
        const T* from = z + (b * experts + expert) * width;
        const T weight = p[b * n + i];
        T* to = out + b * width;
        if (beta == T(0)) {
          C2AL_INDEPENDENT_ITERATIONS
          for (std::size_t j = 0; j < width; ++j) to[j] = weight * from[j];
        } else {
          C2AL_INDEPENDENT_ITERATIONS
          for (std::size_t j = 0; j < width; ++j) to[j] = beta * to[j] + weight * from[j];
        }
      });
}

/// Backward pass of add_expert: dz[b,expert] += factor p[b,i] dout[b], dp[b,i] = dout[b] . z[b,expert].
template <class T, class Exec>
void add_expert_backward(const Exec& exec, std::size_t R, std::size_t experts, std::size_t width, std::size_t expert,
                         const T* z, std::size_t n, std::size_t i, const T* p, T factor, const T* dout, T* dz, T* dp) {
  for_each(
      exec, R, KOKKOS_LAMBDA(const std::size_t b) {
        const T *from = z + (b * experts + expert) * width, *d = dout + b * width;
        T* to = dz + (b * experts + expert) * width;
        dp[b * n + i] = lane_sum<T>(width, [=](std::size_t j) { return d[j] * from[j]; });
        const T weight = factor * p[b * n + i];
        C2AL_INDEPENDENT_ITERATIONS
        for (std::size_t j = 0; j < width; ++j) to[j] += weight * d[j];
      });
}

/// Backward pass of softmax_rows: dp (R, n) holds dL/dp and receives dL/d(input): dp_i = p_i (dp_i - p . dp).
template <class T, class Exec>
void softmax_rows_backward(const Exec& exec, std::size_t R, std::size_t n, const T* p, T* dp) {
  for_each(
      exec, R, KOKKOS_LAMBDA(const std::size_t b) {
        const T* row = p + b * n;
        T *d = dp + b * n, dot = T(0);
        for (std::size_t i = 0; i < n; ++i) dot += row[i] * d[i];
        for (std::size_t i = 0; i < n; ++i) d[i] = row[i] * (d[i] - dot);
      });
}

/// Logit of one task on a representation of its own: logit[b, t] = h[b] . weight + bias; h (R, H), weight (H), logits
/// (R, tasks).
template <class T, class Exec>
void own_head_forward(const Exec& exec, std::size_t R, std::size_t tasks, std::size_t t, std::size_t H, const T* h,
                      const T* weight, const T* bias, T* logits) {
  for_each(
      exec, R, KOKKOS_LAMBDA(const std::size_t b) {
        const T* x = h + b * H;
        logits[b * tasks + t] = lane_sum<T>(H, [=](std::size_t j) { return x[j] * weight[j]; }) + bias[0];
      });
}

/// Its input's gradient: dh[b] = factor residual[b, t] weight.
template <class T, class Exec>
void own_head_backward(const Exec& exec, std::size_t R, std::size_t tasks, std::size_t t, std::size_t H, T factor,
                       const T* residual, const T* weight, T* dh) {
  for_each(
      exec, R, KOKKOS_LAMBDA(const std::size_t b) {
        const T slope = factor * residual[b * tasks + t];
        T* row = dh + b * H;
        C2AL_INDEPENDENT_ITERATIONS
        for (std::size_t j = 0; j < H; ++j) row[j] = slope * weight[j];
      });
}

}  // namespace c2al::kernels

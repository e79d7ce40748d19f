#pragma once
#include <cmath>
#include <cstddef>

#include "core/kernels/execution.hpp"

namespace c2al::kernels {

/// Binary cross entropy with logits of T tasks, finite for every finite logit. For sample b and task t, with weight w
/// (1 where `weight` is null), target y and logit z:
///   sample_loss[t B + b] = w (max(z, 0) - z y + log(1 + exp(-|z|)))
///   residual[b T + t]    = dL_t/dz = w (sigmoid(z) - y) / B
/// logits and residual (B, T); target, weight and sample_loss (T, B).
template <class T, class Exec>
void cross_entropy_with_logits(const Exec& exec, std::size_t B, std::size_t tasks, const T* logits, const float* target,
                               const float* weight, T* residual, double* sample_loss) {
  const T share = T(1) / static_cast<T>(B);
  for_each(
      exec, B, KOKKOS_LAMBDA(const std::size_t b) {
        for (std::size_t t = 0; t < tasks; ++t) {
          const T z = logits[b * tasks + t];
          const T y = static_cast<T>(target[t * B + b]);
          const T w = weight == nullptr ? T(1) : static_cast<T>(weight[t * B + b]);
          const T decay = std::exp(-std::abs(z));
          const T probability = (z < T(0) ? decay : T(1)) / (T(1) + decay);
          residual[b * tasks + t] = w * (probability - y) * share;
          const double loss = static_cast<double>(z < T(0) ? T(0) : z) -
                              static_cast<double>(z) * static_cast<double>(y) + std::log1p(static_cast<double>(decay));
          sample_loss[t * B + b] = static_cast<double>(w) * loss;
        }
      });
}

}  // namespace c2al::kernels

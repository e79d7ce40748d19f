#pragma once
#include <cmath>
#include <cstddef>

#include "core/kernels/activation.hpp"
#include "core/kernels/execution.hpp"
#include "core/kernels/lane_sum.hpp"

namespace c2al::kernels {

/// Added to the variance in LayerNorm, as in PyTorch.
inline constexpr double layer_norm_epsilon = 1e-5;

/// The low-rank cross x * (U V x + bias) + x of a DHEN layer; `product` = null: the layer has none.
template <class T>
struct CrossTerm {
  const T* product = nullptr;  ///< U V x (R, D), rows D apart
  const T* bias = nullptr;     ///< (D)
};

/// The end of a DHEN layer: u = s + bias + cross, out = LayerNorm(u) = gamma * xhat + beta, in one pass over memory.
/// s (R, D), rows lds apart, holds the sum of the other modules and receives xhat = (u - mean) * rstd, var divided by
/// D; bias (D), null for none; x, out (R, D), rows D apart; rstd (R).
template <class T, class Exec>
void add_cross_layer_norm(const Exec& exec, std::size_t R, std::size_t D, T* s, std::size_t lds, const T* bias,
                          const T* x, CrossTerm<T> cross, const T* gamma, const T* beta, T* rstd, T* out) {
  for_each(
      exec, R, KOKKOS_LAMBDA(const std::size_t b) {
        T* u = s + b * lds;
        if (bias != nullptr) {
          C2AL_INDEPENDENT_ITERATIONS
          for (std::size_t j = 0; j < D; ++j) u[j] += bias[j];
        }
        if (cross.product != nullptr) {
          const T *in = x + b * D, *product = cross.product + b * D;
          C2AL_INDEPENDENT_ITERATIONS
          for (std::size_t j = 0; j < D; ++j) u[j] += in[j] * (product[j] + cross.bias[j]) + in[j];
        }
        const T mean = lane_sum<T>(D, [=](std::size_t j) { return u[j]; }) / static_cast<T>(D);
        const T variance =
            lane_sum<T>(D, [=](std::size_t j) { return (u[j] - mean) * (u[j] - mean); }) / static_cast<T>(D);
        const T scale = T(1) / std::sqrt(variance + static_cast<T>(layer_norm_epsilon));
        rstd[b] = scale;
        T* to = out + b * D;
        C2AL_INDEPENDENT_ITERATIONS
        for (std::size_t j = 0; j < D; ++j) {
          const T normalised = (u[j] - mean) * scale;
          u[j] = normalised;
          to[j] = normalised * gamma[j] + beta[j];
        }
      });
}

/// Backward pass of add_cross_layer_norm for what is different in each sample:
/// du = dL/du = rstd (g - mean(g) - xhat mean(g xhat)), g = gamma dout; dproduct = du x; dx = dL/dx through the cross,
/// du (U V x + bias + 1), or 0 without one. dout, dproduct, dx (R, D), rows D apart; xhat and du rows ldx and lddu
/// apart.
template <class T, class Exec>
void add_cross_layer_norm_backward(const Exec& exec, std::size_t R, std::size_t D, const T* dout, const T* xhat,
                                   std::size_t ldxhat, const T* rstd, const T* gamma, const T* x, CrossTerm<T> cross,
                                   T* du, std::size_t lddu, T* dproduct, T* dx) {
  for_each(
      exec, R, KOKKOS_LAMBDA(const std::size_t b) {
        const T *g = dout + b * D, *normalised = xhat + b * ldxhat;
        const T count = static_cast<T>(D);
        const T mean = lane_sum<T>(D, [=](std::size_t j) { return g[j] * gamma[j]; }) / count;
        const T slope = lane_sum<T>(D, [=](std::size_t j) { return g[j] * gamma[j] * normalised[j]; }) / count;
        const T scale = rstd[b];
        T *gradient = du + b * lddu, *input_gradient = dx + b * D;
        if (cross.product == nullptr) {
          C2AL_INDEPENDENT_ITERATIONS
          for (std::size_t j = 0; j < D; ++j) {
            gradient[j] = scale * (g[j] * gamma[j] - mean - normalised[j] * slope);
            input_gradient[j] = T(0);
          }
          return;
        }
        const T *in = x + b * D, *product = cross.product + b * D;
        T* product_gradient = dproduct + b * D;
        C2AL_INDEPENDENT_ITERATIONS
        for (std::size_t j = 0; j < D; ++j) {
          const T value = scale * (g[j] * gamma[j] - mean - normalised[j] * slope);
          gradient[j] = value;
          product_gradient[j] = value * in[j];
          input_gradient[j] = value * (product[j] + cross.bias[j] + T(1));
        }
      });
}

/// Gradients of LayerNorm's own parameters: dgamma = accumulate * dgamma + sum_b dout xhat, dbeta likewise of dout.
/// dout (R, D), rows D apart; xhat rows ldxhat apart; dgamma, dbeta (D); accumulate 0 does not read them.
template <class T, class Exec>
void layer_norm_parameter_gradient(const Exec& exec, std::size_t R, std::size_t D, const T* dout, const T* xhat,
                                   std::size_t ldxhat, T accumulate, T* dgamma, T* dbeta) {
  column_sum_of(
      exec, R, D, accumulate, dgamma,
      KOKKOS_LAMBDA(const std::size_t b, const std::size_t j) { return dout[b * D + j] * xhat[b * ldxhat + j]; });
  column_sum(exec, R, D, dout, D, accumulate, dbeta);
}

}  // namespace c2al::kernels

#pragma once
#include <cmath>
#include <cstddef>
#include <type_traits>

#include "core/kernels/activation.hpp"
#include "core/kernels/execution.hpp"
#include "core/kernels/lane_sum.hpp"
#include "core/kernels/layer_norm_host.hpp"

namespace c2al::kernels {

/// Added to the variance in LayerNorm, as in PyTorch.
inline constexpr double layer_norm_epsilon = 1e-5;

/// The low-rank cross x * (U V x + bias) + x of a DHEN layer; `product` = null: the layer has none.
template <class T>
struct CrossTerm {
  const T* product = nullptr;  ///< U V x (R, D), rows D apart
  const T* bias = nullptr;     ///< (D)
};

/// Where the gradients of the parameters of add_cross_layer_norm go, (D) each.
template <class T>
struct LayerNormGradients {
  T* gamma;
  T* beta;
  T* bias = nullptr;        ///< null without a bias
  T* cross_bias = nullptr;  ///< null without a cross term
};

namespace layer_norm_detail {

template <class T, class Exec>
void forward(const Exec& exec, std::size_t R, std::size_t D, T* s, std::size_t lds, const T* bias, const T* x,
             CrossTerm<T> cross, const T* gamma, const T* beta, T* rstd, T* out) {
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

template <class T, class Exec>
void backward(const Exec& exec, std::size_t R, std::size_t D, const T* dout, const T* xhat, std::size_t ldxhat,
              const T* rstd, const T* gamma, const T* x, CrossTerm<T> cross, T* du, std::size_t lddu, T* dproduct,
              T* dx) {
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

/// sum[j] = accumulate * sum[j] + sum_b x[b,j] y[b,j].
template <class T, class Exec>
void column_dot(const Exec& exec, std::size_t R, std::size_t D, const T* x, std::size_t ldx, const T* y,
                std::size_t ldy, T accumulate, T* sum) {
  column_sum_of(
      exec, R, D, accumulate, sum,
      KOKKOS_LAMBDA(const std::size_t b, const std::size_t j) { return x[b * ldx + j] * y[b * ldy + j]; });
}

}  // namespace layer_norm_detail

/// The end of a DHEN layer: u = s + bias + cross, out = LayerNorm(u) = gamma * xhat + beta, in one pass over memory.
/// s (R, D), rows lds apart, holds the sum of the other modules and receives xhat = (u - mean) * rstd, var divided by
/// D; bias (D), null for none; x, out (R, D), rows D apart; rstd (R).
template <class T, class Exec>
void add_cross_layer_norm(const Exec& exec, std::size_t R, std::size_t D, T* s, std::size_t lds, const T* bias,
                          const T* x, CrossTerm<T> cross, const T* gamma, const T* beta, T* rstd, T* out) {
  if constexpr (std::is_same_v<Exec, CallingThread>)
    add_cross_layer_norm_host(R, D, s, lds, bias, x, cross, gamma, beta, rstd, out);
  else
    layer_norm_detail::forward(exec, R, D, s, lds, bias, x, cross, gamma, beta, rstd, out);
}

/// Backward pass of add_cross_layer_norm: du = dL/du = rstd (g - mean(g) - xhat mean(g xhat)), g = gamma dout;
/// dproduct = du x, not written without a cross; dx = dL/dx through the cross, du (U V x + bias + 1), or 0 without one.
/// The parameters' gradients are accumulate times what they were plus the sums over the rows of dout xhat, dout, du and
/// dproduct; accumulate 0 does not read them. dout, dproduct, dx (R, D), rows D apart; xhat and du rows ldxhat and lddu
/// apart.
template <class T, class Exec>
void add_cross_layer_norm_backward(const Exec& exec, std::size_t R, std::size_t D, const T* dout, const T* xhat,
                                   std::size_t ldxhat, const T* rstd, const T* gamma, const T* x, CrossTerm<T> cross,
                                   T* du, std::size_t lddu, T* dproduct, T* dx, T accumulate,
                                   LayerNormGradients<T> gradients) {
  if constexpr (std::is_same_v<Exec, CallingThread>) {
    add_cross_layer_norm_backward_host(R, D, dout, xhat, ldxhat, rstd, gamma, x, cross, du, lddu, dproduct, dx,
                                       accumulate, gradients);
  } else {
    layer_norm_detail::backward(exec, R, D, dout, xhat, ldxhat, rstd, gamma, x, cross, du, lddu, dproduct, dx);
    layer_norm_detail::column_dot(exec, R, D, dout, D, xhat, ldxhat, accumulate, gradients.gamma);
    column_sum(exec, R, D, dout, D, accumulate, gradients.beta);
    if (gradients.bias != nullptr) column_sum(exec, R, D, static_cast<const T*>(du), lddu, accumulate, gradients.bias);
    if (gradients.cross_bias != nullptr)
      column_sum(exec, R, D, static_cast<const T*>(dproduct), D, accumulate, gradients.cross_bias);
  }
}

}  // namespace c2al::kernels

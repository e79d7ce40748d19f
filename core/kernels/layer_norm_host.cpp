#include "core/kernels/layer_norm_host.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "core/kernels/layer_norm.hpp"
#include "core/kernels/pack_loop.hpp"
#include "core/kernels/thread_scratch.hpp"

namespace c2al::kernels {
namespace {

/// One row of a forward pass.
template <bool Bias, bool Cross, class T>
T normalise_row(std::size_t D, T* u, const T* bias, const T* in, const T* product, const T* cross_bias, const T* gamma,
                const T* beta, T* out) {
  const T count = static_cast<T>(D);
  const auto [sum] = lane_sums<T, 1>(D, [&]<std::size_t W>(PackWidth<W>, std::size_t j) {
    using P = Pack<T, W>;
    P value = P::load(u + j);
    if constexpr (Bias) value = value + P::load(bias + j);
    if constexpr (Cross) {
      const P x = P::load(in + j);
      value = value + fma(x, P::load(product + j) + P::load(cross_bias + j), x);
    }
    if constexpr (Bias || Cross) value.store(u + j);
    return std::array<P, 1>{value};
  });
  const T mean = sum / count;
  const auto [squares] = lane_sums<T, 1>(D, [&]<std::size_t W>(PackWidth<W>, std::size_t j) {
    using P = Pack<T, W>;
    const P centred = P::load(u + j) - P::broadcast(mean);
    return std::array<P, 1>{centred * centred};
  });
  const T scale = T(1) / std::sqrt(squares / count + static_cast<T>(layer_norm_epsilon));
  for_each_pack<row_width<T>>(0, D, [&]<std::size_t W>(PackWidth<W>, std::size_t j) {
    using P = Pack<T, W>;
    const P normalised = (P::load(u + j) - P::broadcast(mean)) * P::broadcast(scale);
    normalised.store(u + j);
    fma(normalised, P::load(gamma + j), P::load(beta + j)).store(out + j);
  });
  return scale;
}

/// Sums over the rows, (D) each.
template <class T>
struct RowSums {
  T *gamma, *beta, *bias, *cross_bias;
};

/// One row of a backward pass; adds to the sums.
template <bool Bias, bool Cross, class T>
void backward_row(std::size_t D, const T* g, const T* xhat, T rstd, const T* gamma, const T* in, const T* product,
                  const T* cross_bias, T* du, T* dproduct, T* dx, RowSums<T> sums) {
  const T count = static_cast<T>(D);
  const auto [first, second] = lane_sums<T, 2>(D, [&]<std::size_t W>(PackWidth<W>, std::size_t j) {
    using P = Pack<T, W>;
    const P gradient = P::load(g + j), normalised = P::load(xhat + j);
    fma(gradient, normalised, P::load(sums.gamma + j)).store(sums.gamma + j);
    (P::load(sums.beta + j) + gradient).store(sums.beta + j);
    const P scaled = gradient * P::load(gamma + j);
    return std::array<P, 2>{scaled, scaled * normalised};
  });
  const T mean = first / count, slope = second / count;
  for_each_pack<row_width<T>>(0, D, [&]<std::size_t W>(PackWidth<W>, std::size_t j) {
    using P = Pack<T, W>;
    const P scaled = P::load(g + j) * P::load(gamma + j);
    const P value = P::broadcast(rstd) * (scaled - P::broadcast(mean) - P::load(xhat + j) * P::broadcast(slope));
    value.store(du + j);
    if constexpr (Bias) (P::load(sums.bias + j) + value).store(sums.bias + j);
    if constexpr (Cross) {
      const P dp = value * P::load(in + j);
      dp.store(dproduct + j);
      (P::load(sums.cross_bias + j) + dp).store(sums.cross_bias + j);
      (value * (P::load(product + j) + P::load(cross_bias + j) + P::broadcast(T(1)))).store(dx + j);
    } else {
      P::zero().store(dx + j);
    }
  });
}

/// Row b of a matrix with rows of D numbers, or null where there is none.
template <class T>
T* row_of(T* matrix, std::size_t b, std::size_t D) {
  return matrix == nullptr ? nullptr : matrix + b * D;
}

/// Calls f with two flags as compile-time constants.
template <class F>
void with_flags(bool bias, bool cross, const F& f) {
  const auto choose = [&](auto first) { cross ? f(first, std::true_type{}) : f(first, std::false_type{}); };
  bias ? choose(std::true_type{}) : choose(std::false_type{});
}

template <class T>
void finish_sum(std::size_t D, T accumulate, const T* part, T* sum) {
  if (accumulate == T(0))
    std::copy_n(part, D, sum);
  else
    for (std::size_t j = 0; j < D; ++j) sum[j] = accumulate * sum[j] + part[j];
}

}  // namespace

template <class T>
void add_cross_layer_norm_host(std::size_t R, std::size_t D, T* s, std::size_t lds, const T* bias, const T* x,
                               CrossTerm<T> cross, const T* gamma, const T* beta, T* rstd, T* out) {
  with_flags(bias != nullptr, cross.product != nullptr, [&](auto with_bias, auto with_cross) {
    for (std::size_t b = 0; b < R; ++b)
      rstd[b] = normalise_row<with_bias(), with_cross()>(
          D, s + b * lds, bias, row_of(x, b, D), row_of(cross.product, b, D), cross.bias, gamma, beta, out + b * D);
  });
}

template <class T>
void add_cross_layer_norm_backward_host(std::size_t R, std::size_t D, const T* dout, const T* xhat, std::size_t ldxhat,
                                        const T* rstd, const T* gamma, const T* x, CrossTerm<T> cross, T* du,
                                        std::size_t lddu, T* dproduct, T* dx, T accumulate,
                                        LayerNormGradients<T> gradients) {
  T* memory = thread_scratch<T>(4 * D);
  std::fill_n(memory, 4 * D, T(0));
  const RowSums<T> sums{memory, memory + D, memory + 2 * D, memory + 3 * D};
  with_flags(gradients.bias != nullptr, cross.product != nullptr, [&](auto with_bias, auto with_cross) {
    for (std::size_t b = 0; b < R; ++b)
      backward_row<with_bias(), with_cross()>(D, dout + b * D, xhat + b * ldxhat, rstd[b], gamma, row_of(x, b, D),
                                              row_of(cross.product, b, D), cross.bias, du + b * lddu, dproduct + b * D,
                                              dx + b * D, sums);
  });
  finish_sum(D, accumulate, sums.gamma, gradients.gamma);
  finish_sum(D, accumulate, sums.beta, gradients.beta);
  if (gradients.bias != nullptr) finish_sum(D, accumulate, sums.bias, gradients.bias);
  if (gradients.cross_bias != nullptr) finish_sum(D, accumulate, sums.cross_bias, gradients.cross_bias);
}

template void add_cross_layer_norm_host(std::size_t, std::size_t, float*, std::size_t, const float*, const float*,
                                        CrossTerm<float>, const float*, const float*, float*, float*);
template void add_cross_layer_norm_host(std::size_t, std::size_t, double*, std::size_t, const double*, const double*,
                                        CrossTerm<double>, const double*, const double*, double*, double*);
template void add_cross_layer_norm_backward_host(std::size_t, std::size_t, const float*, const float*, std::size_t,
                                                 const float*, const float*, const float*, CrossTerm<float>, float*,
                                                 std::size_t, float*, float*, float, LayerNormGradients<float>);
template void add_cross_layer_norm_backward_host(std::size_t, std::size_t, const double*, const double*, std::size_t,
                                                 const double*, const double*, const double*, CrossTerm<double>,
                                                 double*, std::size_t, double*, double*, double,
                                                 LayerNormGradients<double>);

}  // namespace c2al::kernels

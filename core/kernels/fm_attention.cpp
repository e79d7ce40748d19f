#include "core/kernels/fm_attention.hpp"

#include <algorithm>

#include "core/kernels/fixed_size.hpp"
#include "core/kernels/small_product.hpp"
#include "core/kernels/thread_scratch.hpp"

namespace c2al::kernels {
namespace {

/// The strides of E and E^T, (m, d) and (d, m), as left factors.
template <std::size_t D>
LeftStrides<D, 1> as_rows(FixedSize<D>) {
  return {};
}
template <std::size_t D>
LeftStrides<1, D> as_columns(FixedSize<D>) {
  return {};
}
LeftStrides<0, 0> as_rows(RuntimeSize n) { return {n(), 1}; }
LeftStrides<0, 0> as_columns(RuntimeSize n) { return {1, n()}; }

/// to (columns, rows) = from (rows, columns), transposed.
template <class T, std::size_t Rows, std::size_t Columns>
void transpose(FixedSize<Rows>, FixedSize<Columns>, const T* from, T* to) {
  constexpr std::size_t tile = std::min({Rows, Columns, native_width<T>});
  static_assert(Rows % tile == 0 && Columns % tile == 0);
  for (std::size_t r = 0; r < Rows; r += tile)
    for (std::size_t c = 0; c < Columns; c += tile)
      transpose_tile<tile>(from + r * Columns + c, Columns, to + c * Rows + r, Rows);
}
template <class T>
void transpose(RuntimeSize rows, RuntimeSize columns, const T* from, T* to) {
  for (std::size_t c = 0; c < columns(); ++c)
    for (std::size_t r = 0; r < rows(); ++r) to[c * rows() + r] = from[r * columns() + c];
}

/// Both forms of one sample. D and K are the sizes d and k, FixedSize or RuntimeSize.
template <class T, class D, class K>
struct Sample {
  RuntimeSize m;
  D d;
  K k;

  void covariance_forward(const T* E, const T* Y, T* G, T* memory) const {
    T* P = memory;  // (m, k) = E Y
    small_product<T, false>(as_rows(d), m, k, d(), E, Y, k(), P, k());
    small_product<T, false>(as_columns(d), d, k, m(), E, P, k(), G, k());
  }

  void pairwise_forward(const T* E, const T* Y, T* G, T* memory) const {
    T* P = memory;  // (d, k) = E^T Y
    small_product<T, false>(as_columns(d), d, k, m(), E, Y, k(), P, k());
    small_product<T, false>(as_rows(d), m, k, d(), E, P, k(), G, k());
  }

  template <bool AddY>
  void covariance_backward(const T* E, const T* Y, const T* N, T* dE, T* dY, T* memory) const {
    T *P = memory, *dP = P + m() * k(), *Y_t = dP + m() * k(), *N_t = Y_t + d() * k();
    small_product<T, false>(as_rows(d), m, k, d(), E, Y, k(), P, k());
    small_product<T, false>(as_rows(d), m, k, d(), E, N, k(), dP, k());
    small_product<T, AddY>(as_columns(d), d, k, m(), E, dP, k(), dY, k());
    transpose(d, k, Y, Y_t);
    transpose(d, k, N, N_t);
    small_product<T, true>(as_rows(k), m, d, k(), P, N_t, d(), dE, d());
    small_product<T, true>(as_rows(k), m, d, k(), dP, Y_t, d(), dE, d());
  }

  template <bool AddY>
  void pairwise_backward(const T* E, const T* Y, const T* N, T* dE, T* dY, T* memory) const {
    T *P_t = memory, *dP_t = P_t + d() * k(), *dP = dP_t + d() * k();  // P_t, dP_t (k, d); dP (d, k)
    small_product<T, false>(as_columns(k), k, d, m(), Y, E, d(), P_t, d());
    small_product<T, false>(as_columns(k), k, d, m(), N, E, d(), dP_t, d());
    transpose(k, d, dP_t, dP);
    small_product<T, AddY>(as_rows(d), m, k, d(), E, dP, k(), dY, k());
    small_product<T, true>(as_rows(k), m, d, k(), N, P_t, d(), dE, d());
    small_product<T, true>(as_rows(k), m, d, k(), Y, dP_t, d(), dE, d());
  }

  /// Numbers of scratch memory the four functions use at most.
  std::size_t memory_size() const { return 2 * (m() + d()) * k() + d() * k(); }
};

/// Calls f(sample) with d and k as compile-time sizes where there is an instance.
template <class T, class F>
void with_sample(const FmShape& shape, const F& f) {
  const auto run = [&](auto d, auto k) { f(Sample<T, decltype(d), decltype(k)>{RuntimeSize{shape.m}, d, k}); };
  const auto is = [&](std::size_t d, std::size_t k) { return shape.d == d && shape.k == k; };
  // Double precision serves verification and goes without instances.
  if constexpr (sizeof(T) == sizeof(float)) {
    if (is(8, 4)) return run(FixedSize<8>{}, FixedSize<4>{});
    if (is(16, 4)) return run(FixedSize<16>{}, FixedSize<4>{});
    if (is(8, 8)) return run(FixedSize<8>{}, FixedSize<8>{});
    if (is(16, 8)) return run(FixedSize<16>{}, FixedSize<8>{});
    if (is(16, 16)) return run(FixedSize<16>{}, FixedSize<16>{});
    if (is(32, 16)) return run(FixedSize<32>{}, FixedSize<16>{});
    if (is(32, 32)) return run(FixedSize<32>{}, FixedSize<32>{});
  }
  run(RuntimeSize{shape.d}, RuntimeSize{shape.k});
}

}  // namespace

template <class T>
void fm_attention_forward_host(const FmShape& shape, std::size_t begin, std::size_t end, const T* E, std::size_t ldE,
                               const T* Y, std::size_t ldY, T* G, std::size_t ldG) {
  with_sample<T>(shape, [&](auto sample) {
    T* memory = thread_scratch<T>(sample.memory_size());
    if (shape.form == FmForm::covariance)
      for (std::size_t b = begin; b < end; ++b)
        sample.covariance_forward(E + b * ldE, Y + b * ldY, G + b * ldG, memory);
    else
      for (std::size_t b = begin; b < end; ++b) sample.pairwise_forward(E + b * ldE, Y + b * ldY, G + b * ldG, memory);
  });
}

template <class T>
void fm_attention_backward_host(const FmShape& shape, std::size_t begin, std::size_t end, const T* E, std::size_t ldE,
                                const T* Y, std::size_t ldY, const T* dG, std::size_t lddG, T* dE, std::size_t lddE,
                                T* dY, std::size_t lddY) {
  with_sample<T>(shape, [&](auto sample) {
    T* memory = thread_scratch<T>(sample.memory_size());
    const auto each = [&](auto backward) {
      for (std::size_t b = begin; b < end; ++b)
        backward(E + b * ldE, Y + b * ldY, dG + b * lddG, dE + b * lddE, dY + b * lddY);
    };
    const auto covariance = [&]<bool AddY>(std::bool_constant<AddY>) {
      each([&](auto... operands) { sample.template covariance_backward<AddY>(operands..., memory); });
    };
    const auto pairwise = [&]<bool AddY>(std::bool_constant<AddY>) {
      each([&](auto... operands) { sample.template pairwise_backward<AddY>(operands..., memory); });
    };
    const bool add = ldY == 0;
    if (shape.form == FmForm::covariance)
      add ? covariance(std::true_type{}) : covariance(std::false_type{});
    else
      add ? pairwise(std::true_type{}) : pairwise(std::false_type{});
  });
}

template void fm_attention_forward_host(const FmShape&, std::size_t, std::size_t, const float*, std::size_t,
                                        const float*, std::size_t, float*, std::size_t);
template void fm_attention_forward_host(const FmShape&, std::size_t, std::size_t, const double*, std::size_t,
                                        const double*, std::size_t, double*, std::size_t);
template void fm_attention_backward_host(const FmShape&, std::size_t, std::size_t, const float*, std::size_t,
                                         const float*, std::size_t, const float*, std::size_t, float*, std::size_t,
                                         float*, std::size_t);
template void fm_attention_backward_host(const FmShape&, std::size_t, std::size_t, const double*, std::size_t,
                                         const double*, std::size_t, const double*, std::size_t, double*, std::size_t,
                                         double*, std::size_t);

}  // namespace c2al::kernels

#pragma once
#include <Kokkos_Core.hpp>
#include <cstddef>

namespace c2al::kernels {

/// Sum of term(0) .. term(n-1) in a fixed order that vectorises: sixteen interleaved partial sums, folded in halves at
/// the end. The order depends on n alone, not on the instruction set.
template <class T, class F>
KOKKOS_INLINE_FUNCTION T lane_sum(std::size_t n, const F& term) {
  constexpr std::size_t lanes = 16;
  T part[lanes] = {};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    for (std::size_t j = 0; j < lanes; ++j) part[j] += term(i + j);
  for (std::size_t j = 0; i + j < n; ++j) part[j] += term(i + j);
  for (std::size_t half = lanes / 2; half > 0; half /= 2)
    for (std::size_t j = 0; j < half; ++j) part[j] += part[j + half];
  return part[0];
}

}  // namespace c2al::kernels

#pragma once
#include <array>
#include <cstddef>
#include <type_traits>

#include "core/kernels/pack.hpp"

namespace c2al::kernels {

/// Lanes of a sum over a row; its order is lane_sum's.
inline constexpr std::size_t sum_lanes = 16;

template <std::size_t W>
using PackWidth = std::integral_constant<std::size_t, W>;

/// Calls f(PackWidth<W>{}, i) for W numbers from i on that cover begin .. n-1: W = 16 as long as it fits, then halves.
template <std::size_t W = sum_lanes, class F>
inline void for_each_pack(std::size_t begin, std::size_t n, const F& f) {
  for (; begin + W <= n; begin += W) f(PackWidth<W>{}, begin);
  if constexpr (W > 1)
    if (begin < n) for_each_pack<W / 2>(begin, n, f);
}

/// N sums over 0 .. n-1 in one pass: f(PackWidth<W>{}, i) returns an array of N packs, the terms i .. i+W-1 of each.
/// Partial sums and their order are those of lane_sum.
template <class T, std::size_t N, class F>
inline std::array<T, N> lane_sums(std::size_t n, const F& f) {
  using Lanes = Pack<T, sum_lanes>;
  Lanes sum[N];
  for (Lanes& lanes : sum) lanes = Lanes::zero();
  std::size_t i = 0;
  for (; i + sum_lanes <= n; i += sum_lanes) {
    const std::array<Lanes, N> terms = f(PackWidth<sum_lanes>{}, i);
    for (std::size_t q = 0; q < N; ++q) sum[q] = sum[q] + terms[q];
  }
  T part[N][sum_lanes];
  for (std::size_t q = 0; q < N; ++q) sum[q].store(part[q]);
  if (i < n)
    for_each_pack<sum_lanes / 2>(i, n, [&]<std::size_t W>(PackWidth<W> width, std::size_t at) {
      const std::array<Pack<T, W>, N> terms = f(width, at);
      for (std::size_t q = 0; q < N; ++q) {
        T* lanes = part[q] + (at - i);
        (Pack<T, W>::load(lanes) + terms[q]).store(lanes);
      }
    });
  std::array<T, N> total;
  for (std::size_t q = 0; q < N; ++q) {
    for (std::size_t half = sum_lanes / 2; half > 0; half /= 2)
      for (std::size_t j = 0; j < half; ++j) part[q][j] += part[q][j + half];
    total[q] = part[q][0];
  }
  return total;
}

}  // namespace c2al::kernels

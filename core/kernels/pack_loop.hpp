#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

#include "core/kernels/pack.hpp"

namespace c2al::kernels {

/// Lanes of a sum over a row; its order is lane_sum's.
inline constexpr std::size_t sum_lanes = 16;

/// Numbers a pack of a row holds: GCC keeps wider ones in memory.
template <class T>
inline constexpr std::size_t row_width = std::min(sum_lanes, native_width<T>);

template <std::size_t W>
using PackWidth = std::integral_constant<std::size_t, W>;

/// Calls f(PackWidth<width>{}, i) for `width` numbers from i on that cover begin .. n-1: W as long as it fits, then
/// halves.
template <std::size_t W, class F>
inline void for_each_pack(std::size_t begin, std::size_t n, const F& f) {
  for (; begin + W <= n; begin += W) f(PackWidth<W>{}, begin);
  if constexpr (W > 1)
    if (begin < n) for_each_pack<W / 2>(begin, n, f);
}

/// Sum of W numbers, folded in halves.
template <std::size_t W, class T>
inline T fold_lanes(T* lanes) {
  if constexpr (W == 1) {
    return lanes[0];
  } else {
    constexpr std::size_t step = std::min(W / 2, native_width<T>);
    using Part = Pack<T, step>;
    for (std::size_t j = 0; j < W / 2; j += step)
      (Part::load(lanes + j) + Part::load(lanes + W / 2 + j)).store(lanes + j);
    return fold_lanes<W / 2>(lanes);
  }
}

/// N sums over 0 .. n-1 in one pass: f(PackWidth<W>{}, i) returns an array of N packs, the terms i .. i+W-1 of each.
/// Partial sums and their order are those of lane_sum.
template <class T, std::size_t N, class F>
inline std::array<T, N> lane_sums(std::size_t n, const F& f) {
  constexpr std::size_t W = row_width<T>, packs = sum_lanes / W;
  using P = Pack<T, W>;
  P sum[packs][N];
  for (auto& sums : sum)
    for (P& lanes : sums) lanes = P::zero();
  std::size_t i = 0;
  for (; i + sum_lanes <= n; i += sum_lanes)
    for (std::size_t p = 0; p < packs; ++p) {
      const std::array<P, N> terms = f(PackWidth<W>{}, i + p * W);
      for (std::size_t q = 0; q < N; ++q) sum[p][q] = sum[p][q] + terms[q];
    }
  T part[N][sum_lanes];
  for (std::size_t p = 0; p < packs; ++p)
    for (std::size_t q = 0; q < N; ++q) sum[p][q].store(part[q] + p * W);
  if (i < n)
    for_each_pack<W>(i, n, [&]<std::size_t V>(PackWidth<V> width, std::size_t at) {
      const std::array<Pack<T, V>, N> terms = f(width, at);
      for (std::size_t q = 0; q < N; ++q) {
        T* lanes = part[q] + (at - i);
        (Pack<T, V>::load(lanes) + terms[q]).store(lanes);
      }
    });
  std::array<T, N> total;
  for (std::size_t q = 0; q < N; ++q) total[q] = fold_lanes<sum_lanes>(part[q]);
  return total;
}

}  // namespace c2al::kernels

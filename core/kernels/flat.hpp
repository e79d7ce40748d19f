#pragma once
#include <cstddef>

#include "core/kernels/execution.hpp"

namespace c2al::kernels {

/// Numbers a host thread handles at a time in passes over flat buffers.
inline constexpr std::size_t flat_block = std::size_t{1} << 14;

/// Calls f(space, begin, end), which runs kernels, for ranges that cover 0 .. n-1: blocks on the host's threads, whose
/// kernels run in the calling thread; everything at once on a device.
template <class Exec, class F>
void for_each_block(const Exec& exec, std::size_t n, std::size_t block, const F& f) {
  if constexpr (runs_on_host<Exec>) {
    for_each(exec, (n + block - 1) / block, [&](const std::size_t i) {
      const std::size_t begin = i * block;
      f(CallingThread{}, begin, n - begin < block ? n : begin + block);
    });
  } else {
    if (n > 0) f(exec, std::size_t{0}, n);
  }
}

/// x[i] = value for i < n.
template <class T, class Exec>
void fill(const Exec& exec, std::size_t n, T value, T* x) {
  for_each(
      exec, n, KOKKOS_LAMBDA(const std::size_t i) { x[i] = value; });
}

/// to[i] = from[i], converted to the type of `to`.
template <class From, class To, class Exec>
void convert(const Exec& exec, std::size_t n, const From* from, To* to) {
  for_each(
      exec, n, KOKKOS_LAMBDA(const std::size_t i) { to[i] = static_cast<To>(from[i]); });
}

/// x[i] *= factor.
template <class T, class Exec>
void scale(const Exec& exec, std::size_t n, T factor, T* x) {
  for_each(
      exec, n, KOKKOS_LAMBDA(const std::size_t i) { x[i] *= factor; });
}

/// sum[i] += factor x[i].
template <class T, class Exec>
void add_scaled(const Exec& exec, std::size_t n, T factor, const T* x, T* sum) {
  for_each(
      exec, n, KOKKOS_LAMBDA(const std::size_t i) { sum[i] += factor * x[i]; });
}

}  // namespace c2al::kernels

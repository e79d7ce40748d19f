#pragma once
#include <Kokkos_Core.hpp>
#include <cstddef>

namespace c2al::kernels {

/// An "execution space" that loops in the calling thread: what a host thread does inside its own chunk of a batch.
struct CallingThread {};

/// True where the calling thread can run the kernel itself or a host backend of Kokkos does: kernels may then use host
/// libraries, register packs and host containers.
template <class Exec>
inline constexpr bool runs_on_host = Kokkos::SpaceAccessibility<Exec, Kokkos::HostSpace>::accessible;
template <>
inline constexpr bool runs_on_host<CallingThread> = true;

// GCC gives up on a loop over many arrays when it cannot rule out that they overlap.
#if defined(__GNUC__) && !defined(__clang__) && !defined(__CUDACC__)
#define C2AL_INDEPENDENT_ITERATIONS _Pragma("GCC ivdep")
#else
#define C2AL_INDEPENDENT_ITERATIONS
#endif

/// Calls f(i) for i = 0 .. n-1. The calls must be independent of each other; on a Kokkos execution space they may run
/// in any order and are complete after a fence.
template <class Exec, class F>
void for_each(const Exec& exec, std::size_t n, const F& f) {
  Kokkos::parallel_for(Kokkos::RangePolicy<Exec, Kokkos::IndexType<std::size_t>>(exec, std::size_t{0}, n), f);
}
template <class F>
void for_each(const CallingThread&, std::size_t n, const F& f) {
  C2AL_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < n; ++i) f(i);
}

/// Calls f(begin, end) for consecutive ranges that cover 0 .. n-1: one range in the calling thread, ranges of `block`
/// on a host backend of Kokkos. For kernels that set something up once for many items.
template <class Exec, class F>
void for_each_range(const Exec& exec, std::size_t n, std::size_t block, const F& f) {
  static_assert(runs_on_host<Exec>, "ranges are the unit of work of host threads; use for_each on a device");
  for_each(exec, (n + block - 1) / block, [=](std::size_t i) {
    const std::size_t begin = i * block;
    f(begin, n - begin < block ? n : begin + block);
  });
}
template <class F>
void for_each_range(const CallingThread&, std::size_t n, std::size_t, const F& f) {
  if (n > 0) f(std::size_t{0}, n);
}

}  // namespace c2al::kernels

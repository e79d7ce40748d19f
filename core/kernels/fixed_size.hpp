#pragma once
#include <Kokkos_Core.hpp>
#include <cstddef>

namespace c2al::kernels {

/// A loop bound the compiler knows, so that short loops become a few vector instructions.
template <std::size_t N>
struct FixedSize {
  KOKKOS_INLINE_FUNCTION constexpr std::size_t operator()() const { return N; }
};

/// A loop bound known at run time only.
struct RuntimeSize {
  std::size_t n;
  KOKKOS_INLINE_FUNCTION std::size_t operator()() const { return n; }
};

/// Calls f(size) with the usual embedding dimensions as FixedSize and any other as RuntimeSize. f is a host function
/// that launches the kernel from a function template: device lambdas must not stand inside a generic lambda.
template <class F>
void with_fixed_size(std::size_t n, const F& f) {
  switch (n) {
    case 8:
      return f(FixedSize<8>{});
    case 16:
      return f(FixedSize<16>{});
    case 32:
      return f(FixedSize<32>{});
    default:
      return f(RuntimeSize{n});
  }
}

}  // namespace c2al::kernels

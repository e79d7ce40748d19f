#pragma once
#include <Kokkos_Core.hpp>
#include <cstddef>
#include <type_traits>

#include "core/kernels/fixed_size.hpp"

namespace c2al::kernels {

/// The d numbers of a row in memory while a kernel works on them. With d known to the compiler they are read into
/// registers at once and written back at once: a compiler that cannot know whether rows overlap would go through memory
/// number by number, and few rows of a large table would be on their way at a time. T is const for a row only read.
template <class T, class Size>
class Row;

template <class T, std::size_t N>
class Row<T, FixedSize<N>> {
 public:
  KOKKOS_INLINE_FUNCTION Row(FixedSize<N>, T* at) : at_(at) {
    for (std::size_t a = 0; a < N; ++a) values_[a] = at[a];
  }
  KOKKOS_INLINE_FUNCTION std::remove_const_t<T>& operator[](std::size_t a) { return values_[a]; }
  /// Writes the row back to where it was read.
  KOKKOS_INLINE_FUNCTION void store() const { store_to(at_); }
  /// Writes it elsewhere.
  KOKKOS_INLINE_FUNCTION void store_to(std::remove_const_t<T>* to) const {
    for (std::size_t a = 0; a < N; ++a) to[a] = values_[a];
  }

 private:
  T* at_;
  std::remove_const_t<T> values_[N];
};

template <class T>
class Row<T, RuntimeSize> {
 public:
  KOKKOS_INLINE_FUNCTION Row(RuntimeSize d, T* at) : d_(d), at_(at) {}
  KOKKOS_INLINE_FUNCTION T& operator[](std::size_t a) { return at_[a]; }
  KOKKOS_INLINE_FUNCTION void store() const {}
  KOKKOS_INLINE_FUNCTION void store_to(std::remove_const_t<T>* to) const {
    for (std::size_t a = 0; a < d_(); ++a) to[a] = at_[a];
  }

 private:
  RuntimeSize d_;
  T* at_;
};

}  // namespace c2al::kernels

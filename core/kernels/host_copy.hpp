#pragma once
#include <Kokkos_Core.hpp>
#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/kernels/execution.hpp"

namespace c2al::kernels {

namespace host_copy_detail {

template <class T, class Space>
using Numbers = Kokkos::View<T*, Space, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;

}  // namespace host_copy_detail

/// Copies n numbers from host memory into that of an execution space, after all it was given to do; done on return.
template <class T, class Exec>
void copy_from_host(const Exec&, std::size_t n, const T* from, T* to) {
  using namespace host_copy_detail;
  if constexpr (runs_on_host<Exec>)
    std::copy_n(from, n, to);
  else if (n > 0)
    Kokkos::deep_copy(Numbers<T, typename Exec::memory_space>(to, n), Numbers<const T, Kokkos::HostSpace>(from, n));
}

/// The other way.
template <class T, class Exec>
void copy_to_host(const Exec&, std::size_t n, const T* from, T* to) {
  using namespace host_copy_detail;
  if constexpr (runs_on_host<Exec>)
    std::copy_n(from, n, to);
  else if (n > 0)
    Kokkos::deep_copy(Numbers<T, Kokkos::HostSpace>(to, n), Numbers<const T, typename Exec::memory_space>(from, n));
}

/// Numbers of an execution space where the host can read them: those themselves, or a copy.
template <class T, class Exec>
class HostCopy {
 public:
  HostCopy() = default;
  HostCopy(const T* from, std::size_t n) { assign(from, n); }
  HostCopy(const HostCopy&) = delete;
  HostCopy& operator=(const HostCopy&) = delete;

  /// Takes n other numbers; memory only grows.
  void assign(const T* from, std::size_t n) {
    data_ = from;
    size_ = n;
    if constexpr (!runs_on_host<Exec>) {
      if (copy_.size() < n) copy_.resize(n);
      copy_to_host(Exec{}, n, from, copy_.data());
      data_ = copy_.data();
    }
  }

  const T* data() const { return data_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  std::size_t size() const { return size_; }
  const T& operator[](std::size_t i) const { return data_[i]; }

 private:
  const T* data_ = nullptr;
  std::size_t size_ = 0;
  std::vector<T> copy_;
};

}  // namespace c2al::kernels

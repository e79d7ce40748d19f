#pragma once
// A device made of host threads: include before the headers of kernels and of the model.
#include <Kokkos_Core.hpp>
#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>

#include "core/kernels/execution.hpp"
#include "core/kernels/gemm.hpp"
#include "core/kernels/host_copy.hpp"
#include "core/model/buffer.hpp"
#include "tests/core/model/device/far_memory.hpp"

namespace c2al::kernels {

/// An execution space whose memory only kernels and copies reach: what a device does to the code that uses it, on any
/// machine. Kernels run on the host's threads, the last index first, and may hold addresses of its memory only.
struct FarSpace {};

template <>
inline constexpr bool runs_on_host<FarSpace> = false;

template <class F>
void for_each(const FarSpace&, std::size_t n, const F& f) {
  static_assert(std::is_trivially_copyable_v<F>, "a kernel goes to a device byte by byte");
  F kernel = f;
#if defined(__GNUC__) && !defined(__clang__)
  __builtin_clear_padding(&kernel);  // which may hold an old address
#endif
  testing::FarMemory::instance().translate(&kernel, sizeof kernel);
  using Host = Kokkos::DefaultHostExecutionSpace;
  Kokkos::parallel_for(Kokkos::RangePolicy<Host, Kokkos::IndexType<std::size_t>>(0, n),
                       [=](const std::size_t i) { kernel(n - 1 - i); });
  Kokkos::fence();
}

template <class T>
void copy_from_host(const FarSpace&, std::size_t n, const T* from, T* to) {
  if (n > 0) std::copy_n(from, n, testing::FarMemory::instance().translated(to));
}
template <class T>
void copy_to_host(const FarSpace&, std::size_t n, const T* from, T* to) {
  if (n > 0) std::copy_n(testing::FarMemory::instance().translated(from), n, to);
}

template <class T>
void gemm_device(const FarSpace&, Op a, Op b, std::size_t M, std::size_t N, std::size_t K, T alpha, const T* A,
                 std::size_t lda, const T* B, std::size_t ldb, T beta, T* C, std::size_t ldc) {
  const testing::FarMemory& memory = testing::FarMemory::instance();
  gemm_host(a, b, M, N, K, alpha, memory.translated(A), lda, memory.translated(B), ldb, beta, memory.translated(C),
            ldc);
}

}  // namespace c2al::kernels

namespace c2al {

template <class T>
class Buffer<T, kernels::FarSpace> {
 public:
  explicit Buffer(std::string) {}
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { release(); }

  void grow(std::size_t n) {
    if (n <= size_) return;
    release();
    data_ = static_cast<T*>(testing::FarMemory::instance().allocate(n * sizeof(T)));
    size_ = n;
  }
  void release() {
    testing::FarMemory::instance().release(std::exchange(data_, nullptr));
    size_ = 0;
  }
  T* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace c2al

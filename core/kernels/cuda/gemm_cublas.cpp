#include "core/kernels/cuda/gemm_cublas.hpp"

#include <cublas_v2.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <type_traits>

#include "core/error.hpp"

namespace c2al::kernels {
namespace {

/// cuBLAS' state of one host thread; cuBLAS wants a handle a thread.
class Handle {
 public:
  Handle() {
    if (const cublasStatus_t status = cublasCreate(&handle_); status != CUBLAS_STATUS_SUCCESS)
      throw RunError(fmt::format("cuBLAS cannot be started: {}", cublasGetStatusString(status)));
  }
  ~Handle() { cublasDestroy(handle_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  cublasHandle_t get() const { return handle_; }

 private:
  cublasHandle_t handle_ = nullptr;
};

cublasHandle_t handle() {
  static thread_local const Handle own;
  return own.get();
}

cublasOperation_t operation(Op op) { return op == Op::none ? CUBLAS_OP_N : CUBLAS_OP_T; }

}  // namespace

template <class T>
void gemm_device(const Kokkos::Cuda& exec, Op a, Op b, std::size_t M, std::size_t N, std::size_t K, T alpha, const T* A,
                 std::size_t lda, const T* B, std::size_t ldb, T beta, T* C, std::size_t ldc) {
  if (M == 0 || N == 0) return;
  const auto size = [](std::size_t n) { return static_cast<std::int64_t>(n); };
  // Of an empty operand too, whose rows may be 0 apart.
  const auto leading = [](std::size_t n) { return static_cast<std::int64_t>(std::max<std::size_t>(n, 1)); };
  cublasStatus_t status = cublasSetStream(handle(), exec.cuda_stream());
  if (status == CUBLAS_STATUS_SUCCESS) {
    // cuBLAS reads column-major: the same memory is C^T = op(B)^T op(A)^T there.
    if constexpr (std::is_same_v<T, float>)
      status = cublasSgemm_64(handle(), operation(b), operation(a), size(N), size(M), size(K), &alpha, B, leading(ldb),
                              A, leading(lda), &beta, C, leading(ldc));
    else
      status = cublasDgemm_64(handle(), operation(b), operation(a), size(N), size(M), size(K), &alpha, B, leading(ldb),
                              A, leading(lda), &beta, C, leading(ldc));
  }
  if (status != CUBLAS_STATUS_SUCCESS)
    throw RunError(
        fmt::format("cuBLAS refused a matrix product of (M {}, N {}, K {}), leading dimensions {}, {}, {}: {}", M, N, K,
                    lda, ldb, ldc, cublasGetStatusString(status)));
}

const char* gemm_cublas_library() {
  static const std::string name = [] {
    int major = 0, minor = 0, patch = 0;
    cublasGetProperty(MAJOR_VERSION, &major);
    cublasGetProperty(MINOR_VERSION, &minor);
    cublasGetProperty(PATCH_LEVEL, &patch);
    return fmt::format("cuBLAS {}.{}.{}", major, minor, patch);
  }();
  return name.c_str();
}

template void gemm_device(const Kokkos::Cuda&, Op, Op, std::size_t, std::size_t, std::size_t, float, const float*,
                          std::size_t, const float*, std::size_t, float, float*, std::size_t);
template void gemm_device(const Kokkos::Cuda&, Op, Op, std::size_t, std::size_t, std::size_t, double, const double*,
                          std::size_t, const double*, std::size_t, double, double*, std::size_t);

}  // namespace c2al::kernels

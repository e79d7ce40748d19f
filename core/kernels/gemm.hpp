#pragma once
#include <cstddef>

#include "core/kernels/cuda/gemm_cublas.hpp"
#include "core/kernels/execution.hpp"
#include "core/kernels/gemm_library.hpp"
#include "core/kernels/gemm_operation.hpp"

namespace c2al::kernels {

/// gemm on the host, single-threaded; instantiated for float and double.
template <class T>
void gemm_host(Op a, Op b, std::size_t M, std::size_t N, std::size_t K, T alpha, const T* A, std::size_t lda,
               const T* B, std::size_t ldb, T beta, T* C, std::size_t ldc);

/// C (M,N) = alpha op(A) op(B) + beta C, all row-major; op(A) is (M,K), op(B) is (K,N).
/// A is (M,K) or, transposed, (K,M), with lda numbers from row to row; B and C likewise. With beta = 0, C is written
/// without being read. C must not overlap A or B. On the host it runs in the calling thread whatever the execution
/// space: chunks of the batch are the unit of parallelism, so results do not depend on the number of threads. Another
/// execution space needs a `gemm_device` for it.
template <class T, class Exec>
void gemm(const Exec& exec, Op a, Op b, std::size_t M, std::size_t N, std::size_t K, T alpha, const T* A,
          std::size_t lda, const T* B, std::size_t ldb, T beta, T* C, std::size_t ldc) {
  if constexpr (runs_on_host<Exec>)
    gemm_host<T>(a, b, M, N, K, alpha, A, lda, B, ldb, beta, C, ldc);
  else
    gemm_device(exec, a, b, M, N, K, alpha, A, lda, B, ldb, beta, C, ldc);
}

}  // namespace c2al::kernels

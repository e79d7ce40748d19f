#pragma once
#include <Kokkos_Core.hpp>
#include <cstddef>

#include "core/kernels/gemm_operation.hpp"

#ifdef KOKKOS_ENABLE_CUDA

namespace c2al::kernels {

/// gemm by cuBLAS, in the stream of `exec`; instantiated for float and double. One stream and cuBLAS' default modes:
/// float is not rounded to TF32, and equal calls on equal devices give equal bits. Throws RunError naming the sizes
/// and cuBLAS' status.
template <class T>
void gemm_device(const Kokkos::Cuda& exec, Op a, Op b, std::size_t M, std::size_t N, std::size_t K, T alpha, const T* A,
                 std::size_t lda, const T* B, std::size_t ldb, T beta, T* C, std::size_t ldc);

/// "cuBLAS" and its version.
const char* gemm_cublas_library();

}  // namespace c2al::kernels

#endif

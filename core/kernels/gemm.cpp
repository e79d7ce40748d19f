#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 takes the deliberately undefined registers of its own AVX-512 intrinsics for mistakes (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include "core/kernels/gemm.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/error.hpp"

#ifdef C2AL_USE_ONEDNN
#include <dnnl.h>
#include <omp.h>
#endif

namespace c2al::kernels {
namespace {

#ifdef C2AL_USE_ONEDNN
constexpr bool has_onednn = true;
#else
constexpr bool has_onednn = false;
#endif

/// What gemm<float> calls, decided once a process.
struct Library {
  bool onednn = false;
  std::string name;
};

Library choose_library() {
  // The cache sizes decide Eigen's blocking and with it the order of summation: constants instead of what it detects.
  Eigen::setCpuCacheSizes(32 * 1024, 1024 * 1024, 16 * 1024 * 1024);
  const char* variable = std::getenv("C2AL_GEMM");
  const std::string_view wish = variable && *variable ? variable : "auto";
  if (wish != "auto" && wish != "eigen" && wish != "onednn")
    throw UsageError(fmt::format("environment variable C2AL_GEMM is '{}': expected auto, onednn or eigen", wish));
  if (wish == "onednn" && !has_onednn)
    throw UsageError(
        "environment variable C2AL_GEMM is 'onednn', but this build has no oneDNN: expected auto or eigen");
  Library library;
  library.onednn = has_onednn && wish != "eigen";
  library.name = fmt::format("Eigen {}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION);
#ifdef C2AL_USE_ONEDNN
  if (library.onednn) {
    const dnnl_version_t* version = dnnl_version();
    library.name = fmt::format("oneDNN {}.{}.{}", version->major, version->minor, version->patch);
  }
#endif
  return library;
}

const Library& library() {
  static const Library chosen = choose_library();
  return chosen;
}

template <class T>
using RowMajor = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using Input = Eigen::Map<const RowMajor<T>, Eigen::Unaligned, Eigen::OuterStride<>>;
template <class T>
using Output = Eigen::Map<RowMajor<T>, Eigen::Unaligned, Eigen::OuterStride<>>;

template <class T, class Left, class Right>
void add_product(T alpha, const Left& left, const Right& right, Output<T>& C) {
  C.noalias() += (alpha * left) * right;
}

template <class T>
void gemm_eigen(Op a, Op b, std::size_t M, std::size_t N, std::size_t K, T alpha, const T* A, std::size_t lda,
                const T* B, std::size_t ldb, T beta, T* C, std::size_t ldc) {
  const auto rows = static_cast<Eigen::Index>(M), columns = static_cast<Eigen::Index>(N),
             inner = static_cast<Eigen::Index>(K);
  const Eigen::OuterStride<> stride_a(static_cast<Eigen::Index>(lda)), stride_b(static_cast<Eigen::Index>(ldb)),
      stride_c(static_cast<Eigen::Index>(ldc));
  Output<T> result(C, rows, columns, stride_c);
  if (beta == T(0))
    result.setZero();
  else if (beta != T(1))
    result *= beta;
  const Input<T> left(A, a == Op::none ? rows : inner, a == Op::none ? inner : rows, stride_a);
  const Input<T> right(B, b == Op::none ? inner : columns, b == Op::none ? columns : inner, stride_b);
  if (a == Op::none && b == Op::none)
    add_product(alpha, left, right, result);
  else if (a == Op::none)
    add_product(alpha, left, right.transpose(), result);
  else if (b == Op::none)
    add_product(alpha, left.transpose(), right, result);
  else
    add_product(alpha, left.transpose(), right.transpose(), result);
}

#ifdef C2AL_USE_ONEDNN
/// Keeps oneDNN in the calling thread: with more, its split of the work, hence the rounding, would depend on their
/// number.
class OneThread {
 public:
  OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

void gemm_onednn(Op a, Op b, std::size_t M, std::size_t N, std::size_t K, float alpha, const float* A, std::size_t lda,
                 const float* B, std::size_t ldb, float beta, float* C, std::size_t ldc) {
  const auto signed_size = [](std::size_t size) { return static_cast<dnnl_dim_t>(size); };
  const OneThread one_thread;
  const dnnl_status_t status =
      dnnl_sgemm(a == Op::none ? 'N' : 'T', b == Op::none ? 'N' : 'T', signed_size(M), signed_size(N), signed_size(K),
                 alpha, A, signed_size(lda), B, signed_size(ldb), beta, C, signed_size(ldc));
  if (status != dnnl_success)
    throw RunError(
        fmt::format("oneDNN refused a matrix product of (M {}, N {}, K {}), leading dimensions {}, {}, {}: status {}",
                    M, N, K, lda, ldb, ldc, static_cast<int>(status)));
}
#endif

}  // namespace

void gemm_initialise() { library(); }

const char* gemm_host_library() { return library().name.c_str(); }

const char* gemm_library() {
#ifdef KOKKOS_ENABLE_CUDA
  return gemm_cublas_library();
#else
  return gemm_host_library();
#endif
}

template <>
void gemm_host(Op a, Op b, std::size_t M, std::size_t N, std::size_t K, double alpha, const double* A, std::size_t lda,
               const double* B, std::size_t ldb, double beta, double* C, std::size_t ldc) {
  gemm_initialise();
  gemm_eigen(a, b, M, N, K, alpha, A, lda, B, ldb, beta, C, ldc);
}

template <>
void gemm_host(Op a, Op b, std::size_t M, std::size_t N, std::size_t K, float alpha, const float* A, std::size_t lda,
               const float* B, std::size_t ldb, float beta, float* C, std::size_t ldc) {
#ifdef C2AL_USE_ONEDNN
  // An empty product (K = 0) only scales C, which oneDNN does not promise.
  if (library().onednn && K > 0) {
    if (M > 0 && N > 0) gemm_onednn(a, b, M, N, K, alpha, A, lda, B, ldb, beta, C, ldc);
    return;
  }
#endif
  gemm_initialise();
  gemm_eigen(a, b, M, N, K, alpha, A, lda, B, ldb, beta, C, ldc);
}

}  // namespace c2al::kernels

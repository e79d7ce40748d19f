#include <Kokkos_Core.hpp>
#ifndef KOKKOS_ENABLE_CUDA
#include "tests/core/model/device/far_space.hpp"
#endif
#include <gtest/gtest.h>

#include <limits>

#include "core/kernels/gemm.hpp"
#include "core/kernels/host_copy.hpp"
#include "core/kernels/reference.hpp"
#include "core/model/buffer.hpp"
#include "tests/core/kernels/kernel_testing.hpp"

namespace c2al::kernels {
namespace {

using namespace kernels::testing;

#ifdef KOKKOS_ENABLE_CUDA
using Device = Kokkos::DefaultExecutionSpace;
#else
using Device = FarSpace;
#endif

template <class T>
class DeviceGemm : public ::testing::Test {
 protected:
  /// gemm on the device with operands of the host: what C is after it.
  std::vector<T> product(Op a, Op b, std::size_t M, std::size_t N, std::size_t K, T alpha, const std::vector<T>& A,
                         std::size_t lda, const std::vector<T>& B, std::size_t ldb, T beta, const std::vector<T>& C,
                         std::size_t ldc) {
    gemm(device_, a, b, M, N, K, alpha, send(A, a_), lda, send(B, b_), ldb, beta, send(C, c_), ldc);
    const HostCopy<T, Device> found(c_.data(), C.size());
    return {found.begin(), found.end()};
  }

 private:
  T* send(const std::vector<T>& from, Buffer<T, Device>& to) {
    to.grow(from.size());
    copy_from_host(device_, from.size(), from.data(), to.data());
    return to.data();
  }

  Device device_;
  Buffer<T, Device> a_{"a"}, b_{"b"}, c_{"c"};
};
using Scalars = ::testing::Types<float, double>;
TYPED_TEST_SUITE(DeviceGemm, Scalars);

TYPED_TEST(DeviceGemm, AgreesWithThePlainLoopForEveryTransposeAndStride) {
  using T = TypeParam;
  struct Shape {
    std::size_t M, N, K;
  };
  for (const Shape s : {Shape{1, 1, 1}, Shape{3, 5, 7}, Shape{64, 17, 33}, Shape{130, 72, 72}})
    for (const Op a : {Op::none, Op::transpose})
      for (const Op b : {Op::none, Op::transpose})
        for (const std::size_t padding : {0, 5})
          for (const T beta : {T(0), T(1), T(-0.5)}) {
            const std::size_t lda = (a == Op::none ? s.K : s.M) + padding, ldb = (b == Op::none ? s.N : s.K) + padding,
                              ldc = s.N + padding;
            const auto A = random_vector<T>((a == Op::none ? s.M : s.K) * lda, 1);
            const auto B = random_vector<T>((b == Op::none ? s.K : s.N) * ldb, 2);
            const auto C = random_vector<T>(s.M * ldc, 3);
            auto expected = C;
            reference::gemm(a, b, s.M, s.N, s.K, T(1.5), A.data(), lda, B.data(), ldb, beta, expected.data(), ldc);
            EXPECT_LT(
                relative_error(this->product(a, b, s.M, s.N, s.K, T(1.5), A, lda, B, ldb, beta, C, ldc), expected),
                sum_tolerance<T>)
                << s.M << "x" << s.N << "x" << s.K << " beta " << beta << " padding " << padding;
          }
}

TYPED_TEST(DeviceGemm, EmptySizesAndABetaOfZero) {
  using T = TypeParam;
  const std::vector<T> A(8, T(1)), B(8, T(1)), C(4, T(3)), unread(4, std::numeric_limits<T>::quiet_NaN());
  const Op none = Op::none;
  EXPECT_EQ(this->product(none, none, 0, 2, 4, T(1), A, 4, B, 2, T(0), C, 2), C);
  EXPECT_EQ(this->product(none, none, 2, 2, 0, T(1), A, 0, B, 2, T(2), C, 2), std::vector<T>(4, T(6)));
  EXPECT_EQ(this->product(none, none, 2, 2, 4, T(1), A, 4, B, 2, T(0), unread, 2), std::vector<T>(4, T(4)));
}

}  // namespace
}  // namespace c2al::kernels

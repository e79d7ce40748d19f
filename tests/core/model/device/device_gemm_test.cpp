#include <Kokkos_Core.hpp>
#ifndef KOKKOS_ENABLE_CUDA
#include "tests/core/model/device/far_space.hpp"
#endif
#include <gtest/gtest.h>

#include <limits>

#include "core/kernels/gemm.hpp"
#include "core/kernels/host_copy.hpp"
#include "core/model/buffer.hpp"
#include "tests/core/kernels/gemm_cases.hpp"

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
  expect_gemm_of_the_plain_loop<TypeParam>([this](auto&&... arguments) { return this->product(arguments...); });
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

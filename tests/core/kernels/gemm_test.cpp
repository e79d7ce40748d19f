#include "core/kernels/gemm.hpp"

#include <gmock/gmock.h>

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>

#include "core/error.hpp"
#include "core/kernels/reference.hpp"
#include "tests/core/kernels/gemm_cases.hpp"

namespace c2al::kernels {
namespace {

using namespace kernels::testing;

template <class C>
class Gemm : public ::testing::Test {};
TYPED_TEST_SUITE(Gemm, Cases);

TYPED_TEST(Gemm, AgreesWithThePlainLoopForEveryTransposeAndStride) {
  using T = typename TypeParam::Scalar;
  expect_gemm_of_the_plain_loop<T>([](Op a, Op b, std::size_t M, std::size_t N, std::size_t K, T alpha,
                                      const std::vector<T>& A, std::size_t lda, const std::vector<T>& B,
                                      std::size_t ldb, T beta, std::vector<T> C, std::size_t ldc) {
    gemm(typename TypeParam::Exec{}, a, b, M, N, K, alpha, A.data(), lda, B.data(), ldb, beta, C.data(), ldc);
    return C;
  });
}

TYPED_TEST(Gemm, NeverReadsCWhenBetaIsZero) {
  using T = typename TypeParam::Scalar;
  const auto A = random_vector<T>(40 * 24, 1), B = random_vector<T>(24 * 33, 2);
  std::vector<T> C(40 * 33, std::numeric_limits<T>::quiet_NaN()), expected(40 * 33);
  gemm(typename TypeParam::Exec{}, Op::none, Op::none, 40, 33, 24, T(1), A.data(), 24, B.data(), 33, T(0), C.data(),
       33);
  reference::gemm(Op::none, Op::none, 40, 33, 24, T(1), A.data(), 24, B.data(), 33, T(0), expected.data(), 33);
  EXPECT_LT(relative_error(C, expected), sum_tolerance<T>);
}

TYPED_TEST(Gemm, EmptySizes) {
  using T = typename TypeParam::Scalar;
  const typename TypeParam::Exec exec{};
  const std::vector<T> A(8, T(1)), B(8, T(1));
  std::vector<T> C(4, T(3));
  gemm(exec, Op::none, Op::none, 0, 2, 4, T(1), A.data(), 4, B.data(), 2, T(0), C.data(), 2);
  gemm(exec, Op::none, Op::none, 2, 0, 4, T(1), A.data(), 4, B.data(), 2, T(0), C.data(), 2);
  EXPECT_EQ(C, std::vector<T>(4, T(3)));
  gemm(exec, Op::none, Op::none, 2, 2, 0, T(1), A.data(), 4, B.data(), 2, T(2), C.data(), 2);
  EXPECT_EQ(C, std::vector<T>(4, T(6)));
  gemm(exec, Op::none, Op::none, 2, 2, 0, T(1), A.data(), 0, B.data(), 2, T(0), C.data(), 2);
  EXPECT_EQ(C, std::vector<T>(4, T(0)));
}

TYPED_TEST(Gemm, NaNReachesItsRowOnly) {
  using T = typename TypeParam::Scalar;
  auto A = random_vector<T>(20 * 16, 1);
  const auto B = random_vector<T>(16 * 12, 2);
  A[7 * 16 + 3] = std::numeric_limits<T>::quiet_NaN();
  std::vector<T> C(20 * 12);
  gemm(typename TypeParam::Exec{}, Op::none, Op::none, 20, 12, 16, T(1), A.data(), 16, B.data(), 12, T(0), C.data(),
       12);
  for (std::size_t i = 0; i < 20; ++i)
    for (std::size_t j = 0; j < 12; ++j) EXPECT_EQ(std::isnan(C[i * 12 + j]), i == 7) << i << ", " << j;
}

TYPED_TEST(Gemm, HugeAndZeroFactors) {
  using T = typename TypeParam::Scalar;
  const auto A = random_vector<T>(31 * 40, 1, 1e15), B = random_vector<T>(40 * 18, 2, 1e15);
  std::vector<T> C(31 * 18), expected(31 * 18);
  const typename TypeParam::Exec exec{};
  gemm(exec, Op::none, Op::none, 31, 18, 40, T(1), A.data(), 40, B.data(), 18, T(0), C.data(), 18);
  reference::gemm(Op::none, Op::none, 31, 18, 40, T(1), A.data(), 40, B.data(), 18, T(0), expected.data(), 18);
  EXPECT_LT(relative_error(C, expected), sum_tolerance<T>);
  const std::vector<T> zero(31 * 40);
  gemm(exec, Op::none, Op::none, 31, 18, 40, T(1), zero.data(), 40, B.data(), 18, T(0), C.data(), 18);
  EXPECT_EQ(C, std::vector<T>(31 * 18, T(0)));
}

TYPED_TEST(Gemm, EqualCallsGiveEqualBytes) {
  using T = typename TypeParam::Scalar;
  const auto A = random_vector<T>(300 * 200, 1), B = random_vector<T>(200 * 150, 2);
  std::vector<T> first(300 * 150), second(300 * 150);
  for (std::vector<T>* C : {&first, &second})
    gemm(typename TypeParam::Exec{}, Op::none, Op::none, 300, 150, 200, T(1), A.data(), 200, B.data(), 150, T(0),
         C->data(), 150);
  EXPECT_EQ(first, second);
}

/// The library is chosen once a process, so each choice needs a process of its own.
class GemmEnvironment : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  /// Ends the process: code 0 and the library's name, or code 2 and the message, on stderr.
  [[noreturn]] static void choose(const char* value) {
    setenv("C2AL_GEMM", value, 1);
    int code = 0;
    try {
      gemm_initialise();
      std::fputs(gemm_host_library(), stderr);
    } catch (const UsageError& error) {
      std::fputs(error.what(), stderr);
      code = 2;
    }
    std::_Exit(code);
  }
};
using GemmEnvironmentDeathTest = GemmEnvironment;

TEST_F(GemmEnvironmentDeathTest, EigenIsForced) {
  EXPECT_EXIT(choose("eigen"), ::testing::ExitedWithCode(0), "^Eigen 3\\.");
}

TEST_F(GemmEnvironmentDeathTest, AnUnknownLibraryIsRefused) {
  EXPECT_EXIT(choose("mkl"), ::testing::ExitedWithCode(2), "C2AL_GEMM is 'mkl': expected auto, onednn or eigen");
}

TEST(GemmLibrary, IsNamedWithItsVersion) {
  const auto name_and_version = [](const std::string& names) {
    return ::testing::ContainsRegex("^(" + names + ") [0-9]+\\.[0-9]+\\.[0-9]+$");
  };
  EXPECT_THAT(gemm_host_library(), name_and_version("oneDNN|Eigen"));
  if (runs_on_host<Kokkos::DefaultExecutionSpace>)
    EXPECT_STREQ(gemm_library(), gemm_host_library());
  else
    EXPECT_THAT(gemm_library(), name_and_version("cuBLAS"));
}

}  // namespace
}  // namespace c2al::kernels

#include "core/kernels/small_product.hpp"

#include "core/kernels/reference.hpp"
#include "tests/core/kernels/kernel_testing.hpp"

namespace c2al::kernels {
namespace {

using namespace kernels::testing;

template <class T>
class SmallProduct : public ::testing::Test {};
using Scalars = ::testing::Types<float, double>;
TYPED_TEST_SUITE(SmallProduct, Scalars);

/// Rows and columns around every block height and pack width, plain and transposed left factors, wider right factors.
TYPED_TEST(SmallProduct, AgreesWithThePlainLoop) {
  using T = TypeParam;
  for (std::size_t rows = 1; rows <= 30; ++rows)
    for (const std::size_t columns : {1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 33, 50, 64, 97})
      for (const std::size_t inner : {0, 1, 9})
        for (const bool transposed : {false, true}) {
          const std::size_t ldb = columns + 1, ldc = columns + 2;
          const auto A = random_vector<T>(rows * inner, 1), B = random_vector<T>(inner * ldb, 2);
          auto C = random_vector<T>(rows * ldc, 3), added = C, expected = C, expected_added = C;
          const Op op = transposed ? Op::transpose : Op::none;
          const std::size_t lda = transposed ? rows : inner;
          const LeftStrides<0, 0> strides{transposed ? 1 : inner, transposed ? rows : 1};
          small_product<T, false>(strides, RuntimeSize{rows}, RuntimeSize{columns}, inner, A.data(), B.data(), ldb,
                                  C.data(), ldc);
          small_product<T, true>(strides, RuntimeSize{rows}, RuntimeSize{columns}, inner, A.data(), B.data(), ldb,
                                 added.data(), ldc);
          reference::gemm(op, Op::none, rows, columns, inner, T(1), A.data(), lda, B.data(), ldb, T(0), expected.data(),
                          ldc);
          reference::gemm(op, Op::none, rows, columns, inner, T(1), A.data(), lda, B.data(), ldb, T(1),
                          expected_added.data(), ldc);
          ASSERT_LT(relative_error(C, expected), sum_tolerance<T>) << rows << "x" << columns << "x" << inner;
          ASSERT_LT(relative_error(added, expected_added), sum_tolerance<T>) << rows << "x" << columns << "x" << inner;
        }
}

template <class T, std::size_t Rows, std::size_t Columns>
void expect_fixed_like_runtime() {
  constexpr std::size_t inner = 9;
  const auto A = random_vector<T>(Rows * inner, 1), B = random_vector<T>(inner * Columns, 2);
  auto fixed = random_vector<T>(Rows * Columns, 3), runtime = fixed;
  small_product<T, true>(LeftStrides<1, Rows>{}, FixedSize<Rows>{}, FixedSize<Columns>{}, inner, A.data(), B.data(),
                         Columns, fixed.data(), Columns);
  small_product<T, true>(LeftStrides<0, 0>{1, Rows}, RuntimeSize{Rows}, RuntimeSize{Columns}, inner, A.data(), B.data(),
                         Columns, runtime.data(), Columns);
  EXPECT_EQ(fixed, runtime) << Rows << "x" << Columns;
}

TYPED_TEST(SmallProduct, FixedSizesGiveTheBytesOfRuntimeSizes) {
  using T = TypeParam;
  expect_fixed_like_runtime<T, 1, 1>();
  expect_fixed_like_runtime<T, 4, 8>();
  expect_fixed_like_runtime<T, 16, 4>();
  expect_fixed_like_runtime<T, 32, 32>();
  expect_fixed_like_runtime<T, 13, 87>();
}

}  // namespace
}  // namespace c2al::kernels

#pragma once
#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

#include "core/kernels/gemm_operation.hpp"
#include "core/kernels/reference.hpp"
#include "tests/core/kernels/kernel_testing.hpp"

namespace c2al::kernels::testing {

/// Compares product(a, b, M, N, K, alpha, A, lda, B, ldb, beta, C, ldc), which returns what C is after a gemm, with the
/// plain loop: odd and even sizes, both operands as they are and transposed, rows with and without gaps, C overwritten
/// and added to.
template <class T, class F>
void expect_gemm_of_the_plain_loop(const F& product) {
  struct Shape {
    std::size_t M, N, K;
  };
  for (const Shape s : {Shape{1, 1, 1}, Shape{3, 5, 7}, Shape{64, 17, 33}, Shape{130, 72, 72}, Shape{2, 96, 300}})
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
            // Padding takes part in the comparison: it must be left alone.
            EXPECT_LT(relative_error(product(a, b, s.M, s.N, s.K, T(1.5), A, lda, B, ldb, beta, C, ldc), expected),
                      sum_tolerance<T>)
                << s.M << "x" << s.N << "x" << s.K << " beta " << beta << " padding " << padding;
          }
}

}  // namespace c2al::kernels::testing

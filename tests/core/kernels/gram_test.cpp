#include "core/kernels/gram.hpp"

#include <gtest/gtest.h>

#include "tests/core/kernels/kernel_testing.hpp"

namespace c2al::kernels {
namespace {

using namespace kernels::testing;

template <class C>
class PartialGram : public ::testing::Test {};
TYPED_TEST_SUITE(PartialGram, Cases);

TYPED_TEST(PartialGram, PartsAddUpToTheScalarProducts) {
  using T = typename TypeParam::Scalar;
  using Exec = typename TypeParam::Exec;
  constexpr std::size_t n = 3;
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{37}, flat_block - 1, flat_block,
                                  flat_block + 1, 2 * flat_block + 100}) {
    const std::size_t stride = count + 5, parts = gram_parts<Exec>(count);
    const auto vectors = random_vector<T>(n * stride, 1);
    std::vector<double> partial(parts * n * n, NAN);
    partial_gram(Exec{}, n, count, vectors.data(), stride, partial.data());
    std::vector<double> found(n * n), expected(n * n);
    for (std::size_t i = 0; i < partial.size(); ++i) found[i % (n * n)] += partial[i];
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        for (std::size_t e = 0; e < count; ++e)
          expected[i * n + j] +=
              static_cast<double>(vectors[i * stride + e]) * static_cast<double>(vectors[j * stride + e]);
    EXPECT_LT(relative_error(found, expected), 1e-12) << count;
  }
}

}  // namespace
}  // namespace c2al::kernels

#include "core/kernels/pack.hpp"

#include <type_traits>

#include "tests/core/kernels/kernel_testing.hpp"

namespace c2al::kernels {
namespace {

using namespace kernels::testing;

template <class T>
class PackOf : public ::testing::Test {};
using Scalars = ::testing::Types<float, double>;
TYPED_TEST_SUITE(PackOf, Scalars);

template <std::size_t W, class T>
void expect_arithmetic() {
  // Small integers: exact with and without fusing. Loads and stores start at an odd offset.
  std::vector<T> numbers(W + 1), result(W + 2, T(-1));
  for (std::size_t i = 0; i <= W; ++i) numbers[i] = static_cast<T>(i);
  const auto x = Pack<T, W>::load(numbers.data() + 1);
  fma(x, Pack<T, W>::broadcast(T(3)), x + Pack<T, W>::zero()).store(result.data() + 1);
  for (std::size_t i = 0; i < W; ++i) EXPECT_EQ(result[i + 1], static_cast<T>(4 * (i + 1))) << W;
  EXPECT_EQ(result[0], T(-1));
  EXPECT_EQ(result[W + 1], T(-1));
}

TYPED_TEST(PackOf, LoadsAddsMultipliesAndStores) {
  [&]<std::size_t... power>(std::index_sequence<power...>) {
    (expect_arithmetic<(std::size_t{1} << power), TypeParam>(), ...);
  }
  (std::make_index_sequence<std::countr_zero(native_width<TypeParam>) + 1>{});
}

template <std::size_t W, class T>
void expect_transposed() {
  constexpr std::size_t ld_from = W + 3, ld_to = W + 1;
  const auto from = random_vector<T>(W * ld_from, 1);
  auto to = random_vector<T>(W * ld_to, 2), expected = to;
  for (std::size_t r = 0; r < W; ++r)
    for (std::size_t c = 0; c < W; ++c) expected[c * ld_to + r] = from[r * ld_from + c];
  transpose_tile<W>(from.data(), ld_from, to.data(), ld_to);
  EXPECT_EQ(to, expected) << W;
}

TYPED_TEST(PackOf, TransposesTilesOfEveryWidth) {
  [&]<std::size_t... power>(std::index_sequence<power...>) {
    (expect_transposed<(std::size_t{2} << power), TypeParam>(), ...);
  }
  (std::make_index_sequence<std::countr_zero(native_width<TypeParam>)>{});
}

}  // namespace
}  // namespace c2al::kernels

#include "core/kernels/pack_loop.hpp"

#include <gtest/gtest.h>

#include "core/kernels/lane_sum.hpp"
#include "tests/core/kernels/kernel_testing.hpp"

namespace c2al::kernels {
namespace {

using namespace kernels::testing;

template <class T>
class PackLoop : public ::testing::Test {};
using Scalars = ::testing::Types<float, double>;
TYPED_TEST_SUITE(PackLoop, Scalars);

TYPED_TEST(PackLoop, SumsAreLaneSumsToTheBit) {
  using T = TypeParam;
  for (std::size_t n = 0; n < 100; ++n) {
    const auto x = random_vector<T>(n, 1), y = random_vector<T>(n, 2);
    const auto [first, second] = lane_sums<T, 2>(n, [&]<std::size_t W>(PackWidth<W>, std::size_t i) {
      using P = Pack<T, W>;
      return std::array<P, 2>{P::load(x.data() + i), P::load(x.data() + i) * P::load(y.data() + i)};
    });
    EXPECT_EQ(first, (lane_sum<T>(n, [&](std::size_t i) { return x[i]; }))) << n;
    EXPECT_EQ(second, (lane_sum<T>(n, [&](std::size_t i) { return x[i] * y[i]; }))) << n;
  }
}

TYPED_TEST(PackLoop, PacksCoverARangeInOrder) {
  using T = TypeParam;
  for (std::size_t begin = 0; begin < 3; ++begin)
    for (std::size_t n = begin; n < 70; ++n) {
      std::size_t next = begin;
      for_each_pack<row_width<T>>(begin, n, [&]<std::size_t W>(PackWidth<W>, std::size_t i) {
        EXPECT_EQ(i, next);
        next = i + W;
      });
      EXPECT_EQ(next, n);
    }
}

}  // namespace
}  // namespace c2al::kernels

#include "core/kernels/flat.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <utility>

#include "tests/core/kernels/kernel_testing.hpp"

namespace c2al::kernels {
namespace {

using namespace kernels::testing;

template <class C>
class Flat : public ::testing::Test {};
TYPED_TEST_SUITE(Flat, Cases);

TYPED_TEST(Flat, KernelsAreTheirFormulas) {
  using T = typename TypeParam::Scalar;
  const typename TypeParam::Exec exec{};
  for (const std::size_t n : {0u, 1u, 7u, 100u}) {
    const auto x = random_vector<T>(n, 1);
    std::vector<T> found(n + 1, T(9)), expected(n + 1, T(9));  // one number behind, which is left alone
    fill(exec, n, T(2), found.data());
    std::fill_n(expected.begin(), n, T(2));
    EXPECT_EQ(found, expected);
    add_scaled(exec, n, T(0.5), x.data(), found.data());
    for (std::size_t i = 0; i < n; ++i) expected[i] = T(2) + T(0.5) * x[i];
    EXPECT_EQ(found, expected);
    scale(exec, n, T(4), found.data());
    for (std::size_t i = 0; i < n; ++i) expected[i] *= 4;
    EXPECT_EQ(found, expected);
    std::vector<double> wide(n);
    convert(exec, n, x.data(), wide.data());
    EXPECT_EQ(wide, std::vector<double>(x.begin(), x.end()));
    std::vector<float> narrow(n);
    convert(exec, n, static_cast<const double*>(wide.data()), narrow.data());
    EXPECT_EQ(narrow, std::vector<float>(x.begin(), x.end()));
  }
}

TEST(FlatBlocks, CoverEveryNumberOnce) {
  for (const std::size_t n : {0u, 1u, 9u, 10u, 11u, 35u}) {
    std::mutex mutex;
    std::vector<std::pair<std::size_t, std::size_t>> blocks;
    for_each_block(Kokkos::DefaultHostExecutionSpace{}, n, 10, [&](CallingThread, std::size_t begin, std::size_t end) {
      const std::lock_guard lock(mutex);
      blocks.emplace_back(begin, end);
    });
    std::sort(blocks.begin(), blocks.end());
    std::size_t covered = 0;
    for (const auto& [begin, end] : blocks) {
      EXPECT_EQ(begin, covered);
      EXPECT_TRUE(begin < end && end - begin <= 10) << begin << " " << end;
      covered = end;
    }
    EXPECT_EQ(covered, n);
  }
}

}  // namespace
}  // namespace c2al::kernels

#include "core/kernels/execution.hpp"

#include <utility>

#include "tests/core/kernels/kernel_testing.hpp"

namespace c2al::kernels {
namespace {

using namespace kernels::testing;

template <class Exec>
class Execution : public ::testing::Test {};
using Spaces = ::testing::Types<CallingThread, Kokkos::DefaultHostExecutionSpace>;
TYPED_TEST_SUITE(Execution, Spaces);

TYPED_TEST(Execution, VisitsEveryIndexOnce) {
  static_assert(runs_on_host<TypeParam>);
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{1000}}) {
    std::vector<int> visits(n + 1, 0);
    int* data = visits.data();
    for_each(TypeParam{}, n, [=](std::size_t i) { ++data[i]; });
    Kokkos::fence();
    std::vector<int> expected(n + 1, 1);
    expected[n] = 0;
    EXPECT_EQ(visits, expected);
  }
}

TYPED_TEST(Execution, RangesCoverEveryIndexOnceAndAreNeverEmpty) {
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{64}, std::size_t{65}, std::size_t{1000}}) {
    std::vector<int> visits(n + 1, 0);
    int empty = 0, *data = visits.data(), *empty_ranges = &empty;
    for_each_range(TypeParam{}, n, 64, [=](std::size_t begin, std::size_t end) {
      if (begin >= end) ++*empty_ranges;
      for (std::size_t i = begin; i < end; ++i) ++data[i];
    });
    Kokkos::fence();
    std::vector<int> expected(n + 1, 1);
    expected[n] = 0;
    EXPECT_EQ(visits, expected);
    EXPECT_EQ(empty, 0);
  }
}

}  // namespace
}  // namespace c2al::kernels

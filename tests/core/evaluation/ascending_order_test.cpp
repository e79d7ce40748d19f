#include "core/evaluation/ascending_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "core/data/random_stream.hpp"

namespace c2al {
namespace {

std::vector<std::uint32_t> by_comparison(const std::vector<double>& values) {
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] < values[b]; });
  return order;
}

TEST(AscendingOrder, IsThatOfAStableSort) {
  RandomStream stream(3, StreamPurpose::samples);
  for (const std::size_t size : {0, 1, 2, 300, 5000}) {
    std::vector<double> normal, narrowed, tied;
    for (std::size_t i = 0; i < size; ++i) {
      normal.push_back(stream.normal());
      narrowed.push_back(static_cast<float>(stream.normal()));
      tied.push_back(static_cast<double>(stream.below(7)) - 3);
    }
    EXPECT_EQ(ascending_order(normal), by_comparison(normal));
    EXPECT_EQ(ascending_order(narrowed), by_comparison(narrowed));
    EXPECT_EQ(ascending_order(tied), by_comparison(tied));
  }
}

TEST(AscendingOrder, KnowsZerosInfinitiesAndTinyNumbers) {
  const double infinity = std::numeric_limits<double>::infinity(), tiny = std::numeric_limits<double>::denorm_min();
  const std::vector<double> values = {0.0, tiny, -0.0, infinity, -tiny, 1e308, -infinity, 0.0, -1e308, -0.0};
  EXPECT_EQ(ascending_order(values), by_comparison(values));
}

}  // namespace
}  // namespace c2al

#include "core/kernels/embedding.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "core/error.hpp"
#include "core/kernels/reference.hpp"
#include "tests/core/kernels/kernel_testing.hpp"

namespace c2al::kernels {
namespace {

using namespace kernels::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::int32_t> random_rows(std::size_t count, std::uint64_t table_rows, std::uint64_t stream) {
  RandomStream random(3, StreamPurpose::samples, stream);
  std::vector<std::int32_t> rows(count);
  for (std::int32_t& row : rows) row = static_cast<std::int32_t>(random.below(table_rows));
  return rows;
}

/// The lists of `distinct` against a quadratic search.
void expect_lists_of(const DistinctRows& distinct, const std::vector<std::int32_t>& rows) {
  std::vector<std::int32_t> order;
  for (const std::int32_t row : rows)
    if (std::find(order.begin(), order.end(), row) == order.end()) order.push_back(row);
  ASSERT_EQ(std::vector<std::int32_t>(distinct.rows(), distinct.rows() + distinct.size()), order);
  ASSERT_EQ(distinct.start()[0], 0u);
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::vector<std::uint32_t> expected;
    for (std::size_t p = 0; p < rows.size(); ++p)
      if (rows[p] == order[i]) expected.push_back(static_cast<std::uint32_t>(p));
    EXPECT_EQ(std::vector<std::uint32_t>(distinct.occurrence() + distinct.start()[i],
                                         distinct.occurrence() + distinct.start()[i + 1]),
              expected);
  }
}

TEST(DistinctRows, ListsRowsByFirstAppearanceAndPositionsInOrder) {
  DistinctRows distinct;
  const std::vector<std::int32_t> rows = {5, 2, 5, 0, 2, 5};
  for (const std::int64_t table_rows : {6, 1000000}) {  // a small table and one too large to index by row
    distinct.build(rows.data(), rows.size(), table_rows);
    ASSERT_EQ(distinct.size(), 3u);
    EXPECT_THAT(std::vector<std::int32_t>(distinct.rows(), distinct.rows() + 3), ElementsAre(5, 2, 0));
    EXPECT_THAT(std::vector<std::uint32_t>(distinct.start(), distinct.start() + 4), ElementsAre(0, 3, 5, 6));
    EXPECT_THAT(std::vector<std::uint32_t>(distinct.occurrence(), distinct.occurrence() + 6),
                ElementsAre(0, 2, 5, 1, 4, 3));
  }
}

TEST(DistinctRows, OneObjectServesBatchesOfAnySize) {
  DistinctRows distinct;
  std::uint64_t stream = 0;
  for (const std::size_t count : {0, 1, 700, 2, 500, 0, 3})
    for (const std::int64_t table_rows : {std::int64_t{1}, std::int64_t{40}, std::int64_t{1} << 30}) {
      const auto rows = random_rows(count, static_cast<std::uint64_t>(table_rows), ++stream);
      distinct.build(rows.data(), rows.size(), table_rows);
      expect_lists_of(distinct, rows);
    }
}

TEST(DistinctRows, RowsThatHashAlikeStayApart) {
  // Multiples of 2^32 / capacity land close together under any power-of-two table.
  DistinctRows distinct;
  std::vector<std::int32_t> rows;
  for (std::int32_t i = 0; i < 256; ++i) rows.insert(rows.end(), {i << 22, i << 22});
  distinct.build(rows.data(), rows.size(), std::int64_t{1} << 31);
  EXPECT_EQ(distinct.size(), 256u);
  expect_lists_of(distinct, rows);
}

TEST(DistinctRows, RefusesARowOutsideTheTable) {
  DistinctRows distinct;
  for (const std::int32_t bad : {10, -1}) {
    const std::vector<std::int32_t> rows = {3, bad, 4};
    try {
      distinct.build(rows.data(), rows.size(), 10);
      FAIL() << "row " << bad << " was accepted";
    } catch (const RunError& error) {
      EXPECT_THAT(error.what(), HasSubstr("embedding row " + std::to_string(bad) + " at position 1"));
      EXPECT_THAT(error.what(), HasSubstr("0 to 9"));
    }
  }
}

template <class C>
class Embedding : public ::testing::Test {};
TYPED_TEST_SUITE(Embedding, Cases);

TYPED_TEST(Embedding, GatherCopiesRowsAndLeavesTheRestOfASample) {
  using T = typename TypeParam::Scalar;
  for (const std::size_t B : {std::size_t{0}, std::size_t{1}, std::size_t{13}})
    for (const std::size_t d : {std::size_t{3}, std::size_t{8}, std::size_t{16}, std::size_t{32}}) {
      constexpr std::size_t fields = 5, V = 20;
      const std::size_t ldx = fields * d + d;  // one more column, as for dense features
      const auto rows = random_rows(B * fields, V, d);
      auto table = random_vector<T>(V * d, 1);
      table[4] = std::numeric_limits<T>::infinity();
      auto x = random_vector<T>(B * ldx, 2), expected = x;
      gather(typename TypeParam::Exec{}, B, fields, d, rows.data(), table.data(), x.data(), ldx);
      reference::gather(B, fields, d, rows.data(), table.data(), expected.data(), ldx);
      EXPECT_EQ(x, expected);
    }
}

TYPED_TEST(Embedding, SumRowsAddsTheGradientsOfEqualRows) {
  using T = typename TypeParam::Scalar;
  const typename TypeParam::Exec exec{};
  for (const std::size_t B : {std::size_t{0}, std::size_t{1}, std::size_t{60}})
    for (const std::size_t d : {std::size_t{3}, std::size_t{8}, std::size_t{16}, std::size_t{32}}) {
      constexpr std::size_t fields = 5, V = 20;
      const std::size_t ldx = fields * d + 7;
      const auto rows = random_rows(B * fields, V, d);
      const auto dx = random_vector<T>(B * ldx, 2);
      DistinctRows distinct;
      distinct.build(rows.data(), rows.size(), V);
      std::vector<T> g(distinct.size() * d, std::numeric_limits<T>::quiet_NaN());  // must be overwritten
      sum_rows(exec, distinct.occurrences(), fields, d, dx.data(), ldx, g.data());
      const auto whole = reference::table_gradient(B, fields, d, rows.data(), V, dx.data(), ldx);
      std::vector<T> expected;
      for (std::size_t i = 0; i < distinct.size(); ++i)
        for (std::size_t a = 0; a < d; ++a)
          expected.push_back(static_cast<T>(whole[static_cast<std::size_t>(distinct.rows()[i]) * d + a]));
      EXPECT_LT(relative_error(g, expected), sum_tolerance<T>);
    }
}

}  // namespace
}  // namespace c2al::kernels

#include "bench/criteo_like/criteo_rows.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "scenarios/tables/delimited_reader.hpp"
#include "tests/scenarios/tables/memory_bytes.hpp"

namespace c2al {
namespace {

std::string rows_of(std::uint64_t seed, std::uint64_t rows) {
  const CriteoRows source(seed);
  std::string text;
  for (std::uint64_t row = 0; row < rows; ++row) source.append(row, text);
  return text;
}

TEST(CriteoRows, HaveCriteosLayoutAndShares) {
  constexpr double rows = 50'000;
  DelimitedFormat format;
  format.delimiter = "\t";
  format.header = false;
  const std::string text = rows_of(1, static_cast<std::uint64_t>(rows));
  DelimitedReader reader(std::make_unique<MemoryBytes>(text), "rows", format);
  std::array<double, 40> missing{};
  std::set<std::string> levels;
  double positive = 0;
  TextRow row;
  for (std::string problem; reader.next(row, problem);) {
    ASSERT_EQ(row.fields.size(), 40u);
    for (std::size_t c = 0; c < 40; ++c) {
      missing[c] += row.fields[c].empty() / rows;
      double number = 0;
      if (row.fields[c].empty()) continue;
      if (c < 14) {
        ASSERT_TRUE(parse_number(row.fields[c], number));
      } else {
        ASSERT_EQ(row.fields[c].size(), 8u);
        ASSERT_EQ(row.fields[c].find_first_not_of("0123456789abcdef"), std::string_view::npos);
      }
    }
    positive += row.fields[0] == "1";
    levels.emplace(row.fields[16]);
  }
  // Four standard errors of a share in 50,000 rows: at most 0.009.
  EXPECT_NEAR(positive / rows, 0.25, 0.009);
  EXPECT_EQ(missing[0], 0);
  EXPECT_NEAR(missing[1], 0.45, 0.009);
  EXPECT_EQ(missing[2], 0);
  EXPECT_NEAR(missing[12], 0.77, 0.009);
  EXPECT_EQ(missing[14], 0);
  EXPECT_NEAR(missing[35], 0.82, 0.009);
  EXPECT_NEAR(missing[39], 0.45, 0.009);
  EXPECT_GT(levels.size(), 10'000u);
  EXPECT_NEAR(static_cast<double>(text.size()) / rows, 230, 40);
}

TEST(CriteoRows, RepeatBySeedAndRow) {
  EXPECT_EQ(rows_of(1, 100), rows_of(1, 200).substr(0, rows_of(1, 100).size()));
  EXPECT_NE(rows_of(1, 100), rows_of(2, 100));
}

}  // namespace
}  // namespace c2al

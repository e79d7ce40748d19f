#include "scenarios/tables/bad_rows.hpp"

#include <gmock/gmock.h>

#include "core/error.hpp"

namespace c2al {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

TEST(BadRows, StopsAtTheFirstByDefault) {
  BadRows bad(OnBadRow::stop);
  EXPECT_THAT([&] { bad.add("a.csv:3: why", 3); }, ThrowsMessage<RunError>("a.csv:3: why"));
}

TEST(BadRows, CountsAllAndKeepsFiveReasons) {
  BadRows bad(OnBadRow::skip);
  for (int i = 1; i <= 7; ++i) bad.add("reason " + std::to_string(i), 1000);
  EXPECT_EQ(bad.count(), 7u);
  EXPECT_THAT(bad.first_reasons(), ElementsAre("reason 1", "reason 2", "reason 3", "reason 4", "reason 5"));
}

TEST(BadRows, MoreThanHalfMeansAnotherFile) {
  BadRows bad(OnBadRow::skip);
  for (std::uint64_t row = 1; row <= 99; ++row) bad.add("reason", row);
  EXPECT_THAT([&] { bad.add("reason", 100); },
              ThrowsMessage<RunError>(
                  AllOf(StartsWith("100 of the first 100 rows cannot be used: the description does not fit"),
                        HasSubstr("\n  reason\n"))));

  BadRows half(OnBadRow::skip);
  for (std::uint64_t row = 2; row <= 1000; row += 2) half.add("reason", row);
  EXPECT_EQ(half.count(), 500u);
  EXPECT_THROW(half.add("reason", 1001 - 1), RunError);
}

}  // namespace
}  // namespace c2al

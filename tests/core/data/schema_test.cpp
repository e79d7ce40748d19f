#include "core/data/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/batch.hpp"
#include "core/error.hpp"

namespace c2al {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

Schema example() {
  Schema schema;
  schema.fields = {{"country", 3}, {"device", 2}, {"page", 5}};
  schema.axes = {{"age", {"young", "old"}, true, false}, {"value", {"low", "middle", "high"}, false, false}};
  return schema;
}

TEST(Schema, FieldsFollowEachOtherInTheConcatenatedTable) {
  EXPECT_THAT(example().row_offsets(), ElementsAre(0, 3, 5));
  EXPECT_EQ(example().table_rows(), 10);
}

TEST(Schema, FindsAxesAndCohortsByName) {
  EXPECT_EQ(example().axis_index("value"), 1u);
  EXPECT_EQ(example().cohort_index(1, "high"), 2u);
}

TEST(Schema, NamesWhatThereIsWhenANameIsUnknown) {
  EXPECT_THAT([] { example().axis_index("sex"); },
              ThrowsMessage<UsageError>("unknown cohort axis 'sex': expected one of age, value"));
  EXPECT_THAT([] { example().cohort_index(0, "ancient"); },
              ThrowsMessage<UsageError>(HasSubstr("'ancient' of axis 'age': expected one of young, old")));
}

TEST(Split, HasFourNames) {
  EXPECT_STREQ(split_name(Split::train), "train");
  EXPECT_STREQ(split_name(Split::discovery), "discovery");
  EXPECT_STREQ(split_name(Split::validation), "validation");
  EXPECT_STREQ(split_name(Split::test), "test");
}

}  // namespace
}  // namespace c2al

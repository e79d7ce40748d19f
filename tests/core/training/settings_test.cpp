#include "core/training/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/error.hpp"

namespace c2al {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::ThrowsMessage;

Settings settings(std::map<std::string, Settings::Value> values) {
  return Settings("demo.toml [method.demo]", std::move(values));
}

TEST(Settings, GivesFallbacksForAbsentKeys) {
  Settings s = settings({});
  EXPECT_EQ(s.number("alpha", 0.25, 0, 1), 0.25);
  EXPECT_EQ(s.integer("steps", 7, 1, 10), 7);
  EXPECT_TRUE(s.flag("warm", true));
  EXPECT_EQ(s.choice("scope", "h", {"h", "shared"}), "h");
  EXPECT_NO_THROW(s.finish());
}

TEST(Settings, GivesWrittenValues) {
  Settings s = settings({{"alpha", 0.5},
                         {"beta", std::int64_t{1}},
                         {"steps", std::int64_t{3}},
                         {"warm", false},
                         {"scope", std::string("shared")}});
  EXPECT_EQ(s.number("alpha", 0.25, 0, 1), 0.5);
  EXPECT_EQ(s.number("beta", 0.25, 0, 1), 1.0);  // a whole number is a number
  EXPECT_EQ(s.integer("steps", 7, 1, 10), 3);
  EXPECT_FALSE(s.flag("warm", true));
  EXPECT_EQ(s.choice("scope", "h", {"h", "shared"}), "shared");
  EXPECT_NO_THROW(s.finish());
}

TEST(Settings, NamesTableKeyValueAndRangeOfABadNumber) {
  EXPECT_THAT(
      [] {
        settings({{"alpha", 1.5}}).number("alpha", 0, 0, 1);
      },
      ThrowsMessage<UsageError>("demo.toml [method.demo]: alpha = 1.5: expected a number from 0 to 1"));
  EXPECT_THAT(
      [] {
        settings({{"alpha", true}}).number("alpha", 0, 0, 1);
      },
      ThrowsMessage<UsageError>(HasSubstr("alpha = true: expected a number")));
  EXPECT_THAT(
      [] {
        settings({{"alpha", std::numeric_limits<double>::quiet_NaN()}}).number("alpha", 0, -1e9, 1e9);
      },
      ThrowsMessage<UsageError>(HasSubstr("alpha = nan")));
}

TEST(Settings, RejectsWrongIntegersFlagsAndWords) {
  EXPECT_THAT(
      [] {
        settings({{"steps", 2.0}}).integer("steps", 1, 1, 10);
      },
      ThrowsMessage<UsageError>(HasSubstr("steps = 2.0: expected a whole number from 1 to 10")));
  EXPECT_THAT(
      [] {
        settings({{"steps", std::int64_t{-3}}}).integer("steps", 1, 1, 10);
      },
      ThrowsMessage<UsageError>(HasSubstr("steps = -3")));
  EXPECT_THAT(
      [] {
        settings({{"warm", std::int64_t{1}}}).flag("warm", true);
      },
      ThrowsMessage<UsageError>(HasSubstr("warm = 1: expected true or false")));
  EXPECT_THAT(
      [] {
        settings({{"scope", std::string("all")}}).choice("scope", "h", {"h", "shared"});
      },
      ThrowsMessage<UsageError>(HasSubstr("scope = \"all\": expected one of \"h\", \"shared\"")));
}

TEST(Settings, FinishNamesTheUnknownKeyAndTheKnownOnes) {
  Settings s = settings({{"alpha", 0.5}, {"alhpa", 0.5}});
  s.number("alpha", 0, 0, 1);
  s.flag("warm", true);
  EXPECT_THAT([&] { s.finish(); },
              ThrowsMessage<UsageError>(AllOf(HasSubstr("demo.toml [method.demo]: unknown key 'alhpa'"),
                                              HasSubstr("expected one of alpha, warm"))));
  EXPECT_THAT([] { settings({{"alpha", 0.5}}).finish(); }, ThrowsMessage<UsageError>(HasSubstr("expected no keys")));
}

TEST(Settings, DefaultSettingsNameNoTable) {
  EXPECT_THAT([] { Settings("", {{"alpha", 0.5}}).finish(); }, ThrowsMessage<UsageError>(Not(HasSubstr(": unknown"))));
}

TEST(Settings, ValuesAreWrittenAsToml) {
  EXPECT_EQ(to_string(Settings::Value(true)), "true");
  EXPECT_EQ(to_string(Settings::Value(std::int64_t{-4})), "-4");
  EXPECT_EQ(to_string(Settings::Value(2.0)), "2.0");
  EXPECT_EQ(to_string(Settings::Value(0.1)), "0.1");
  EXPECT_EQ(to_string(Settings::Value(-std::numeric_limits<double>::infinity())), "-inf");
  EXPECT_EQ(to_string(Settings::Value(std::string("a \"b\"\\\n"))), R"("a \"b\"\\\u000a")");
}

}  // namespace
}  // namespace c2al

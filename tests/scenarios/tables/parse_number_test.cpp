#include "scenarios/tables/parse_number.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <string>
#include <utility>

#include "core/data/random_stream.hpp"

namespace c2al {
namespace {

TEST(ParseNumber, TakesWholeDecimalNumbers) {
  const std::pair<const char*, double> numbers[] = {
      {"0", 0},
      {"-1", -1},
      {"+1", 1},
      {"007", 7},
      {"7.50E-05", 7.5e-5},
      {".5", 0.5},
      {"5.", 5},
      {"1e3", 1000},
      {"999999999999999", 999999999999999.0},
      {"10000169349117863715", 10000169349117863715.0},
      {"123456789012345678901234567890", 123456789012345678901234567890.0},
      {"1.7976931348623157e308", std::numeric_limits<double>::max()}};
  for (const auto& [text, expected] : numbers) {
    double value = -7;
    EXPECT_TRUE(parse_number(text, value)) << text;
    EXPECT_EQ(value, expected) << text;
  }
}

TEST(ParseNumber, RefusesEverythingElse) {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {""sv,          " 1"sv,    "1 "sv,     "12a"sv, "a"sv,        "-"sv,    "+"sv,    "."sv,
        "--1"sv,       "+-1"sv,   "1,5"sv,    "1e"sv,  "0x10"sv,     "nan"sv,  "-nan"sv, "inf"sv,
        "-infinity"sv, "1e999"sv, "-1e999"sv, "1\0"sv, "\xd9\xa1"sv, "NULL"sv, "1-1"sv}) {
    double value = -7;
    EXPECT_FALSE(parse_number(text, value)) << text;
    EXPECT_EQ(value, -7) << text;
  }
}

TEST(ParseNumber, AgreesWithTheLibraryOnRandomNumbers) {
  RandomStream random(2, StreamPurpose::probe);
  for (int i = 0; i < 100'000; ++i) {
    std::string text = random.below(2) ? "-" : "";
    for (std::uint64_t d = 1 + random.below(20); d > 0; --d) text += static_cast<char>('0' + random.below(10));
    if (random.below(2)) text.insert(1 + random.below(text.size()), ".");
    if (text.starts_with("-.") && text.size() == 2) continue;
    double value = 0;
    ASSERT_TRUE(parse_number(text, value)) << text;
    ASSERT_EQ(value, std::strtod(text.c_str(), nullptr)) << text;
  }
}

}  // namespace
}  // namespace c2al

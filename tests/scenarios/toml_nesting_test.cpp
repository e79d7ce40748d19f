#include "scenarios/toml_nesting.hpp"

#include <gmock/gmock.h>

#include <string>

#include "core/error.hpp"
#include "scenarios/config_value.hpp"

namespace c2al {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

std::string repeated(const std::string& piece, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

TEST(TomlNesting, CountsBracketsAndDots) {
  EXPECT_EQ(toml_nesting(""), 0u);
  EXPECT_EQ(toml_nesting("a = 1.5\nb = [1.5, 2.5]\n"), 2u);
  EXPECT_EQ(toml_nesting("[[a.b.c]]\nd = [[1], [{e = 2}]]\n"), 4u);
  EXPECT_EQ(toml_nesting("a.b . c.d = 1"), 3u);
}

TEST(TomlNesting, TextInStringsAndCommentsDoesNotCount) {
  EXPECT_EQ(toml_nesting("# [[[ ....\na = \"[[[\\\"[[\" # {{{\nb = '[[[\\'\n"), 0u);
  EXPECT_EQ(toml_nesting("a = \"\"\"[[\n\"[[\n\"\"\"\nb = '''[[\n'[[\n''' # ["), 0u);
  EXPECT_EQ(toml_nesting("a = [\"#\", [\"\", [1]]]"), 3u);
  // A string that does not end is an error on its line.
  EXPECT_EQ(toml_nesting("a = \"x\n[b]"), 1u);
}

TEST(TomlNesting, DeepFilesAreUsageErrors) {
  const auto expected = ThrowsMessage<UsageError>(HasSubstr("deep.toml: arrays, tables and keys are nested"));
  EXPECT_THAT([] { parse_toml("a = " + repeated("[", 100'000), "deep.toml"); }, expected);
  EXPECT_THAT([] { parse_toml("a = " + repeated("{a=", 100'000), "deep.toml"); }, expected);
  EXPECT_THAT([] { parse_toml("a" + repeated(".a", 100'000) + " = 1", "deep.toml"); }, expected);
  EXPECT_THAT([] { parse_toml("[a" + repeated(".a", 100'000) + "]", "deep.toml"); }, expected);
  EXPECT_THROW(parse_toml_value(repeated("[", 100'000), "--set a=[[["), UsageError);
  EXPECT_NO_THROW(parse_toml("a = " + repeated("[", 60) + repeated("]", 60), "deep.toml"));
}

}  // namespace
}  // namespace c2al

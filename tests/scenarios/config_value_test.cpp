#include "scenarios/config_value.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"

namespace c2al {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;
using Kind = ConfigValue::Kind;

TEST(ConfigValue, KeepsValuesAndTheirLines) {
  const ConfigValue root =
      parse_toml("name = 'x'\n[model]\ndim = 8\nrate = 1e-3\ntop = [64,\n 32]\nflag = true\n", "f.toml");
  EXPECT_EQ(root.find("name")->where, "f.toml:1");
  const ConfigValue& model = *root.find("model");
  EXPECT_EQ(model.kind, Kind::table);
  EXPECT_EQ(model.where, "f.toml:2");
  EXPECT_EQ(std::get<std::int64_t>(model.find("dim")->scalar), 8);
  EXPECT_EQ(std::get<double>(model.find("rate")->scalar), 1e-3);
  EXPECT_TRUE(std::get<bool>(model.find("flag")->scalar));
  ASSERT_EQ(model.find("top")->items.size(), 2u);
  EXPECT_EQ(model.find("top")->items[1].where, "f.toml:6");
  EXPECT_EQ(model.find("dimm"), nullptr);
}

TEST(ConfigValue, SyntaxErrorsAreOneLineWithFileAndLine) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a = 1\nb = \n", "f.toml:2: missing value after key-value separator '='"},
      {"a = 1\nb = foo\n", "f.toml:2: not a TOML value (a string needs quotes)"},
      {"a = 1\na = 2\n", "f.toml:2: value (\"a\") already exists."},
      {"[a]\n[b]\n[a]\n", "f.toml:3: table (\"a\") already exists."},
      {"a = [1, 2\nb = 3\n", "f.toml:2: missing array separator `,` after a value"},
      {"a = 05\n", "f.toml:1: bad integer: leading zero"},
      {"a = 'x\n", "f.toml:1: the next token is not a valid literal string"},
  };
  for (const auto& [text, message] : cases)
    EXPECT_THAT([&] { parse_toml(text, "f.toml"); },
                ThrowsMessage<UsageError>(AllOf(StartsWith(message), Not(HasSubstr("\n")), Not(HasSubstr("toml::")))))
        << text;
}

TEST(ConfigValue, NumbersThatDoNotFitAreErrorsAndNotTheNearestOne) {
  EXPECT_THAT([] { parse_toml("a = 99999999999999999999\n", "f.toml"); },
              ThrowsMessage<UsageError>("f.toml:1: an integer does not fit into 64 bits"));
  EXPECT_THAT([] { parse_toml("\na = -1e999\n", "f.toml"); },
              ThrowsMessage<UsageError>("f.toml:2: a number does not fit into a double"));
}

TEST(ConfigValue, OverrideValuesAreTomlOrBareWords) {
  EXPECT_EQ(std::get<std::int64_t>(parse_toml_value("2", "w").scalar), 2);
  EXPECT_EQ(std::get<double>(parse_toml_value("4e-3", "w").scalar), 4e-3);
  EXPECT_EQ(std::get<bool>(parse_toml_value("true", "w").scalar), true);
  EXPECT_EQ(std::get<std::string>(parse_toml_value("\"a b\"", "w").scalar), "a b");
  EXPECT_EQ(std::get<std::string>(parse_toml_value("declared", "w").scalar), "declared");
  EXPECT_EQ(parse_toml_value("[64,32]", "w").items.size(), 2u);
  EXPECT_EQ(parse_toml_value("{k = 3}", "w").find("k")->where, "w");
  for (const std::string bad : {"[64,", "a b", "", "1\nb = 2", "\"x"})
    EXPECT_THAT([&] { parse_toml_value(bad, "--set a=" + bad); },
                ThrowsMessage<UsageError>(AllOf(StartsWith("--set a="), HasSubstr("is not a TOML value"))))
        << bad;
}

TEST(ConfigValue, IsShownAsToml) {
  const ConfigValue root = parse_toml("a = [1, 2, 3, 4, 5]\nb = {c = 'x', d = 0.5}\ne = 2020-01-02\n", "f.toml");
  EXPECT_EQ(to_string(*root.find("a")), "[1, 2, 3, 4, ...]");
  EXPECT_EQ(to_string(*root.find("b")), "{c = \"x\", d = 0.5}");
  EXPECT_EQ(to_string(*root.find("e")), "2020-01-02");
}

TEST(ConfigValue, MissingTablesAreAddedInOrder) {
  ConfigValue root = parse_toml("b = 1\n", "f.toml");
  root.at_or_add("c", "here");
  root.at_or_add("a", "there");
  EXPECT_EQ(root.keys, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(root.find("a")->where, "there");
  EXPECT_EQ(std::get<std::int64_t>(root.at_or_add("b", "x").scalar), 1);
}

TEST(ConfigValue, AFileThatCannotBeReadIsNamed) {
  EXPECT_THAT([] { read_config_text("no/such.toml", "scenario"); },
              ThrowsMessage<UsageError>("no/such.toml: there is no such scenario file"));
  EXPECT_THAT([] { read_config_text(C2AL_SOURCE_DIR, "suite"); },
              ThrowsMessage<UsageError>(HasSubstr("the suite file cannot be read")));
}

}  // namespace
}  // namespace c2al

#include <gmock/gmock.h>

#include "core/error.hpp"
#include "scenarios/scenario.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class ParseSuite : public TemporaryDirectory {
 protected:
  Suite parse(const std::string& body) {
    write("a.toml", "");
    write("b.toml", "");
    std::filesystem::create_directories(directory_ / "suites");
    return parse_suite(write("suites/s.toml", "name = \"s\"\ntitle = \"S\"\n" + body));
  }
};

TEST_F(ParseSuite, ResolvesScenariosAndPutsPlainFirst) {
  const Suite suite = parse(
      "scenarios = [\"../a.toml\", \"../b.toml\"]\nmethods = [\"c2al\", \"plain\"]\nseeds = {first = 3, count = 2}\n"
      "overrides = [\"training.epochs=2\"]\n");
  EXPECT_EQ(suite.name, "s");
  EXPECT_THAT(suite.scenarios, ElementsAre(directory_ / "a.toml", directory_ / "b.toml"));
  EXPECT_THAT(suite.methods, ElementsAre("plain", "c2al"));
  EXPECT_THAT(suite.seeds, ElementsAre(3, 4));
  EXPECT_THAT(suite.overrides, ElementsAre("training.epochs=2"));
}

TEST_F(ParseSuite, AddsPlainAndTakesAListOfSeeds) {
  const Suite suite = parse("scenarios = [\"../a.toml\"]\nmethods = [\"c2al\"]\nseeds = [5, 1]\n");
  EXPECT_THAT(suite.methods, ElementsAre("plain", "c2al"));
  EXPECT_THAT(suite.seeds, ElementsAre(5, 1));
}

TEST_F(ParseSuite, TablesOfMethodsAndVariants) {
  const Suite suite = parse(
      "scenarios = [\"../a.toml\"]\nmethods = [\"strong\"]\nseeds = [1]\n[method.strong]\nmethod = \"c2al\"\n"
      "lambda_head = 3.0\n[method.c2al]\nmasked = true\n");
  EXPECT_THAT(suite.methods, ElementsAre("plain", "strong"));
  EXPECT_EQ(suite.method_tables.at("strong").variant_of, "c2al");
  EXPECT_THAT(suite.method_tables.at("strong").where, HasSubstr("s.toml:6: [method.strong]"));
  EXPECT_EQ(suite.method_tables.at("c2al").variant_of, "");
  EXPECT_EQ(suite.method_tables.at("c2al").settings.values().count("masked"), 1u);
}

TEST_F(ParseSuite, WrongSuitesAreRejected) {
  const std::string scenarios = "scenarios = [\"../a.toml\"]\n", methods = "methods = [\"c2al\"]\n",
                    seeds = "seeds = [1]\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {methods + seeds, "missing key 'scenarios' in the top level"},
      {"scenarios = []\n" + methods + seeds, "scenarios = []: expected at least one"},
      {"scenarios = [\"../nope.toml\"]\n" + methods + seeds, "nope.toml does not"},
      {"scenarios = [\"../a.toml\", \"../a.toml\"]\n" + methods + seeds, "expected '../a.toml' only once"},
      {"scenarios = \"../a.toml\"\n" + methods + seeds, "expected an array of strings"},
      {scenarios + "methods = [\"c2al\", \"c2al\"]\n" + seeds, "expected 'c2al' only once"},
      {scenarios + "methods = [3]\n" + seeds, "methods = 3: expected a string"},
      {scenarios + methods, "missing key 'seeds'"},
      {scenarios + methods + "seeds = []\n", "seeds = []: expected different whole numbers"},
      {scenarios + methods + "seeds = [1, 1]\n", "seeds = [1, 1]: expected different whole numbers"},
      {scenarios + methods + "seeds = [-1]\n", "seeds = -1: expected a whole number from 0"},
      {scenarios + methods + "seeds = {first = 1}\n", "missing key 'count' in [seeds]"},
      {scenarios + methods + "seeds = {count = 0}\n", "[seeds] count = 0: expected a whole number from 1"},
      {scenarios + methods + seeds + "[method]\nlambda_head = 2.0\n", "unknown key 'lambda_head' in [method]"},
      {scenarios + methods + seeds + "[method.lambda_head]\nmethod = \"c2al\"\n", "expected another name"},
      {scenarios + methods + seeds + "jobs = 2\n", "s.toml:6: unknown key 'jobs' in the top level"},
  };
  for (const auto& [body, message] : cases)
    EXPECT_THAT([&] { parse(body); }, ThrowsMessage<UsageError>(HasSubstr(message))) << body;
  EXPECT_THAT([&] { parse_suite(directory_ / "nope.toml"); },
              ThrowsMessage<UsageError>(HasSubstr("there is no such suite file")));
}

}  // namespace
}  // namespace c2al

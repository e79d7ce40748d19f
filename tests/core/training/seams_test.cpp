#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include "core/training/catalogue.hpp"

namespace c2al {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Text without comments: a comment may well name a method.
std::string code_of(const fs::path& file) { return std::regex_replace(read(file), std::regex(R"(//[^\n]*)"), ""); }

TEST(Seams, NoFileInTrainingNamesAMethod) {
  std::vector<std::string> names;
  for (const CatalogueEntry& entry : method_catalogue()) names.push_back(entry.name);
  ASSERT_GE(names.size(), 6u);
  // Of the literature, whether or not the catalogue has them yet.
  for (const char* name : {"pcgrad", "cagrad", "mgda", "mmoe", "ple", "gradnorm", "upgrad", "nash_mtl", "imtl_g"})
    names.emplace_back(name);
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(C2AL_SOURCE_DIR) / "core/training")) {
    std::string code = code_of(entry.path());
    // The project's own namespace is no method.
    code = std::regex_replace(code, std::regex(R"(namespace c2al|c2al::)"), "");
    for (const std::string& name : names)
      EXPECT_FALSE(std::regex_search(code, std::regex("(^|[^A-Za-z0-9_])" + name + "([^A-Za-z0-9_]|$)")))
          << entry.path() << " names the method " << name;
    ++files;
  }
  EXPECT_GE(files, 8u);
}

TEST(Seams, CoreIncludesNoSiblingFolder) {
  const std::regex include(R"(#include\s+"(synthetic|baselines|scenarios|results|app|bench|tests)/)");
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(C2AL_SOURCE_DIR) / "core")) {
    if (entry.is_regular_file()) {
      EXPECT_FALSE(std::regex_search(read(entry.path()), include)) << entry.path();
    }
  }
}

TEST(Seams, SyntheticBaselinesAndResultsIncludeOnlyCore) {
  for (const std::string folder : {"synthetic", "baselines", "results"}) {
    const std::regex include(R"re(#include\s+"(core|synthetic|baselines|scenarios|results|app|bench|tests)/)re");
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(C2AL_SOURCE_DIR) / folder)) {
      if (!entry.is_regular_file()) continue;
      const std::string text = read(entry.path());
      for (std::sregex_iterator i(text.begin(), text.end(), include), end; i != end; ++i) {
        const std::string target = (*i)[1];
        EXPECT_TRUE(target == "core" || target == folder) << entry.path() << " includes " << target;
      }
    }
  }
}

TEST(Seams, ThrowAwayMethodsStayShort) {
  // The method seam is good only while a method fits on a screen.
  const std::string text = read(fs::path(C2AL_SOURCE_DIR) / "tests/core/training/methods.hpp");
  std::size_t lines = 0, longest = 0;
  bool inside = false;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (line.rfind("class ", 0) == 0) inside = true, lines = 0;
    if (inside) ++lines;
    if (line == "};") longest = std::max(longest, lines), inside = false;
  }
  EXPECT_GT(longest, 5u);
  EXPECT_LT(longest, 40u);
}

}  // namespace
}  // namespace c2al

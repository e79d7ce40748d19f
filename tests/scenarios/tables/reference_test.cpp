#include <gtest/gtest.h>

#include "core/data/random_stream.hpp"
#include "scenarios/tables/printable.hpp"
#include "tests/scenarios/tables/memory_bytes.hpp"
#include "tests/scenarios/tables/reference_reader.hpp"

namespace c2al {
namespace {

std::vector<ReferenceRow> read(const std::string& text, const DelimitedFormat& format, const ReadingSizes& sizes) {
  DelimitedReader reader(std::make_unique<MemoryBytes>(text), "table", format, sizes);
  std::vector<ReferenceRow> rows;
  TextRow row;
  for (std::string problem; reader.next(row, problem);) {
    std::string expected;
    if (problem.ends_with("without NUL bytes")) expected = "NUL";
    if (problem.ends_with("behind the closing quote")) expected = "behind quote";
    if (problem.ends_with("before the end of the file")) expected = "closing quote";
    if (problem.ends_with("may not be closed")) expected = "longest row";
    EXPECT_EQ(problem.empty(), expected.empty()) << problem;
    rows.push_back({row.line, {row.fields.begin(), row.fields.end()}, expected});
  }
  return rows;
}

std::string random_text(RandomStream& random, const DelimitedFormat& format) {
  std::vector<std::string> pieces = {"a", "12", "\n", "\r\n", format.delimiter, format.delimiter, "\"", "\"\"", ""};
  const std::vector<std::string> rare = {"\r", " ",  "\t", std::string(1, '\0'), "'",
                                         "#",  "::", ":",  "\xef\xbb\xbf",       "abcdefghijklm"};
  // Every text has its own few rare pieces, or most would be bad in every row.
  for (std::uint64_t i = random.below(4); i > 0; --i) pieces.push_back(rare[random.below(rare.size())]);
  if (random.below(2)) pieces.push_back("\"a" + format.delimiter + "b\"" + format.delimiter);
  std::string text = random.below(8) ? "" : "\xef\xbb\xbf";
  for (std::uint64_t i = random.below(40); i > 0; --i) text += pieces[random.below(pieces.size())];
  return text;
}

TEST(DelimitedReference, RandomTablesReadTheSameInBlocksOfEverySize) {
  RandomStream random(3, StreamPurpose::probe);
  const std::string delimiters[] = {",", "\t", "::", "|", ", ", ":a:"};
  std::size_t rows = 0, bad = 0;
  for (int i = 0; i < 30'000; ++i) {
    DelimitedFormat format;
    format.header = false;
    format.delimiter = delimiters[random.below(6)];
    format.quote = "\0\"'\""[random.below(4)];
    format.trim = random.below(2);
    format.skip_empty_lines = random.below(2);
    format.comment = random.below(3) ? "" : random.below(2) ? "#" : "a1";
    const std::string text = random_text(random, format);
    const std::size_t longest = random.below(4) ? 1000 : 3 + random.below(20);
    const std::vector<ReferenceRow> expected = read_by_reference(text, format, longest);
    for (const std::size_t block : {1, 2, 3, 8, 13, 4096})
      ASSERT_EQ(read(text, format, {block, longest}), expected)
          << "text " << i << " " << printable(text) << " delimiter " << printable(format.delimiter) << " quote "
          << format.quote << " trim " << format.trim << " comment " << format.comment << " block " << block
          << " longest " << longest;
    rows += expected.size();
    for (const ReferenceRow& row : expected) bad += !row.expected.empty();
  }
  // The texts are no trivial ones: many rows, good and bad.
  EXPECT_GT(rows, 100'000u);
  EXPECT_GT(bad, rows / 20);
  EXPECT_LT(bad, rows / 2);
}

}  // namespace
}  // namespace c2al

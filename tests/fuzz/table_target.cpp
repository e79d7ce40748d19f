// Fuzz target of the table reader. The input's first line describes the format: the delimiter, a blank, then letters
// (q, a: quote " or '; t: trim; e: skip empty lines; c: comments begin with #; s: rows of at most 50 bytes). The rest
// is the file, plain or packed. What is read must not depend on the block size and must be what the reference reads.
#include <fmt/format.h>

#include <cstdlib>

#include "core/error.hpp"
#include "scenarios/tables/unpack.hpp"
#include "tests/scenarios/tables/memory_bytes.hpp"
#include "tests/scenarios/tables/reference_reader.hpp"

namespace c2al {
namespace {

constexpr std::size_t largest_file = 1 << 20;

struct Case {
  DelimitedFormat format;
  std::size_t longest_row = 100'000;
  std::string file;
};

Case parse_case(std::string_view input) {
  Case c;
  const std::string_view line = input.substr(0, input.find('\n'));
  c.file = input.substr(std::min(line.size() + 1, input.size()));
  const std::size_t blank = line.find(' ', 1);
  c.format.delimiter = line.substr(0, blank);
  c.format.header = false;
  const std::string_view letters = blank == std::string_view::npos ? "" : line.substr(blank);
  const auto has = [&](char letter) { return letters.find(letter) != std::string_view::npos; };
  c.format.quote = has('q') ? '"' : has('a') ? '\'' : '\0';
  c.format.trim = has('t');
  c.format.skip_empty_lines = has('e');
  if (has('c')) c.format.comment = "#";
  if (has('s')) c.longest_row = 50;
  return c;
}

std::string unpack(const std::string& file) {
  auto bytes = std::make_unique<MemoryBytes>(file);
  const auto unpacked = is_gzip(file) ? unpack_gzip(std::move(bytes), "file") : unpack_zstd(std::move(bytes), "file");
  std::string text, block(777, '\0');
  try {
    while (text.size() < largest_file)
      if (const std::size_t count = unpacked->read(block.data(), block.size()))
        text.append(block, 0, count);
      else
        break;
  } catch (const RunError&) {
    // What came before the damage is still read.
  }
  return text;
}

/// Rows, without their messages but for whether there is one.
std::vector<ReferenceRow> read(const Case& c, std::size_t block) {
  DelimitedReader reader(std::make_unique<MemoryBytes>(c.file), "file", c.format, {block, c.longest_row});
  std::vector<ReferenceRow> rows;
  TextRow row;
  for (std::string problem; reader.next(row, problem);)
    rows.push_back({row.line, {row.fields.begin(), row.fields.end()}, problem.empty() ? "" : "problem"});
  return rows;
}

}  // namespace
}  // namespace c2al

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace c2al;
  Case c = parse_case({reinterpret_cast<const char*>(data), size});
  if (is_gzip(c.file) || is_zstd(c.file)) c.file = unpack(c.file);
  try {
    // The reader first: it refuses delimiters that the reference cannot work with.
    const std::vector<ReferenceRow> rows = read(c, 1 << 16);
    std::vector<ReferenceRow> expected = read_by_reference(c.file, c.format, c.longest_row);
    for (ReferenceRow& row : expected) row.expected = row.expected.empty() ? "" : "problem";
    if (rows != expected || read(c, 61) != expected) {
      fmt::print(stderr, "other rows than the reference's\n");
      std::abort();
    }
  } catch (const UsageError&) {
    // A delimiter that cannot work.
  }
  return 0;
}

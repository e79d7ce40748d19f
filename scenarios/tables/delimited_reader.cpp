#include "scenarios/tables/delimited_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/error.hpp"
#include "scenarios/tables/printable.hpp"
#include "scenarios/tables/row_scanner.hpp"

namespace c2al {

struct DelimitedReader::State {
  static constexpr std::size_t readable_behind = 8;  ///< RowScanner looks so far

  std::string file;
  std::unique_ptr<ByteStream> stream;
  RowScanner scanner;
  ReadingSizes sizes;
  std::vector<char> buffer;
  std::size_t begin = 0, end = 0;  ///< of the unread text in the buffer
  bool at_end = false;             ///< nothing follows the buffer
  std::uint64_t line = 1;          ///< at begin
  std::vector<std::string> header;

  State(std::unique_ptr<ByteStream> bytes, const std::string& name, const DelimitedFormat& format,
        const ReadingSizes& wanted)
      : file(name), stream(std::move(bytes)), scanner(format), sizes(wanted), buffer(sizes.block + readable_behind) {
    pass_byte_order_mark();
  }

  std::string_view text() const { return {buffer.data() + begin, end - begin}; }

  /// Reads on behind the unread text, about as much as there is already: a long row is then scanned a few times only.
  void load() {
    if (begin > 0) {
      std::memmove(buffer.data(), buffer.data() + begin, end - begin);
      end -= begin;
      begin = 0;
    }
    const std::size_t capacity = buffer.size() - readable_behind;
    if (end == capacity)
      buffer.resize(std::max(sizes.block, std::min(2 * capacity, sizes.longest_row + 1)) + readable_behind);
    const std::size_t size = std::min(std::max(sizes.block, end), buffer.size() - readable_behind - end);
    try {
      const std::size_t count = stream->read(buffer.data() + end, size);
      end += count;
      at_end = count == 0;
    } catch (const RunError& error) {
      if (line == 1) throw;
      throw RunError(fmt::format("{} (at line {})", error.what(), line));
    }
  }

  void pass_byte_order_mark() {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    while (!at_end && text().size() < mark.size()) load();
    if (text().starts_with(mark)) begin += mark.size();
  }

  void pass_line() {
    for (;;) {
      const std::size_t line_end = text().find('\n');
      if (line_end != std::string_view::npos) {
        begin += line_end + 1;
        ++line;
        return;
      }
      begin = end;
      if (at_end) return;
      load();
    }
  }

  std::string describe_fault() const {
    const std::size_t field = scanner.faulty_field();
    const char* expected = "a closing quote before the end of the file";
    if (scanner.fault() == RowScanner::Fault::nul_byte) expected = "text without NUL bytes";
    if (scanner.fault() == RowScanner::Fault::behind_quote) expected = "a delimiter behind the closing quote";
    return fmt::format("{}:{}: column {}: value {}: expected {}", file, line,
                       field < header.size() ? printable(header[field]) : std::to_string(field + 1),
                       printable(scanner.faulty_text()), expected);
  }

  bool next(TextRow& row, std::string& problem) {
    problem.clear();
    for (;;) {
      if (begin == end) {
        if (at_end) return false;
        load();
        continue;
      }
      const RowScanner::Outcome outcome = scanner.scan(text(), at_end, row.fields);
      const bool incomplete = outcome == RowScanner::Outcome::incomplete;
      row.line = line;
      if ((incomplete ? text().size() : scanner.span()) > sizes.longest_row) {
        problem = fmt::format("{}:{}: expected a row of at most {} bytes; a quoted field may not be closed", file, line,
                              sizes.longest_row);
        row.fields.clear();
        pass_line();
        return true;
      }
      if (incomplete) {
        load();
        continue;
      }
      const bool is_row = outcome == RowScanner::Outcome::row;
      if (is_row && scanner.fault() != RowScanner::Fault::none) problem = describe_fault();
      begin += scanner.length();
      line += scanner.lines();
      if (is_row) return true;
    }
  }
};

DelimitedReader::DelimitedReader(const std::filesystem::path& file, const DelimitedFormat& format,
                                 const ReadingSizes& sizes)
    : DelimitedReader(open_bytes(file), file.string(), format, sizes) {}

DelimitedReader::DelimitedReader(std::unique_ptr<ByteStream> bytes, const std::string& name,
                                 const DelimitedFormat& format, const ReadingSizes& sizes)
    : state_(std::make_unique<State>(std::move(bytes), name, format, sizes)) {
  if (!format.header) return;
  TextRow row;
  std::string problem;
  if (!state_->next(row, problem))
    throw RunError(fmt::format("{}: has no row: expected a first one that names the columns", state_->file));
  if (!problem.empty()) throw RunError(problem);
  state_->header.assign(row.fields.begin(), row.fields.end());
}

DelimitedReader::~DelimitedReader() = default;

const std::string& DelimitedReader::file() const { return state_->file; }
const std::vector<std::string>& DelimitedReader::header() const { return state_->header; }
bool DelimitedReader::next(TextRow& row, std::string& problem) { return state_->next(row, problem); }

}  // namespace c2al

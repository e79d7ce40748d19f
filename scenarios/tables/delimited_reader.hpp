#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/tables/byte_stream.hpp"
#include "scenarios/tables/parse_number.hpp"

namespace c2al {

/// How a text table is written.
struct DelimitedFormat {
  std::string delimiter = ",";  ///< of any length ("::"); never a line end
  char quote = '\0';   ///< '"' or '\'': a field that begins with it ends at the next single one, doubled ones inside
                       ///< stand for one, line ends inside belong to the field; '\0': none, quotes are text
  bool header = true;  ///< the first row names the columns
  bool trim = false;   ///< blanks around fields, outside quotes, do not count
  bool skip_empty_lines = false;
  std::string comment;  ///< lines that begin with it are no rows; empty: none
};

/// One row; valid until the reader moves on.
struct TextRow {
  std::uint64_t line = 0;  ///< of the file, from 1: where the row begins
  std::vector<std::string_view> fields;
};

/// How much of a file is held at a time.
struct ReadingSizes {
  std::size_t block = std::size_t{1} << 20;         ///< bytes, at least 1
  std::size_t longest_row = std::size_t{64} << 20;  ///< bytes; longer rows are bad ones
};

/// Reads the rows of one file, in order, in bounded memory: one block and the longest row. A byte-order mark at the
/// beginning and CR before LF do not count. The last line may lack its end. An empty line is a row of one empty field,
/// unless it is skipped.
class DelimitedReader {
 public:
  /// Opens the file and, with a header, reads it. Throws RunError as open_bytes does, and for a header that is missing
  /// or damaged.
  DelimitedReader(const std::filesystem::path& file, const DelimitedFormat& format, const ReadingSizes& sizes = {});
  /// The same of bytes from elsewhere; `name` stands for the file in messages.
  DelimitedReader(std::unique_ptr<ByteStream> bytes, const std::string& name, const DelimitedFormat& format,
                  const ReadingSizes& sizes = {});
  ~DelimitedReader();

  const std::string& file() const;
  /// Names of the header's columns; empty without a header.
  const std::vector<std::string>& header() const;

  /// The next row; false at the end of a complete file. `problem` is empty, or says why the row cannot be trusted, as
  /// "FILE:LINE: column 'NAME': value 'TEXT': expected ..." (column N without a header): a quoted field that does not
  /// end, characters behind a closing quote, a NUL byte, a row that is too long. Its fields are then those that could
  /// be told apart. Reading goes on behind the row; where its quotes cannot be trusted, behind its first line.
  bool next(TextRow& row, std::string& problem);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace c2al

#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/tables/byte_finder.hpp"
#include "scenarios/tables/delimited_reader.hpp"

namespace c2al {

/// Splits the row at the beginning of a text into fields.
class RowScanner {
 public:
  enum class Outcome {
    row,
    no_row,      ///< a comment, or an empty line that is skipped
    incomplete,  ///< the row's end is not in the text
  };
  enum class Fault { none, nul_byte, behind_quote, open_quote };

  /// Throws UsageError for a delimiter that is empty, holds a line end or NUL, or begins with the quote.
  explicit RowScanner(const DelimitedFormat& format);

  /// @param text  not empty; seven bytes behind it may be read
  /// @param last  nothing follows it in the file
  Outcome scan(std::string_view text, bool last, std::vector<std::string_view>& fields);

  // Of the row scanned last; views are valid as long as the text, and until the next scan.
  std::size_t length() const {
    return length_;
  }  ///< bytes with the line end; of a row whose quotes cannot be trusted: the first line
  std::size_t span() const { return span_; }            ///< the same; of such a row: all that was read
  std::uint64_t lines() const { return lines_; }        ///< line ends in the length
  Fault fault() const { return fault_; }                ///< the first one
  std::size_t faulty_field() const { return faulty_; }  ///< number from 0
  std::string_view faulty_text() const { return faulty_text_; }

 private:
  Outcome scan_comment();
  std::optional<Outcome> scan_quoted(const char* opening, std::vector<std::string_view>& fields);
  Outcome end_row(const char* behind, std::vector<std::string_view>& fields);
  Outcome end_with_open_quote(std::vector<std::string_view>& fields);
  void end_behind_first_line(const char* behind);
  void add(const char* from, const char* to, std::vector<std::string_view>& fields) const;
  void unescape(std::vector<std::string_view>& fields);
  bool opens_quote(const char* position) const;
  bool is_delimiter(const char* position) const;
  void note(Fault fault, std::size_t field);

  DelimitedFormat format_;
  ByteFinder finder_;
  const char *begin_ = nullptr, *end_ = nullptr, *field_ = nullptr;
  bool last_ = false, has_quotes_ = false;
  std::vector<std::size_t> doubled_;  ///< numbers of fields that hold doubled quotes
  std::string unescaped_;
  std::size_t length_ = 0, span_ = 0, faulty_ = 0;
  std::uint64_t lines_ = 0;
  Fault fault_ = Fault::none;
  std::string_view faulty_text_;
};

}  // namespace c2al

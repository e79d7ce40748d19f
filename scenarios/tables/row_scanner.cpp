#include "scenarios/tables/row_scanner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/error.hpp"
#include "scenarios/tables/printable.hpp"

namespace c2al {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

const char* find(const char* from, const char* end, char wanted) {
  return from == end ? nullptr
                     : static_cast<const char*>(std::memchr(from, wanted, static_cast<std::size_t>(end - from)));
}

std::string_view text_between(const char* from, const char* to) { return {from, static_cast<std::size_t>(to - from)}; }

const DelimitedFormat& checked(const DelimitedFormat& format) {
  const std::string& delimiter = format.delimiter;
  if (delimiter.empty() || delimiter.find_first_of(std::string_view("\n\r\0", 3)) != std::string::npos ||
      (format.quote != '\0' && delimiter.front() == format.quote))
    throw UsageError(fmt::format(
        "the delimiter of a table is {}: expected a text without line ends that does not begin with the quote",
        printable(delimiter)));
  return format;
}

}  // namespace

RowScanner::RowScanner(const DelimitedFormat& format)
    : format_(checked(format)), finder_({format.delimiter.front(), '\n', '\0', format.quote}) {}

RowScanner::Outcome RowScanner::scan(std::string_view text, bool last, std::vector<std::string_view>& fields) {
  begin_ = field_ = text.data();
  end_ = begin_ + text.size();
  last_ = last;
  has_quotes_ = false;
  fault_ = Fault::none;
  lines_ = 0;
  doubled_.clear();
  fields.clear();
  if (!format_.comment.empty()) {
    if (text.starts_with(format_.comment)) return scan_comment();
    if (!last && std::string_view(format_.comment).starts_with(text)) return Outcome::incomplete;
  }

  const std::size_t delimiter_size = format_.delimiter.size();
  const char delimiter = format_.delimiter.front();
  finder_.seek(begin_);
  for (;;) {
    const char* const p = finder_.next(end_);
    if (p >= end_) {
      if (!last_) return Outcome::incomplete;
      add(field_, end_, fields);
      return end_row(end_, fields);
    }
    if (p < field_) continue;
    if (*p == delimiter) {
      if (delimiter_size == 1 || is_delimiter(p)) {
        add(field_, p, fields);
        field_ = p + delimiter_size;
      } else if (!last_ && format_.delimiter.starts_with(text_between(p, end_))) {
        return Outcome::incomplete;
      }
    } else if (*p == '\n') {
      ++lines_;
      add(field_, p > field_ && p[-1] == '\r' ? p - 1 : p, fields);
      return end_row(p + 1, fields);
    } else if (*p == '\0') {
      note(Fault::nul_byte, fields.size());
    } else if (opens_quote(p)) {
      if (const auto outcome = scan_quoted(p, fields)) return *outcome;
    }
  }
}

RowScanner::Outcome RowScanner::scan_comment() {
  const char* const line_end = find(begin_, end_, '\n');
  if (line_end == nullptr && !last_) return Outcome::incomplete;
  lines_ = line_end != nullptr;
  length_ = span_ = static_cast<std::size_t>((line_end != nullptr ? line_end + 1 : end_) - begin_);
  return Outcome::no_row;
}

/// Nothing, where scanning goes on behind the field.
std::optional<RowScanner::Outcome> RowScanner::scan_quoted(const char* opening, std::vector<std::string_view>& fields) {
  const char* const content = opening + 1;
  bool doubled = false;
  const char* closing = content;
  for (;; closing += 2) {
    closing = find(closing, end_, format_.quote);
    if (closing == nullptr) return last_ ? end_with_open_quote(fields) : Outcome::incomplete;
    if (!last_ && closing + 1 == end_) return Outcome::incomplete;
    if (end_ - closing < 2 || closing[1] != format_.quote) break;
    doubled = true;
  }
  const char* after = closing + 1;
  if (format_.trim)
    while (after < end_ && is_blank(*after) && !is_delimiter(after)) ++after;
  const std::string_view rest = text_between(after, end_);
  constexpr std::string_view crlf = "\r\n";
  const bool undecided = (rest.size() < format_.delimiter.size() && format_.delimiter.starts_with(rest)) ||
                         (rest.size() < crlf.size() && crlf.starts_with(rest));
  if (undecided && !last_) return Outcome::incomplete;

  lines_ += static_cast<std::uint64_t>(std::count(content, closing, '\n'));
  if (find(content, closing, '\0') != nullptr) note(Fault::nul_byte, fields.size());
  const bool delimited = is_delimiter(after);
  const std::size_t line_end = rest.starts_with('\n') ? 1 : rest.starts_with(crlf) ? 2 : 0;
  if (!delimited && line_end == 0 && after != end_) {
    note(Fault::behind_quote, fields.size());
    finder_.seek(after);
    return std::nullopt;
  }
  has_quotes_ = true;
  if (doubled) doubled_.push_back(fields.size());
  fields.push_back(text_between(content, closing));
  if (delimited) {
    field_ = after + format_.delimiter.size();
    finder_.seek(field_);
    return std::nullopt;
  }
  lines_ += line_end != 0;
  return end_row(after + line_end, fields);
}

RowScanner::Outcome RowScanner::end_row(const char* behind, std::vector<std::string_view>& fields) {
  length_ = span_ = static_cast<std::size_t>(behind - begin_);
  if (format_.skip_empty_lines && fields.size() == 1 && fields[0].empty() && !has_quotes_) return Outcome::no_row;
  if (!doubled_.empty()) unescape(fields);
  if (fault_ != Fault::none) faulty_text_ = fields[faulty_];
  // A quote in the wrong place may have paired with that of another row: no more than its own line is lost.
  if (fault_ == Fault::behind_quote) end_behind_first_line(behind);
  return Outcome::row;
}

void RowScanner::end_behind_first_line(const char* behind) {
  const char* const line_end = find(begin_, behind, '\n');
  lines_ = line_end != nullptr;
  length_ = static_cast<std::size_t>((line_end != nullptr ? line_end + 1 : behind) - begin_);
}

RowScanner::Outcome RowScanner::end_with_open_quote(std::vector<std::string_view>& fields) {
  fault_ = Fault::open_quote;
  faulty_ = fields.size();
  faulty_text_ = text_between(field_, end_);
  unescape(fields);
  end_behind_first_line(end_);
  span_ = static_cast<std::size_t>(end_ - begin_);
  return Outcome::row;
}

void RowScanner::add(const char* from, const char* to, std::vector<std::string_view>& fields) const {
  if (format_.trim) {
    while (from < to && is_blank(*from)) ++from;
    while (from < to && is_blank(to[-1])) --to;
  }
  fields.push_back(text_between(from, to));
}

void RowScanner::unescape(std::vector<std::string_view>& fields) {
  unescaped_.clear();
  std::size_t size = 0;
  for (const std::size_t field : doubled_) size += fields[field].size();
  unescaped_.reserve(size);  // views into it must not move
  for (const std::size_t field : doubled_) {
    const std::size_t start = unescaped_.size();
    for (std::size_t i = 0; i < fields[field].size(); ++i) {
      unescaped_ += fields[field][i];
      if (fields[field][i] == format_.quote) ++i;
    }
    fields[field] = std::string_view(unescaped_).substr(start);
  }
}

bool RowScanner::opens_quote(const char* position) const {
  return position == field_ || (format_.trim && std::all_of(field_, position, is_blank));
}

bool RowScanner::is_delimiter(const char* position) const {
  return text_between(position, end_).starts_with(format_.delimiter);
}

void RowScanner::note(Fault fault, std::size_t field) {
  if (fault_ != Fault::none) return;
  fault_ = fault;
  faulty_ = field;
}

}  // namespace c2al

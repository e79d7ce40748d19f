#include "tests/scenarios/tables/reference_reader.hpp"

#include <algorithm>

namespace c2al {

namespace {

class Reference {
 public:
  Reference(const std::string& text, const DelimitedFormat& format, std::size_t longest_row)
      : text_(text), format_(format), longest_row_(longest_row) {}

  std::vector<ReferenceRow> read() {
    while (at_ < text_.size()) {
      const std::size_t start = at_;
      row_ = {line_of(start), {}, ""};
      bool is_row = true;
      if (!format_.comment.empty() && text_.compare(at_, format_.comment.size(), format_.comment) == 0) {
        at_ = behind_line(at_);
        is_row = false;
      } else {
        quoted_ = false;
        while (read_field()) {
        }
        is_row = !(format_.skip_empty_lines && !quoted_ && row_.expected.empty() &&
                   row_.fields == std::vector<std::string>{""});
      }
      if (at_ - start > longest_row_) {
        row_.fields.clear();
        row_.expected = "longest row";
        at_ = behind_line(start);
        is_row = true;
      } else if (row_.expected == "closing quote" || row_.expected == "behind quote") {
        at_ = behind_line(start);
      }
      if (is_row) rows_.push_back(row_);
    }
    return rows_;
  }

 private:
  std::uint64_t line_of(std::size_t position) const {
    return 1 + static_cast<std::uint64_t>(
                   std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
  }
  std::size_t behind_line(std::size_t position) const {
    const std::size_t end = text_.find('\n', position);
    return end == std::string::npos ? text_.size() : end + 1;
  }
  bool is_delimiter(std::size_t i) const { return text_.compare(i, format_.delimiter.size(), format_.delimiter) == 0; }
  bool is_blank(std::size_t i) const {
    return i < text_.size() && (text_[i] == ' ' || text_[i] == '\t') && !is_delimiter(i);
  }
  void fault(const std::string& expected) {
    if (row_.expected.empty()) row_.expected = expected;
  }

  /// Reads one field and what ends it; false behind the row's last.
  bool read_field() {
    const std::size_t start = at_;
    std::size_t i = start;
    if (format_.trim)
      while (is_blank(i)) ++i;
    if (format_.quote != '\0' && i < text_.size() && text_[i] == format_.quote) {
      std::string content;
      bool closed = false;
      for (++i; i < text_.size(); ++i) {
        if (text_[i] == format_.quote) {
          if (i + 1 < text_.size() && text_[i + 1] == format_.quote) {
            ++i;
          } else {
            closed = true;
            break;
          }
        }
        content += text_[i];
      }
      if (!closed) {
        row_.expected = "closing quote";
        at_ = text_.size();
        return false;
      }
      ++i;
      if (format_.trim)
        while (is_blank(i)) ++i;
      if (content.find('\0') != std::string::npos) fault("NUL");
      if (i == text_.size() || is_delimiter(i) || text_[i] == '\n' || text_.compare(i, 2, "\r\n") == 0) {
        quoted_ = true;
        row_.fields.push_back(content);
        if (i < text_.size() && text_[i] == '\r') ++i;
        return pass_end(i);
      }
      fault("behind quote");
    } else {
      i = start;
    }
    while (i < text_.size() && text_[i] != '\n' && !is_delimiter(i)) ++i;
    std::string field = text_.substr(start, i - start);
    if (i < text_.size() && text_[i] == '\n' && field.ends_with('\r')) field.pop_back();
    if (field.find('\0') != std::string::npos) fault("NUL");
    if (format_.trim) {
      while (!field.empty() && (field.front() == ' ' || field.front() == '\t')) field.erase(0, 1);
      while (!field.empty() && (field.back() == ' ' || field.back() == '\t')) field.pop_back();
    }
    row_.fields.push_back(field);
    return pass_end(i);
  }

  bool pass_end(std::size_t i) {
    const bool more = i < text_.size() && text_[i] != '\n';
    at_ = i == text_.size() ? i : i + (more ? format_.delimiter.size() : 1);
    return more;
  }

  const std::string& text_;
  const DelimitedFormat& format_;
  std::size_t longest_row_, at_ = 0;
  bool quoted_ = false;
  ReferenceRow row_;
  std::vector<ReferenceRow> rows_;
};

}  // namespace

std::vector<ReferenceRow> read_by_reference(std::string text, const DelimitedFormat& format, std::size_t longest_row) {
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  return Reference(text, format, longest_row).read();
}

}  // namespace c2al

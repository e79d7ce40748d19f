#include "scenarios/toml_nesting.hpp"

#include <algorithm>

namespace c2al {

namespace {

/// Position behind the string that begins at `start`; for one that does not end, that of its line's end or the text's.
std::size_t behind_string(std::string_view text, std::size_t start) {
  const char quote = text[start];
  const bool escapes = quote == '"';
  const std::string_view rest = text.substr(start + 1);
  const bool multi_line = rest.size() >= 2 && rest[0] == quote && rest[1] == quote;
  const std::string_view closing = text.substr(start, multi_line ? 3 : 1);
  for (std::size_t i = start + closing.size(); i < text.size(); ++i) {
    if (escapes && text[i] == '\\')
      ++i;
    else if (text.substr(i).starts_with(closing))
      return i + closing.size();
    else if (!multi_line && text[i] == '\n')
      return i;
  }
  return text.size();
}

}  // namespace

std::size_t toml_nesting(std::string_view text) {
  std::size_t brackets = 0, dots = 0, deepest = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '#':
        i = std::min(text.find('\n', i), text.size()) - 1;
        break;
      case '"':
      case '\'':
        i = behind_string(text, i) - 1;
        break;
      case '[':
      case '{':
        ++brackets;
        dots = 0;
        break;
      case ']':
      case '}':
        brackets -= brackets > 0;
        dots = 0;
        break;
      case '\n':
      case ',':
      case '=':
        dots = 0;
        break;
      case '.':
        ++dots;
        break;
      default:
        break;
    }
    deepest = std::max(deepest, brackets + dots);
  }
  return deepest;
}

}  // namespace c2al

#include "scenarios/tables/parse_number.hpp"

#include <charconv>
#include <cstdint>

namespace c2al {

bool parse_number(std::string_view text, double& value) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  // Leaves "nan", "inf" and a second sign out, which from_chars would take.
  if (text.empty() || !(is_digit(text[0]) || text[0] == '.')) return false;

  // Most numbers of CTR data are short integers; up to 15 digits they are exact.
  if (text.size() <= 15) {
    std::uint64_t digits = 0;
    std::size_t i = 0;
    for (; i < text.size() && is_digit(text[i]); ++i) digits = 10 * digits + static_cast<std::uint64_t>(text[i] - '0');
    if (i == text.size()) {
      value = negative ? -static_cast<double>(digits) : static_cast<double>(digits);
      return true;
    }
  }
  double parsed = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, parsed);
  if (error != std::errc() || stop != end) return false;
  value = negative ? -parsed : parsed;
  return true;
}

}  // namespace c2al

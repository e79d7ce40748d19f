#include "scenarios/tables/printable.hpp"

#include <fmt/format.h>

namespace c2al {

std::string printable(std::string_view text) {
  constexpr std::size_t shown = 60;
  std::string result = "'";
  for (const char c : text.substr(0, shown))
    result += c < ' ' || c > '~' ? fmt::format("\\x{:02x}", static_cast<unsigned char>(c)) : std::string(1, c);
  return result + (text.size() > shown ? "...'" : "'");
}

}  // namespace c2al

#include "scenarios/tables/time_value.hpp"

#include <charconv>
#include <chrono>
#include <string_view>

#include "scenarios/tables/parse_number.hpp"

namespace c2al {

namespace {

bool whole(std::string_view text, int& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

/// "HH:MM", "HH:MM:SS", "HH:MM:SS.FFF" as seconds.
bool clock_value(std::string_view text, double& seconds) {
  int hours = 0, minutes = 0;
  if (text.size() < 5 || text[2] != ':' || !whole(text.substr(0, 2), hours) || !whole(text.substr(3, 2), minutes))
    return false;
  seconds = hours * 3600.0 + minutes * 60.0;
  if (text.size() == 5) return true;
  double rest = 0;
  if (text[5] != ':' || !parse_number(text.substr(6), rest)) return false;
  seconds += rest;
  return true;
}

}  // namespace

bool time_value(std::string_view text, double& value) {
  if (parse_number(text, value)) return true;
  int year = 0, month = 0, day = 0;
  if (text.size() < 10 || text[4] != '-' || text[7] != '-' || !whole(text.substr(0, 4), year) ||
      !whole(text.substr(5, 2), month) || !whole(text.substr(8, 2), day))
    return false;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return false;
  value = 86400.0 * static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count());
  if (text.size() == 10) return true;
  if (text[10] != ' ' && text[10] != 'T') return false;
  std::string_view clock = text.substr(11);
  double offset = 0;
  if (clock.ends_with('Z')) {
    clock.remove_suffix(1);
  } else if (const std::size_t sign = clock.find_last_of("+-"); sign != std::string_view::npos) {
    if (!clock_value(clock.substr(sign + 1), offset)) return false;
    if (clock[sign] == '-') offset = -offset;
    clock = clock.substr(0, sign);
  }
  double seconds = 0;
  if (!clock_value(clock, seconds)) return false;
  value += seconds - offset;
  return true;
}

}  // namespace c2al

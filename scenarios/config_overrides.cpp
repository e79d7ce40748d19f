#include "scenarios/config_overrides.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstddef>

#include "core/error.hpp"

namespace c2al {

namespace {

/// One step of a path: "axes[0]" is the key "axes" and the index 0.
struct Segment {
  std::string key;
  std::vector<std::size_t> indices;
};

[[noreturn]] void bad_path(const std::string& where) {
  throw UsageError(fmt::format("{}: expected PATH=VALUE, with a path like model.dim or world.axes[0].visible", where));
}

Segment parse_segment(const std::string& text, const std::string& where) {
  Segment segment;
  std::size_t position = text.find('[');
  segment.key = text.substr(0, position);
  const bool bare = segment.key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
                    std::string::npos;
  if (segment.key.empty() || !bare) bad_path(where);
  while (position < text.size()) {
    const std::size_t close = text.find(']', position);
    if (text[position] != '[' || close == std::string::npos) bad_path(where);
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(text.data() + position + 1, text.data() + close, index);
    if (error != std::errc() || end != text.data() + close) bad_path(where);
    segment.indices.push_back(index);
    position = close + 1;
  }
  return segment;
}

std::vector<Segment> parse_path(const std::string& path, const std::string& where) {
  std::vector<Segment> segments;
  for (std::size_t start = 0;;) {
    const std::size_t dot = path.find('.', start);
    segments.push_back(parse_segment(path.substr(start, dot - start), where));
    if (dot == std::string::npos) return segments;
    start = dot + 1;
  }
}

}  // namespace

void apply_overrides(ConfigValue& root, const std::vector<std::string>& overrides) {
  for (const std::string& override_text : overrides) {
    const std::string where = "--set " + override_text;
    const std::size_t equals = override_text.find('=');
    if (equals == std::string::npos) bad_path(where);
    ConfigValue* value = &root;
    std::string reached;
    for (const Segment& segment : parse_path(override_text.substr(0, equals), where)) {
      if (value->kind != ConfigValue::Kind::table)
        throw UsageError(fmt::format("{}: {} is {}, not a table", where, reached, to_string(*value)));
      value = &value->at_or_add(segment.key, where);
      reached += (reached.empty() ? "" : ".") + segment.key;
      for (const std::size_t index : segment.indices) {
        const bool array = value->kind == ConfigValue::Kind::array;
        if (!array || index >= value->items.size())
          throw UsageError(fmt::format("{}: {} has {}, no number {}", where, reached,
                                       array ? fmt::format("{} elements", value->items.size()) : "no elements", index));
        value = &value->items[index];
        reached += fmt::format("[{}]", index);
      }
    }
    *value = parse_toml_value(override_text.substr(equals + 1), where);
  }
}

}  // namespace c2al

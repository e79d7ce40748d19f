#include <fmt/format.h>

#include <algorithm>

#include "results/document.hpp"

namespace c2al {

namespace {

/// A bar inside a cell would end it.
std::string cell(const std::string& text) {
  std::string escaped;
  for (char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

/// Characters of UTF-8 text: bytes that continue none.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

struct Renderer {
  std::string out;

  void operator()(const Heading& heading) {
    out += fmt::format("{} {}\n\n", std::string(static_cast<std::size_t>(heading.level), '#'), heading.text);
  }
  void operator()(const Paragraph& paragraph) { out += fmt::format("{}\n\n", paragraph.text); }
  void operator()(const List& list) {
    for (const std::string& item : list.items) out += fmt::format("- {}\n", item);
    out += "\n";
  }
  void operator()(const Table& table) {
    if (!table.caption.empty()) out += fmt::format("**{}**\n\n", table.caption);
    std::vector<std::size_t> widths;
    std::vector<bool> is_text;
    for (std::size_t c = 0; c < table.header.size(); ++c) {
      widths.push_back(std::max<std::size_t>(3, width(cell(table.header[c]))));
      for (const auto& row : table.rows) widths[c] = std::max(widths[c], width(cell(row[c])));
      is_text.push_back(c == 0 ||
                        std::find(table.text_columns.begin(), table.text_columns.end(), c) != table.text_columns.end());
    }
    const auto line = [&](const std::vector<std::string>& cells) {
      for (std::size_t c = 0; c < cells.size(); ++c) {
        const std::string text = cell(cells[c]), padding(widths[c] - width(text), ' ');
        out += is_text[c] ? fmt::format("| {}{} ", text, padding) : fmt::format("| {}{} ", padding, text);
      }
      out += "|\n";
    };
    line(table.header);
    for (std::size_t c = 0; c < widths.size(); ++c)
      out += fmt::format("|{}{}", std::string(widths[c] + 1, '-'), is_text[c] ? '-' : ':');
    out += "|\n";
    for (const auto& row : table.rows) line(row);
    out += "\n";
  }
};

}  // namespace

std::string render_markdown(const Document& document) {
  Renderer renderer;
  for (const Block& block : document) std::visit(renderer, block);
  if (renderer.out.size() > 1) renderer.out.pop_back();
  return renderer.out;
}

}  // namespace c2al

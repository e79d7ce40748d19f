#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "results/document.hpp"

namespace c2al {

namespace {

/// Replaces what LaTeX reads as markup, and the characters beyond ASCII that reports use.
std::string escape(const std::string& text) {
  static const std::map<std::string, std::string> replacements = {{"\\", "\\textbackslash{}"},
                                                                  {"{", "\\{"},
                                                                  {"}", "\\}"},
                                                                  {"$", "\\$"},
                                                                  {"&", "\\&"},
                                                                  {"#", "\\#"},
                                                                  {"%", "\\%"},
                                                                  {"_", "\\_"},
                                                                  {"^", "\\textasciicircum{}"},
                                                                  {"~", "\\textasciitilde{}"},
                                                                  {"<", "$<$"},
                                                                  {">", "$>$"},
                                                                  {"|", "$|$"},
                                                                  {"–", "--"},
                                                                  {"±", "$\\pm$"},
                                                                  {"Δ", "$\\Delta$"}};
  std::string escaped;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 1;
    while (i + length < text.size() && (static_cast<unsigned char>(text[i + length]) & 0xC0) == 0x80) ++length;
    const std::string character = text.substr(i, length);
    const auto found = replacements.find(character);
    escaped += found == replacements.end() ? character : found->second;
    i += length;
  }
  return escaped;
}

std::string row(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t c = 0; c < cells.size(); ++c) line += (c > 0 ? " & " : "") + escape(cells[c]);
  return line + " \\\\\n";
}

struct Renderer {
  std::string out;

  void operator()(const Heading& heading) {
    constexpr const char* commands[] = {"section", "subsection", "subsubsection"};
    out += fmt::format("\\{}{{{}}}\n\n", commands[std::clamp(heading.level, 1, 3) - 1], escape(heading.text));
  }
  void operator()(const Paragraph& paragraph) { out += escape(paragraph.text) + "\n\n"; }
  void operator()(const List& list) {
    out += "\\begin{itemize}\n";
    for (const std::string& item : list.items) out += "  \\item " + escape(item) + "\n";
    out += "\\end{itemize}\n\n";
  }
  void operator()(const Table& table) {
    std::string columns;
    for (std::size_t c = 0; c < table.header.size(); ++c)
      columns +=
          c == 0 || std::find(table.text_columns.begin(), table.text_columns.end(), c) != table.text_columns.end()
              ? 'l'
              : 'r';
    out += "\\begin{table}[htbp]\n  \\centering\n";
    if (!table.caption.empty()) out += "  \\caption{" + escape(table.caption) + "}\n";
    out += "  \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n";
    out += "  \\begin{tabular}{" + columns + "}\n    \\toprule\n    " + row(table.header) + "    \\midrule\n";
    for (const auto& cells : table.rows) out += "    " + row(cells);
    out += "    \\bottomrule\n  \\end{tabular}}\n\\end{table}\n\n";
  }
};

}  // namespace

std::string render_latex(const Document& document) {
  Renderer renderer;
  renderer.out = "% Needs \\usepackage{booktabs,graphicx} and UTF-8 input.\n\n";
  for (const Block& block : document) std::visit(renderer, block);
  return renderer.out;
}

}  // namespace c2al

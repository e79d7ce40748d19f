#pragma once
#include <string>
#include <variant>
#include <vector>

namespace c2al {

/// A text with headings and tables, apart from the markup it is rendered in. Text is plain UTF-8; missing values are an
/// en dash.
struct Heading {
  int level = 1;  ///< 1 .. 3
  std::string text;
};
struct Paragraph {
  std::string text;
};
struct List {
  std::vector<std::string> items;
};
struct Table {
  std::string caption;
  std::vector<std::string> header;  ///< the first column is left-aligned text, as are those of `text_columns`
  std::vector<std::vector<std::string>> rows;  ///< as long as the header
  std::vector<std::size_t> text_columns;
};
using Block = std::variant<Heading, Paragraph, List, Table>;
using Document = std::vector<Block>;

/// GitHub-flavoured Markdown.
std::string render_markdown(const Document& document);

/// LaTeX to be \input by a document that loads booktabs, graphicx and inputenc for UTF-8 (a comment at the top says
/// so).
std::string render_latex(const Document& document);

}  // namespace c2al

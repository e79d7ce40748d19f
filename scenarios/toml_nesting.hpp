#pragma once
#include <cstddef>
#include <string_view>

namespace c2al {

/// How deep the arrays, tables and dotted keys of a TOML text are nested within each other, at most. The parser
/// recurses over them and would run out of stack. Right up to the text's first error, behind which nothing is parsed.
std::size_t toml_nesting(std::string_view text);

}  // namespace c2al

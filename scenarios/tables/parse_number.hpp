#pragma once
#include <string_view>

namespace c2al {

/// Parses a whole field as a decimal number: an optional sign, digits, point, exponent ("7.50E-05"). False for anything
/// else: the empty field, blanks, "12a", "nan", and what no finite double holds ("1e999").
bool parse_number(std::string_view text, double& value);

}  // namespace c2al

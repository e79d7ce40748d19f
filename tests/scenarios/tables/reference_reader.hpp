#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/tables/delimited_reader.hpp"

namespace c2al {

struct ReferenceRow {
  std::uint64_t line = 0;
  std::vector<std::string> fields;
  std::string expected;  ///< the end of the problem's message; empty: none
  bool operator==(const ReferenceRow&) const = default;
};

/// What DelimitedReader should give (without a header), byte by byte over a whole text: slow, and plainly right.
std::vector<ReferenceRow> read_by_reference(std::string text, const DelimitedFormat& format, std::size_t longest_row);

}  // namespace c2al

#pragma once
#include <string>
#include <string_view>

namespace c2al {

/// A text between single quotes for a message: bytes outside printable ASCII as \xHH, cut after 60 bytes.
std::string printable(std::string_view text);

}  // namespace c2al

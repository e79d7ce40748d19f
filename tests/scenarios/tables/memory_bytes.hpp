#pragma once
#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "scenarios/tables/byte_stream.hpp"

namespace c2al {

/// A text as a byte stream.
class MemoryBytes final : public ByteStream {
 public:
  explicit MemoryBytes(std::string text) : text_(std::move(text)), left_(text_) {}

  std::size_t read(char* to, std::size_t size) override {
    const std::size_t count = std::min(size, left_.size());
    if (count > 0) std::memcpy(to, left_.data(), count);
    left_.remove_prefix(count);
    return count;
  }

 private:
  std::string text_;
  std::string_view left_;
};

}  // namespace c2al

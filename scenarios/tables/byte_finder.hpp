#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace c2al {

/// Finds the bytes of a text that are one of four, in order, eight bytes at a time. (Mycroft's zero-byte test in the
/// form without false positives: Warren, Hacker's Delight, 2nd ed., section 6-1.)
class ByteFinder {
 public:
  explicit ByteFinder(const std::array<char, 4>& wanted) {
    for (std::size_t i = 0; i < wanted.size(); ++i)
      patterns_[i] = ones * static_cast<std::uint64_t>(static_cast<unsigned char>(wanted[i]));
  }

  /// Goes on at `position`. Up to seven bytes behind the text are read: they must be there.
  void seek(const char* position) {
    word_ = position;
    found_ = match(position);
  }

  /// The next one; at or behind `end` when there is none before it.
  const char* next(const char* end) {
    while (found_ == 0) {
      word_ += 8;
      if (word_ >= end) return end;
      found_ = match(word_);
    }
    const char* position = word_ + std::countr_zero(found_) / 8;
    found_ &= found_ - 1;
    return position;
  }

 private:
  static constexpr std::uint64_t ones = 0x0101010101010101ull, low_bits = 0x7f7f7f7f7f7f7f7full;

  /// The highest bit of every byte that is wanted.
  std::uint64_t match(const char* position) const {
    static_assert(std::endian::native == std::endian::little);
    std::uint64_t word;
    std::memcpy(&word, position, 8);
    std::uint64_t others = ~std::uint64_t{0};
    for (const std::uint64_t pattern : patterns_) {
      const std::uint64_t x = word ^ pattern;
      others &= ((x & low_bits) + low_bits) | x | low_bits;
    }
    return ~others;
  }

  std::array<std::uint64_t, 4> patterns_;
  const char* word_ = nullptr;
  std::uint64_t found_ = 0;
};

}  // namespace c2al

#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace c2al {

/// The two halves of a 128-bit product, combined.
inline std::uint64_t folded_product(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// One step of a hash over 64-bit words; the factors are the fractional digits of pi.
inline std::uint64_t hash_word(std::uint64_t hash, std::uint64_t word) {
  return folded_product(hash ^ 0x243f6a8885a308d3ull, word ^ 0x13198a2e03707344ull);
}

/// The last 0 to 8 bytes of a text as one number, first byte lowest.
inline std::uint64_t load_word(const char* text, std::size_t size) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t word = 0;
  if (size >= 8) {
    std::memcpy(&word, text, 8);
  } else {
    for (std::size_t i = 0; i < size; ++i)
      word |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[i])) << (8 * i);
  }
  return word;
}

/// The suite's hash of a text: its length, then its bytes in words of eight, the last one filled up with zeros, by
/// hash_word. Splits drawn by column and ids by hash depend on it, so it never changes.
inline std::uint64_t text_hash(std::string_view text) {
  std::uint64_t hash = hash_word(0xa4093822299f31d0ull, text.size());
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) hash = hash_word(hash, load_word(text.data() + i, 8));
  return i < text.size() ? hash_word(hash, load_word(text.data() + i, text.size() - i)) : hash;
}

}  // namespace c2al

#include "scenarios/cache/vocabulary.hpp"

#include <gtest/gtest.h>

#include <string>
#include <unordered_map>

#include "core/data/random_stream.hpp"
#include "scenarios/cache/text_hash.hpp"

namespace c2al {
namespace {

TEST(Vocabulary, NumbersTextsAsAMapDoes) {
  Vocabulary vocabulary;
  std::unordered_map<std::string, std::uint32_t> reference;
  RandomStream random(1, StreamPurpose::samples);
  for (int i = 0; i < 200000; ++i) {
    // Lengths around the limit of a slot, few letters: many repeats, prefixes of one another, NUL bytes.
    std::string text(1 + random.below(12), '\0');
    for (char& c : text) c = static_cast<char>(random.below(3));
    const std::uint32_t code = vocabulary.code(text);
    const auto [found, added] = reference.emplace(text, static_cast<std::uint32_t>(reference.size() + 1));
    ASSERT_EQ(code, found->second);
    ASSERT_EQ(vocabulary.text(code), text);
  }
  EXPECT_EQ(vocabulary.size(), reference.size());
  for (const auto& [text, code] : reference) ASSERT_EQ(vocabulary.text(code), text);
}

TEST(Vocabulary, AMissingValueIsNoLevel) {
  Vocabulary vocabulary;
  EXPECT_EQ(vocabulary.code(""), 0u);
  EXPECT_EQ(vocabulary.size(), 0u);
  EXPECT_EQ(vocabulary.code("a"), 1u);
}

TEST(TextHash, DependsOnLengthAndEveryByte) {
  const std::string text = "sixteen bytes and";
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] ^= 1;
    EXPECT_NE(text_hash(other), text_hash(text));
  }
  EXPECT_NE(text_hash(std::string_view("a\0", 2)), text_hash("a"));
}

}  // namespace
}  // namespace c2al

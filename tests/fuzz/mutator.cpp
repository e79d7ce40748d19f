#include "tests/fuzz/mutator.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace c2al::fuzz {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t longest_input = 1 << 16;

constexpr std::string_view hostile[] = {"\n"sv,
                                        "\r\n"sv,
                                        "\r"sv,
                                        "\""sv,
                                        "\"\""sv,
                                        "\"\"\""sv,
                                        "'"sv,
                                        "''"sv,
                                        ","sv,
                                        "\t"sv,
                                        "::"sv,
                                        "#"sv,
                                        " "sv,
                                        "\0"sv,
                                        "\xef\xbb\xbf"sv,
                                        "\xff"sv,
                                        "\x1f\x8b\x08"sv,
                                        "\x28\xb5\x2f\xfd"sv,
                                        "-1"sv,
                                        "1e999"sv,
                                        "-0.0"sv,
                                        "nan"sv,
                                        "inf"sv,
                                        "9223372036854775807"sv,
                                        "9223372036854775808"sv,
                                        "18446744073709551616"sv,
                                        "1_000"sv,
                                        "0x1f"sv,
                                        "4294967296"sv,
                                        "[[["sv,
                                        "]]]"sv,
                                        "{}"sv,
                                        "[]"sv,
                                        "="sv,
                                        "."sv,
                                        "\\u0000"sv,
                                        "\\"sv,
                                        "\"\"\"\n"sv,
                                        "'''"sv,
                                        "true"sv,
                                        "1979-05-27"sv,
                                        "a.b.c = 1\n"sv,
                                        "[dataset.table]\n"sv,
                                        "[method.x]\n"sv};

}  // namespace

std::string Mutator::input(std::uint64_t number) const {
  RandomStream random(seed_, StreamPurpose::samples, number);
  std::string text = corpus_[random.below(corpus_.size())];
  for (std::uint64_t changes = std::uint64_t{1} << random.below(4); changes > 0; --changes) change(text, random);
  if (text.size() > longest_input) text.resize(longest_input);
  return text;
}

void Mutator::change(std::string& text, RandomStream& random) const {
  const auto place = [&] { return static_cast<std::size_t>(random.below(text.size() + 1)); };
  const auto length = [&] { return static_cast<std::size_t>(random.below(random.below(8) ? 9 : 999)); };
  const std::size_t at = place();
  switch (random.below(8)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << random.below(8)));
      break;
    case 1:
      if (at < text.size()) text[at] = static_cast<char>(random.below(256));
      break;
    case 2:
      text.erase(at, length());
      break;
    case 3:
      text.insert(place(), text.substr(at, length()));
      break;
    case 4: {
      const std::string piece = text.substr(at, length());
      for (std::uint64_t i = random.below(200); i > 0 && text.size() < longest_input; --i) text.insert(at, piece);
      break;
    }
    case 5: {
      const std::string& other = corpus_[random.below(corpus_.size())];
      text.insert(at, other.substr(random.below(other.size() + 1), length()));
      break;
    }
    case 6:
      text.resize(at);
      break;
    default:
      text.insert(at, hostile[random.below(std::size(hostile))]);
  }
}

}  // namespace c2al::fuzz

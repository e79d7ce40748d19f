#include "core/data/random_stream.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace c2al {
namespace {

using Words = std::array<std::uint32_t, 4>;

// Known answers of Philox4x32-10 in the Random123 distribution (kat_vectors). The counter's words are
// (block low, substream low, substream high, purpose | block high).
TEST(RandomBlock, KnownAnswerOfZeroCounterAndKey) {
  EXPECT_EQ(random_block(0, StreamPurpose{0}, 0, 0), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
}

TEST(RandomBlock, KnownAnswerOfAllOnes) {
  EXPECT_EQ(random_block(~0ull, StreamPurpose{0xffff}, ~0ull, 0xffffffffffffull),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
}

TEST(RandomBlock, KnownAnswerOfDigitsOfPi) {
  EXPECT_EQ(random_block(0x299f31d0a4093822ull, StreamPurpose{0x0370}, 0x13198a2e85a308d3ull, 0x7344243f6a88ull),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomBlock, BlocksSideBySideAreThoseOfTheLibrary) {
  // 37 is no multiple of the lanes; the substreams cross the word boundary, the block its upper part.
  constexpr std::size_t count = 37, stride = 40;
  const std::uint64_t first = 0xfffffff0u, block = 0x500000007u;
  std::vector<std::uint32_t> words(4 * stride, 1);
  random_blocks(0x123456789abcdefu, StreamPurpose::samples, first, count, block, stride, words.data());
  for (std::size_t s = 0; s < stride; ++s)
    for (std::size_t w = 0; w < 4; ++w)
      EXPECT_EQ(words[w * stride + s],
                s < count ? random_block(0x123456789abcdefu, StreamPurpose::samples, first + s, block)[w] : 1u);
}

TEST(RandomStream, ReadsItsBlocksInOrder) {
  RandomStream stream(7, StreamPurpose::samples, 3);
  for (std::uint64_t block = 0; block < 40; ++block)
    for (const std::uint32_t word : random_block(7, StreamPurpose::samples, 3, block)) EXPECT_EQ(stream.bits32(), word);
}

TEST(RandomStream, SixtyFourBitsAreLowWordFirst) {
  RandomStream stream(7, StreamPurpose::samples, 3);
  const Words words = random_block(7, StreamPurpose::samples, 3, 0);
  EXPECT_EQ(stream.bits64(), words[0] | (static_cast<std::uint64_t>(words[1]) << 32));
}

TEST(RandomStream, ACopyForksAtItsPosition) {
  RandomStream stream(1, StreamPurpose::world);
  stream.normal();  // leaves the spare value of a pair
  RandomStream fork = stream;
  for (int i = 0; i < 9; ++i) EXPECT_EQ(stream.normal(), fork.normal());
}

TEST(RandomStream, UniformHasItsMomentsAndBins) {
  constexpr int n = 1 << 20;
  RandomStream stream(11, StreamPurpose::samples);
  double sum = 0, square = 0;
  std::vector<int> bins(64, 0);
  for (int i = 0; i < n; ++i) {
    const double u = stream.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    square += u * u;
    ++bins[static_cast<std::size_t>(u * 64)];
  }
  // Variance of u is 1/12, of u^2 is 4/45.
  EXPECT_LT(std::abs(sum / n - 0.5) / std::sqrt(1.0 / 12 / n), 4.5);
  EXPECT_LT(std::abs(square / n - 1.0 / 3) / std::sqrt(4.0 / 45 / n), 4.5);
  double chi_square = 0;
  for (const int count : bins) chi_square += (count - n / 64.0) * (count - n / 64.0) / (n / 64.0);
  EXPECT_LT(chi_square, 63 + 4.5 * std::sqrt(2.0 * 63));
}

TEST(RandomStream, NormalHasItsMomentsAndTail) {
  constexpr int n = 1 << 20;
  RandomStream stream(12, StreamPurpose::world);
  double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
  int beyond_two = 0;
  for (int i = 0; i < n; ++i) {
    const double x = stream.normal();
    m1 += x;
    m2 += x * x;
    m3 += x * x * x;
    m4 += x * x * x * x;
    beyond_two += std::abs(x) > 2;
  }
  // Var(x^k) = E x^2k - (E x^k)^2 with E x^2, x^4, x^6, x^8 = 1, 3, 15, 105.
  EXPECT_LT(std::abs(m1 / n) / std::sqrt(1.0 / n), 4.5);
  EXPECT_LT(std::abs(m2 / n - 1) / std::sqrt(2.0 / n), 4.5);
  EXPECT_LT(std::abs(m3 / n) / std::sqrt(15.0 / n), 4.5);
  EXPECT_LT(std::abs(m4 / n - 3) / std::sqrt(96.0 / n), 4.5);
  const double p = std::erfc(std::sqrt(2.0));
  EXPECT_LT(std::abs(beyond_two - n * p) / std::sqrt(n * p * (1 - p)), 4.5);
}

TEST(RandomStream, BelowIsEvenOverSmallBounds) {
  constexpr int n = 200000;
  for (const std::uint64_t bound : {2, 3, 7, 60}) {
    RandomStream stream(13, StreamPurpose::shuffling, bound);
    std::vector<int> counts(bound, 0);
    for (int i = 0; i < n; ++i) {
      const std::uint64_t value = stream.below(bound);
      ASSERT_LT(value, bound);
      ++counts[value];
    }
    const double expected = static_cast<double>(n) / static_cast<double>(bound);
    double chi_square = 0;
    for (const int count : counts) chi_square += (count - expected) * (count - expected) / expected;
    const double freedom = static_cast<double>(bound - 1);
    EXPECT_LT(chi_square, freedom + 4.5 * std::sqrt(2 * freedom) + 10) << "bound " << bound;
  }
}

TEST(RandomStream, BelowIsEvenWhereAModuloWouldNotBe) {
  constexpr int n = 100000;
  constexpr std::uint64_t bound = 3ull << 62;
  RandomStream stream(14, StreamPurpose::shuffling);
  int first_third = 0;
  for (int i = 0; i < n; ++i) first_third += stream.below(bound) < bound / 3;
  // 64 bits modulo this bound would put half of all draws into the first third.
  EXPECT_LT(std::abs(first_third - n / 3.0) / std::sqrt(n * 2.0 / 9), 4.5);
}

TEST(RandomStream, BelowOneIsZero) {
  RandomStream stream(15, StreamPurpose::shuffling);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(stream.below(1), 0u);
}

TEST(RandomStream, StreamsThatDifferInOneArgumentAreUncorrelated) {
  constexpr int n = 100000;
  const RandomStream base(21, StreamPurpose::samples, 5);
  const RandomStream others[] = {{22, StreamPurpose::samples, 5},
                                 {21, StreamPurpose::world, 5},
                                 {21, StreamPurpose::samples, 6},
                                 {21, StreamPurpose::samples, 5ull << 32},
                                 {21ull << 32, StreamPurpose::samples, 5}};
  for (RandomStream other : others) {
    RandomStream stream = base;
    double product = 0;
    for (int i = 0; i < n; ++i) product += (stream.uniform() - 0.5) * (other.uniform() - 0.5);
    EXPECT_LT(std::abs(product) / (std::sqrt(static_cast<double>(n)) / 12), 4.5);
  }
}

TEST(NameHash, MatchesThePublishedFnv1aValues) {
  EXPECT_EQ(name_hash(""), 0xcbf29ce484222325ull);
  EXPECT_EQ(name_hash("a"), 0xaf63dc4c8601ec8cull);
  EXPECT_EQ(name_hash("foobar"), 0x85944171f73967e8ull);
}

}  // namespace
}  // namespace c2al

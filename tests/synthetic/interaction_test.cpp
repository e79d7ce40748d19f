#include "synthetic/interaction.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "synthetic/distribution.hpp"
#include "tests/synthetic/statistics.hpp"

namespace c2al::synthetic {
namespace {

TEST(DrawPairs, AreDistinctAndInRange) {
  RandomStream stream = world_stream(1, "pairs");
  const auto pairs = draw_pairs(stream, 6, 15);
  EXPECT_EQ(std::set(pairs.begin(), pairs.end()).size(), 15u);
  for (const auto& [i, j] : pairs) {
    EXPECT_LT(i, j);
    EXPECT_LT(j, 6u);
  }
}

TEST(DrawPairs, MakesEveryPairEquallyLikely) {
  constexpr int n = 20000;
  std::map<std::pair<std::size_t, std::size_t>, int> counts;
  RandomStream stream = world_stream(2, "pairs");
  for (int i = 0; i < n; ++i)
    for (const auto& pair : draw_pairs(stream, 4, 2)) ++counts[pair];
  ASSERT_EQ(counts.size(), 6u);
  for (const auto& [pair, count] : counts)
    EXPECT_LT(std::abs(binomial_z(count, n, 2.0 / 6)), z_bound) << pair.first << "," << pair.second;
}

TEST(WorldStream, DependsOnSeedAndName) {
  EXPECT_EQ(world_stream(1, "a").bits64(), world_stream(1, "a").bits64());
  EXPECT_NE(world_stream(1, "a").bits64(), world_stream(2, "a").bits64());
  EXPECT_NE(world_stream(1, "a").bits64(), world_stream(1, "b").bits64());
}

struct Moments {
  double mean = 0, variance = 0;
};

/// Over every combination of the ids of three fields.
Moments enumerate(const PairInteractions& interactions, const std::vector<std::vector<double>>& p) {
  Moments moments;
  for (std::size_t a = 0; a < p[0].size(); ++a)
    for (std::size_t b = 0; b < p[1].size(); ++b)
      for (std::size_t c = 0; c < p[2].size(); ++c) {
        const std::int32_t ids[] = {static_cast<std::int32_t>(a), static_cast<std::int32_t>(b),
                                    static_cast<std::int32_t>(c)};
        double value = 0;
        interactions.evaluate(ids, 1, 1, &value);
        moments.mean += p[0][a] * p[1][b] * p[2][c] * value;
        moments.variance += p[0][a] * p[1][b] * p[2][c] * value * value;
      }
  moments.variance -= moments.mean * moments.mean;
  return moments;
}

TEST(PairInteractions, AreStandardisedExactlyWithPairsThatShareFields) {
  const std::vector<std::vector<double>> probabilities = {zipf(5, 1), zipf(7, 1.3), zipf(4, 0.2)};
  for (const std::size_t rank : {1u, 2u, 5u})
    for (const std::size_t pairs : {1u, 2u, 3u})
      for (const std::uint64_t seed : {1u, 2u, 3u}) {
        const Latents latents = draw_latents(seed, "test", {5, 7, 4}, rank);
        RandomStream stream = world_stream(seed, "test");
        const Moments moments = enumerate(PairInteractions(latents, probabilities, pairs, stream), probabilities);
        EXPECT_NEAR(moments.mean, 0, 1e-12) << "rank " << rank << ", pairs " << pairs << ", seed " << seed;
        EXPECT_NEAR(moments.variance, 1, 1e-12) << "rank " << rank << ", pairs " << pairs << ", seed " << seed;
      }
}

TEST(PairInteractions, AreBilinearInTheLatentVectors) {
  // One pair of rank r is a matrix over (id, id) of rank r, plus the shift: its r + 2 minors vanish. With r = 1 and the
  // shift, all differences f(a,b) - f(a,0) - f(0,b) + f(0,0) have rank 1.
  const Latents latents = draw_latents(4, "test", {4, 4}, 1);
  RandomStream stream = world_stream(4, "test");
  const PairInteractions interactions(latents, {zipf(4, 1), zipf(4, 1)}, 1, stream);
  const auto f = [&](std::int32_t a, std::int32_t b) {
    const std::int32_t ids[] = {a, b};
    double value = 0;
    interactions.evaluate(ids, 1, 1, &value);
    return value;
  };
  const auto difference = [&](std::int32_t a, std::int32_t b) { return f(a, b) - f(a, 0) - f(0, b) + f(0, 0); };
  EXPECT_GT(std::abs(difference(1, 1)), 1e-3);
  EXPECT_NEAR(difference(1, 1) * difference(2, 3), difference(1, 3) * difference(2, 1), 1e-12);
}

TEST(PairInteractions, EvaluateEachSampleOfABlockByItself) {
  const Latents latents = draw_latents(5, "test", {3, 3, 3}, 2);
  RandomStream stream = world_stream(5, "test");
  const PairInteractions interactions(latents, {zipf(3, 1), zipf(3, 1), zipf(3, 1)}, 3, stream);
  constexpr std::size_t stride = 32, size = 27;
  std::vector<std::int32_t> ids(3 * stride, 0);
  for (std::size_t s = 0; s < size; ++s) {
    ids[s] = static_cast<std::int32_t>(s % 3);
    ids[stride + s] = static_cast<std::int32_t>(s / 3 % 3);
    ids[2 * stride + s] = static_cast<std::int32_t>(s / 9);
  }
  std::vector<double> block(size);
  interactions.evaluate(ids.data(), stride, size, block.data());
  for (std::size_t s = 0; s < size; ++s) {
    const std::int32_t one[] = {ids[s], ids[stride + s], ids[2 * stride + s]};
    double value = 0;
    interactions.evaluate(one, 1, 1, &value);
    EXPECT_NEAR(block[s], value, 1e-14 * (1 + std::abs(value)));  // the two loops may contract sums differently
  }
}

}  // namespace
}  // namespace c2al::synthetic

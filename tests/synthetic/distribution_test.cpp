#include "synthetic/distribution.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace c2al::synthetic {
namespace {

TEST(Zipf, FollowsThePowerLawAndSumsToOne) {
  for (const double exponent : {0.0, 0.7, 1.0, 2.5}) {
    const std::vector<double> p = zipf(50, exponent);
    ASSERT_EQ(p.size(), 50u);
    EXPECT_NEAR(std::accumulate(p.begin(), p.end(), 0.0), 1.0, 1e-14);
    for (std::size_t k = 0; k < p.size(); ++k)
      EXPECT_NEAR(p[k] / p[0], std::pow(static_cast<double>(k + 1), -exponent), 1e-14);
  }
}

/// Share of evenly spaced words that select each id; each of at most size + 1 intervals a id is made of may gain or
/// lose one word.
void expect_met(const std::vector<double>& probabilities) {
  constexpr std::uint64_t words = 1 << 20;
  const AliasTable table(probabilities);
  std::vector<double> share(probabilities.size(), 0.0);
  for (std::uint64_t w = 0; w < words; ++w) {
    const auto id = static_cast<std::size_t>(table(static_cast<std::uint32_t>(w << 12)));
    ASSERT_LT(id, probabilities.size());
    share[id] += 1.0 / static_cast<double>(words);
  }
  for (std::size_t id = 0; id < probabilities.size(); ++id)
    EXPECT_NEAR(share[id], probabilities[id], static_cast<double>(probabilities.size() + 1) / words) << "id " << id;
}

TEST(AliasTable, MeetsItsProbabilities) {
  expect_met(zipf(10, 1));
  expect_met(zipf(60, 1));
  expect_met(zipf(300, 1.5));
  expect_met({0.9, 0.07, 0.03});
  expect_met({0.25, 0.25, 0.25, 0.25});
}

TEST(AliasTable, NeverDrawsAnIdOfProbabilityZero) {
  const AliasTable table(std::vector<double>{0.0, 0.6, 0.0, 0.4});
  for (std::uint64_t w = 0; w < (1 << 16); ++w) {
    const std::int32_t id = table(static_cast<std::uint32_t>(w << 16));
    ASSERT_TRUE(id == 1 || id == 3) << id;
  }
}

TEST(AliasTable, OfOneIdDrawsIt) {
  const AliasTable table(std::vector<double>{1.0});
  EXPECT_EQ(table(0), 0);
  EXPECT_EQ(table(0xffffffffu), 0);
}

TEST(AliasTable, ManyWordsSelectWhatEachSelects) {
  const AliasTable table(zipf(41, 1));
  std::vector<std::uint32_t> words(1000);
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = static_cast<std::uint32_t>(i * 2654435761u);
  std::vector<std::int32_t> ids(words.size(), -1);
  table.select(words.data(), words.size(), ids.data());
  for (std::size_t i = 0; i < words.size(); ++i) EXPECT_EQ(ids[i], table(words[i])) << i;
}

}  // namespace
}  // namespace c2al::synthetic

#include "bench/training_case.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

#include "bench/popular_ranks.hpp"
#include "tests/core/model/model_samples.hpp"

namespace c2al {
namespace {

/// MFLOP a sample and step, from the table of the peer (`counts()` of bench/peer/torch_dhen.py).
TEST(TrainingCase, CountsThePeersFlops) {
  const Workload peer = peer_workload();
  EXPECT_NEAR(1e-6 * counted_flop(peer, "plain"), 8.166, 5e-4);
  EXPECT_NEAR(1e-6 * counted_flop(peer, "c2al"), 8.167, 5e-4);
  EXPECT_NEAR(1e-6 * counted_flop(peer, "mmoe"), 8.816, 5e-4);
  EXPECT_NEAR(1e-6 * counted_flop(peer, "pcgrad"), 19.055, 5e-4);
  EXPECT_THROW(counted_flop(peer, "c2all"), std::invalid_argument);
}

/// "A batch of 512 / 2048 / 8192 touches about 5,070 / 13,900 / 36,100 distinct rows": the peer's own draws.
TEST(TrainingCase, BatchesTouchAsManyRowsAsThePeers) {
  for (const auto& [batch, distinct] : {std::pair<std::size_t, double>{512, 5070}, {2048, 13900}, {8192, 36100}}) {
    Workload w = peer_workload({.batch = batch});
    w.batches = 4;
    const Batches batches(w);
    double sum = 0;
    for (std::size_t i = 0; i < w.batches; ++i) {
      const std::int32_t* rows = batches.view(w, i).rows;
      sum += static_cast<double>(std::set<std::int32_t>(rows, rows + batch * w.input.fields).size());
    }
    EXPECT_NEAR(sum / 4, distinct, 0.01 * distinct) << batch;
  }
}

/// Frequencies of 200,000 draws against the law, within 4.5 standard deviations of a binomial count.
TEST(PopularRanks, FollowTheirLaw) {
  constexpr std::size_t n = 40, draws = 200'000;
  double sum = 0;
  for (std::size_t r = 0; r < n; ++r) sum += std::pow(static_cast<double>(r + 1), -1.1);
  const PopularRanks ranks(n, 1.1);
  RandomStream random(3, StreamPurpose::samples);
  std::vector<double> count(n);
  for (std::size_t i = 0; i < draws; ++i) ++count.at(ranks(random));
  for (std::size_t r = 0; r < n; ++r) {
    const double p = std::pow(static_cast<double>(r + 1), -1.1) / sum;
    EXPECT_NEAR(count[r], draws * p, 4.5 * std::sqrt(draws * p * (1 - p))) << r;
  }
}

TEST(PopularRanks, OfOneIsTheOnlyOne) {
  RandomStream random(3, StreamPurpose::samples);
  EXPECT_EQ(PopularRanks(1, 1.1)(random), 0u);
}

/// Another draw gives other rows of the same table; the uniform law does not keep to the fields.
TEST(TrainingCase, DrawsRowsAnew) {
  Workload w = peer_workload({.rows = 1000, .fields = 3, .batch = 64});
  w.batches = 2;
  Batches batches(w);
  const std::vector<std::int32_t> first = batches.rows;
  batches.draw_rows(w, RowLaw::popular, 0);
  EXPECT_EQ(batches.rows, first);
  batches.draw_rows(w, RowLaw::popular, 1);
  EXPECT_NE(batches.rows, first);
  for (std::size_t i = 0; i < batches.rows.size(); i += 3)
    EXPECT_LT(batches.rows[i], static_cast<std::int32_t>(w.vocabularies[0]));
  batches.draw_rows(w, RowLaw::uniform, 1);
  EXPECT_THAT(batches.rows, ::testing::Each(::testing::AllOf(::testing::Ge(0), ::testing::Lt(1000))));
  EXPECT_GT(*std::max_element(batches.rows.begin(), batches.rows.end()), 900);
}

/// What is timed is training: every parameter moves and stays finite, and the losses of batches seen again fall.
TEST(TrainingCase, TrainsEveryMethod) {
  Workload w = preset_workload();
  w.batch = 64;
  w.batches = 1;
  for (const std::string& method : peer_methods()) {
    SCOPED_TRACE(method);
    TrainingCase training(w, method);
    std::map<std::string, std::vector<double>> before;
    for (const std::string& name : testing::parameter_names(training.model()))
      before[name] = training.model().parameter(name);
    training.run(1);
    const std::vector<double> first = training.losses();
    training.run(39);
    for (const auto& [name, values] : before) EXPECT_NE(training.model().parameter(name), values) << name;
    EXPECT_EQ(training.model().first_non_finite(), "");
    ASSERT_EQ(first.size(), method == "plain" ? 1u : 3u);
    for (std::size_t t = 0; t < first.size(); ++t) EXPECT_LT(training.losses()[t], 0.9 * first[t]) << t;
  }
}

/// The bytes of the roofline are those of the method's own model.
TEST(TrainingCase, CountsTheParametersOfItsModel) {
  const Workload preset = preset_workload();
  for (const std::string& method : peer_methods()) {
    double numbers = 0;
    const TrainingCase training(preset, method);
    for (const std::string& name : testing::parameter_names(training.model()))
      if (name != "embedding") numbers += static_cast<double>(training.model().parameter(name).size());
    EXPECT_EQ(numbers, static_cast<double>(training_cost(preset, method).dense_parameters)) << method;
  }
}

}  // namespace
}  // namespace c2al

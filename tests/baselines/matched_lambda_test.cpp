// Controls at a loss weight matched for the mean norm of the auxiliary gradient at h.
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "core/training/trainer.hpp"
#include "tests/baselines/world.hpp"

namespace c2al {
namespace {

using testing::contract_context;
using testing::contract_model;
using testing::contract_training;
using testing::contract_world;

const std::vector<std::string> controls = {"random_cohorts", "sham_cohorts", "duplicate_label", "membership_only",
                                           "wrong_pair"};

Settings matched(std::map<std::string, Settings::Value> more = {}) {
  more["lambda_match"] = std::string("gradient_norm");
  return Settings("test", std::move(more));
}

double norm_of_sum(std::span<const double> gram, std::size_t i, std::size_t j) {
  const std::size_t tasks = 5;
  return std::sqrt(gram[i * tasks + i] + gram[j * tasks + j] + 2 * gram[i * tasks + j]);
}

class MatchedControlOf : public ::testing::TestWithParam<std::string> {};

TEST_P(MatchedControlOf, HasC2alsTasksAsReferences) {
  const auto data = contract_world();
  const auto context = contract_context(*data.source);
  const auto control = make_method(GetParam(), context, matched());
  const auto c2al = make_method("c2al", context);
  const auto tasks = control->tasks(0), reference = c2al->tasks(0);
  ASSERT_EQ(tasks.size(), 5u);
  EXPECT_EQ(make_method(GetParam(), context)->tasks(0).size(), 3u);
  for (const std::size_t t : {1, 2}) {
    EXPECT_EQ(tasks[t].weight, reference[t].weight);
    EXPECT_EQ(tasks[t + 2].weight, reference[t].weight);
  }
  const auto stream = data.source->open(Split::train, {}, 512);
  BatchView batch;
  ASSERT_TRUE(stream->next(batch));
  std::vector<float> target(5 * batch.size, -1.0f), weight(5 * batch.size, 1.0f), expected(3 * batch.size, -1.0f);
  control->make_targets(0, batch, target, weight);
  c2al->make_targets(0, batch, expected, weight);
  EXPECT_TRUE(std::equal(expected.begin() + static_cast<std::ptrdiff_t>(batch.size), expected.end(),
                         target.begin() + static_cast<std::ptrdiff_t>(3 * batch.size)));
}

// Gram matrices by hand. First measurement: own |g1 + g2| = sqrt(9 + 16 + 24) = 7, reference sqrt(4 + 9 - 12) = 1;
// second: own 3, reference 4. Means so far: 1 / 7, then (1 + 4) / (7 + 3).
TEST_P(MatchedControlOf, ScalesItsTasksByTheRatioOfMeanNorms) {
  const auto data = contract_world();
  const auto method = make_method(GetParam(), contract_context(*data.source), matched());
  std::vector<double> first(25, 0.0), second(25, 0.0);
  first[6] = 9;
  first[12] = 16;
  first[7] = first[11] = 12;
  first[18] = 4;
  first[24] = 9;
  first[19] = first[23] = -6;
  second[6] = 9;
  second[24] = 16;
  const std::vector<double> losses(5, 1.0);
  const auto check = [&](std::uint64_t step, const std::vector<double>& gram, double factor) {
    std::vector<double> trunk(5, 1.0), heads(5, 1.0);
    method->coefficients({step, 0, 0, losses, gram}, trunk, heads);
    const std::vector<double> expected_trunk = {1, factor, factor, 0, 0}, expected_heads = {1, factor, factor, 1, 1};
    for (std::size_t t = 0; t < 5; ++t) {
      EXPECT_DOUBLE_EQ(trunk[t], expected_trunk[t]) << "step " << step << ", task " << t;
      EXPECT_DOUBLE_EQ(heads[t], expected_heads[t]) << "step " << step << ", task " << t;
    }
  };
  EXPECT_EQ(method->needs(0).gram, GradientScope::representation);
  EXPECT_FALSE(method->needs(1).gram.has_value());
  EXPECT_EQ(method->needs(10).gram, GradientScope::representation);
  check(0, first, 1.0 / 7);
  check(1, {}, 1.0 / 7);
  check(10, second, 0.5);
}

TEST_P(MatchedControlOf, HasAFactorOfOneWhileItsOwnNormIsZero) {
  const auto data = contract_world();
  const auto method = make_method(GetParam(), contract_context(*data.source), matched());
  std::vector<double> gram(25, 0.0), trunk(5, 1.0), heads(5, 1.0);
  gram[18] = 4;
  method->coefficients({0, 0, 0, std::vector<double>(5, 1.0), gram}, trunk, heads);
  EXPECT_EQ(trunk, (std::vector<double>{1, 1, 1, 0, 0}));
}

TEST_P(MatchedControlOf, ResumesToTheBit) {
  const auto data = contract_world();
  const auto make = [&] { return make_method(GetParam(), contract_context(*data.source), matched()); };
  const auto whole_method = make();
  Trainer whole(*data.source, contract_model(), contract_training(), *whole_method, 3);
  whole.train();
  StateWriter state;
  {
    const auto method = make();
    Trainer trainer(*data.source, contract_model(), contract_training(), *method, 3);
    trainer.train([](std::uint64_t done, std::uint64_t, std::uint64_t) { return done < 13; });
    trainer.save(state);
  }
  const auto method = make();
  Trainer resumed(*data.source, contract_model(), contract_training(), *method, 3);
  StateReader reader(state);
  resumed.load(reader);
  resumed.train();
  EXPECT_EQ(resumed.served_logits(Split::test), whole.served_logits(Split::test));
}

TEST_P(MatchedControlOf, EqualIsTheDefaultAndDiffersFromMatched) {
  const auto data = contract_world();
  const auto served = [&](Settings settings) {
    const auto method = make_method(GetParam(), contract_context(*data.source), std::move(settings));
    Trainer trainer(*data.source, contract_model(), contract_training(), *method, 3);
    trainer.train();
    return trainer.served_logits(Split::test);
  };
  const std::vector<float> equal = served({});
  EXPECT_EQ(equal, served(Settings("test", {{"lambda_match", std::string("equal")}})));
  EXPECT_NE(equal, served(matched()));
}

INSTANTIATE_TEST_SUITE_P(Controls, MatchedControlOf, ::testing::ValuesIn(controls),
                         [](const auto& test) { return test.param; });

/// A method with an observer of its measured steps.
class Watched final : public Method {
 public:
  explicit Watched(Method& method) : method_(method) {}
  std::vector<TaskSpec> tasks(std::size_t model) const override { return method_.tasks(model); }
  void make_targets(std::size_t model, const BatchView& batch, std::span<float> target,
                    std::span<float> weight) const override {
    method_.make_targets(model, batch, target, weight);
  }
  StepNeeds needs(std::uint64_t step) const override { return method_.needs(step); }
  void coefficients(const StepInput& input, std::span<double> trunk, std::span<double> heads) override {
    method_.coefficients(input, trunk, heads);
    if (input.gram.empty()) return;
    own.push_back(norm_of_sum(input.gram, 1, 2));
    applied.push_back(trunk[1] * own.back());
    reference.push_back(norm_of_sum(input.gram, 3, 4));
  }
  std::vector<double> own, applied, reference;

 private:
  Method& method_;
};

double mean_of(const std::vector<double>& values, std::size_t begin) {
  double sum = 0;
  for (std::size_t i = begin; i < values.size(); ++i) sum += values[i];
  return sum / static_cast<double>(values.size() - begin);
}

TEST(MatchedLambda, BringsTheNormOfARepeatedLabelToC2als) {
  const auto data = contract_world();
  const auto method = make_method("duplicate_label", contract_context(*data.source), matched());
  Watched watched(*method);
  TrainingConfig training = contract_training();
  training.epochs = 8;
  Trainer trainer(*data.source, contract_model(), training, watched, 3);
  trainer.train();
  ASSERT_GE(watched.own.size(), 20u);
  const std::size_t half = watched.own.size() / 2;
  const double c2al = mean_of(watched.reference, half);
  EXPECT_GT(mean_of(watched.own, half) / c2al, 1.5);
  EXPECT_NEAR(mean_of(watched.applied, half) / c2al, 1.0, 0.15);
}

}  // namespace
}  // namespace c2al

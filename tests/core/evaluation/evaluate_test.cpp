#include "core/evaluation/evaluate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/data/random_stream.hpp"
#include "core/error.hpp"

namespace c2al {
namespace {

double logit(double p) { return std::log(p) - std::log1p(-p); }

Schema no_axes() { return {}; }

Schema one_axis(std::vector<std::string> cohorts) {
  Schema schema;
  schema.axes = {{"side", std::move(cohorts), true, false}};
  return schema;
}

ScoredSamples scored(const std::vector<double>& p, const std::vector<float>& label) {
  ScoredSamples samples;
  for (const double value : p) samples.logit.push_back(logit(value));
  samples.label = label;
  return samples;
}

TEST(Evaluate, NormalizedEntropyOfTorchEasyRec) {
  // normalized_entropy_test.py of TorchEasyRec; tolerance as there.
  const auto table = evaluate(scored({.1, .4, .6, .9}, {0, 0, 1, 1}), no_axes(), "test");
  EXPECT_NEAR(table.rows[0].ne, 0.44448435, 1e-6);
}

TEST(Evaluate, AreaUnderTheCurveOfXLearn) {
  // metric_test.cc of xLearn.
  const auto table = evaluate(scored({.1, .4, .35, .8}, {0, 0, 1, 1}), no_axes(), "test");
  EXPECT_DOUBLE_EQ(table.rows[0].auc, 0.75);
}

TEST(Evaluate, TiesCountOneHalf) {
  EXPECT_DOUBLE_EQ(evaluate(scored({.5, .5, .5, .5}, {0, 1, 1, 0}), no_axes(), "test").rows[0].auc, 0.5);
  // Positives .3 .6, negatives .3 .1: pairs (.3,.3) one half, (.3,.1), (.6,.3), (.6,.1) right.
  EXPECT_DOUBLE_EQ(evaluate(scored({.3, .3, .6, .1}, {1, 0, 1, 0}), no_axes(), "test").rows[0].auc, 3.5 / 4);
}

TEST(Evaluate, AWeightStandsForRepetition) {
  ScoredSamples weighted = scored({.2, .7, .5, .5}, {0, 1, 1, 0});
  weighted.weight = {3, 2, 1, 1};
  const auto repeated =
      evaluate(scored({.2, .2, .2, .7, .7, .5, .5}, {0, 0, 0, 1, 1, 1, 0}), no_axes(), "test").rows[0];
  const auto row = evaluate(weighted, no_axes(), "test").rows[0];
  EXPECT_NEAR(row.ne, repeated.ne, 1e-14);
  EXPECT_NEAR(row.log_loss, repeated.log_loss, 1e-14);
  EXPECT_NEAR(row.auc, repeated.auc, 1e-14);
  EXPECT_NEAR(row.calibration, repeated.calibration, 1e-14);
  EXPECT_NEAR(row.base_rate, repeated.base_rate, 1e-14);
  EXPECT_EQ(row.samples, 4);
  EXPECT_EQ(row.weight, 7);
}

TEST(Evaluate, LogLossCalibrationAndEceByHand) {
  const auto row = evaluate(scored({.25, .75}, {1, 1}), no_axes(), "test").rows[0];
  EXPECT_NEAR(row.log_loss, -(std::log(.25) + std::log(.75)) / 2, 1e-15);
  EXPECT_NEAR(row.calibration, 0.5, 1e-15);
  EXPECT_NEAR(row.ece, (.75 + .25) / 2, 1e-15);
  EXPECT_TRUE(std::isnan(row.ne));
  EXPECT_TRUE(std::isnan(row.auc));
}

TEST(Evaluate, EqualPredictionsShareACalibrationBin) {
  // One prediction for all: one bin, whatever the order of the labels.
  std::vector<float> labels(30, 0.0f);
  for (std::size_t i = 0; i < 15; ++i) labels[i] = 1.0f;
  EXPECT_NEAR(evaluate(scored(std::vector<double>(30, .5), labels), no_axes(), "test").rows[0].ece, 0.0, 1e-15);
}

TEST(Evaluate, CohortsUseTheirOwnBaseRate) {
  ScoredSamples samples = scored({.1, .3, .6, .9, .2, .2}, {0, 1, 0, 1, 0, 0});
  samples.cohort = {0, 0, 1, 1, 2, 2};
  const auto table = evaluate(samples, one_axis({"left", "right", "single", "empty"}), "test");
  ASSERT_EQ(table.rows.size(), 5u);
  EXPECT_EQ(table.rows[0].cohort, "overall");
  EXPECT_TRUE(table.rows[0].axis.empty());
  EXPECT_EQ(table.rows[1].cohort, "left");
  EXPECT_EQ(table.rows[1].axis, "side");
  EXPECT_NEAR(table.rows[1].ne, -(std::log(.9) + std::log(.3)) / 2 / std::log(2.0), 1e-14);
  EXPECT_EQ(table.rows[2].auc, 1.0);
  // One class only: NE, AUC and calibration are undefined, the log loss is not.
  EXPECT_TRUE(std::isnan(table.rows[3].ne));
  EXPECT_TRUE(std::isnan(table.rows[3].auc));
  EXPECT_TRUE(std::isnan(table.rows[3].calibration));
  EXPECT_NEAR(table.rows[3].log_loss, -std::log(.8), 1e-14);
  // Empty: everything is undefined, nothing is 0 but the counts.
  EXPECT_EQ(table.rows[4].samples, 0);
  for (const double value : {table.rows[4].base_rate, table.rows[4].ne, table.rows[4].log_loss, table.rows[4].auc,
                             table.rows[4].calibration, table.rows[4].ece, table.rows[4].expected_ne})
    EXPECT_TRUE(std::isnan(value));
}

TEST(Evaluate, CohortLossesAddUpToTheOverallLoss) {
  RandomStream stream(3, StreamPurpose::samples);
  ScoredSamples samples;
  for (int i = 0; i < 1000; ++i) {
    samples.logit.push_back(stream.normal());
    samples.label.push_back(stream.uniform() < 0.3 ? 1.0f : 0.0f);
    samples.weight.push_back(static_cast<float>(stream.uniform()));
    samples.cohort.push_back(static_cast<std::uint16_t>(stream.below(3)));
  }
  const auto table = evaluate(samples, one_axis({"a", "b", "c"}), "test");
  double sum = 0;
  for (std::size_t c = 1; c <= 3; ++c) sum += table.rows[c].weight * table.rows[c].log_loss;
  EXPECT_NEAR(sum / table.rows[0].weight, table.rows[0].log_loss, 1e-13);
}

TEST(Evaluate, AgainstTheTruth) {
  ScoredSamples samples = scored({.5, .5}, {1, 0});
  samples.p_true = {.8, .4};
  samples.p_bayes = {.8, .4};
  const auto row = evaluate(samples, no_axes(), "test").rows[0];
  EXPECT_NEAR(row.expected_log_loss, std::log(2.0), 1e-15);
  EXPECT_NEAR(row.expected_ne, std::log(2.0) / binary_entropy(.6), 1e-14);
  EXPECT_NEAR(row.bayes_ne, (binary_entropy(.8) + binary_entropy(.4)) / 2 / binary_entropy(.6), 1e-14);
  EXPECT_NEAR(row.gap_to_bayes, row.expected_ne - row.bayes_ne, 1e-15);
  EXPECT_GT(row.gap_to_bayes, 0);
}

TEST(Evaluate, TheTruthItselfHasNoGap) {
  ScoredSamples samples = scored({.8, .4, .01}, {1, 0, 0});
  samples.p_true = samples.p_bayes = {.8, .4, .01};
  EXPECT_NEAR(evaluate(samples, no_axes(), "test").rows[0].gap_to_bayes, 0.0, 1e-14);
}

TEST(Evaluate, CertainPredictions) {
  const auto right = evaluate(scored({0, 1}, {0, 1}), no_axes(), "test").rows[0];
  EXPECT_EQ(right.log_loss, 0.0);
  EXPECT_EQ(right.ne, 0.0);
  EXPECT_EQ(right.auc, 1.0);
  const auto wrong = evaluate(scored({0, 1}, {1, 0}), no_axes(), "test").rows[0];
  EXPECT_EQ(wrong.log_loss, std::numeric_limits<double>::infinity());
}

TEST(Evaluate, RefusesWhatItCannotScore) {
  ScoredSamples nan = scored({.5, .5}, {0, 1});
  nan.logit[1] = std::nan("");
  EXPECT_THROW(evaluate(nan, no_axes(), "test"), RunError);
  // A slope of zero takes an infinite logit nowhere.
  ScoredSamples infinite = scored({.5, .5}, {0, 1});
  infinite.logit[1] = INFINITY;
  const Schema schema = no_axes();
  const SplitScorer scorer(infinite, schema, "test");
  EXPECT_NO_THROW(scorer.raw());
  EXPECT_THROW(scorer.recalibrated({0, 0}), RunError);
  ScoredSamples shorter = scored({.5, .5}, {0});
  EXPECT_THROW(evaluate(shorter, no_axes(), "test"), RunError);
}

TEST(Recalibration, UndoesAScaleAndAnOffset) {
  RandomStream stream(9, StreamPurpose::samples);
  std::vector<double> z, distorted;
  std::vector<float> label;
  for (int i = 0; i < 20000; ++i) {
    z.push_back(-1 + 1.5 * stream.normal());
    distorted.push_back(0.5 * z.back() + 2);
    label.push_back(stream.uniform() < 1 / (1 + std::exp(-z.back())) ? 1.0f : 0.0f);
  }
  const auto direct = fit_recalibration(z, label, {});
  const auto undone = fit_recalibration(distorted, label, {});
  ASSERT_TRUE(direct.defined());
  // The fit on distorted logits is the fit on the true ones seen through the distortion.
  EXPECT_NEAR(undone.scale, 2 * direct.scale, 1e-8);
  EXPECT_NEAR(undone.offset, direct.offset - 4 * direct.scale, 1e-8);
  // 4.5 standard errors of a logistic fit to 20,000 samples.
  EXPECT_NEAR(direct.scale, 1, 0.1);
  EXPECT_NEAR(direct.offset, 0, 0.12);
}

TEST(Recalibration, MakesPredictionsAddUpToLabels) {
  RandomStream stream(10, StreamPurpose::samples);
  ScoredSamples samples;
  for (int i = 0; i < 2000; ++i) {
    samples.logit.push_back(stream.normal());
    samples.label.push_back(stream.uniform() < 0.2 ? 1.0f : 0.0f);
    samples.weight.push_back(static_cast<float>(0.5 + stream.uniform()));
  }
  const auto fit = fit_recalibration(samples.logit, samples.label, samples.weight);
  const auto table = SplitScorer(samples, no_axes(), "validation").recalibrated(fit);
  EXPECT_TRUE(table.recalibrated);
  EXPECT_NEAR(table.rows[0].calibration, 1.0, 1e-9);
  EXPECT_LE(table.rows[0].log_loss, evaluate(samples, no_axes(), "validation").rows[0].log_loss);
}

TEST(Recalibration, ConvergesWhateverTheRounding) {
  // Near the optimum the loss of 3,000 samples is flat to the last bit; the fit must end there all the same.
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    RandomStream stream(seed, StreamPurpose::samples);
    std::vector<double> z;
    std::vector<float> label;
    for (int i = 0; i < 3000; ++i) {
      z.push_back(-2.5 + stream.normal());
      label.push_back(stream.uniform() < 1 / (1 + std::exp(-z.back())) ? 1.0f : 0.0f);
    }
    EXPECT_TRUE(fit_recalibration(z, label, {}).defined()) << "seed " << seed;
  }
}

TEST(Recalibration, IsUndefinedWithoutAMaximum) {
  const std::vector<double> z = {-1, 0, 1, 2};
  EXPECT_FALSE(fit_recalibration(z, std::vector<float>{0, 0, 0, 0}, {}).defined());
  EXPECT_FALSE(fit_recalibration(z, std::vector<float>{0, 0, 1, 1}, {}).defined());
  const auto table = SplitScorer(scored({.2, .8}, {0, 1}), no_axes(), "test").recalibrated({});
  EXPECT_TRUE(std::isnan(table.rows[0].ne));
  EXPECT_EQ(table.rows[0].samples, 2);
}

TEST(Recalibration, OfAConstantIsAnOffset) {
  const auto fit = fit_recalibration(std::vector<double>{3, 3, 3, 3}, std::vector<float>{0, 0, 0, 1}, {});
  EXPECT_EQ(fit.scale, 1.0);
  EXPECT_NEAR(fit.offset, std::log(1.0 / 3) - 3, 1e-12);
}

}  // namespace
}  // namespace c2al

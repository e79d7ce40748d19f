// masked = true: auxiliary losses that count their own cohort's samples only.
#include <gtest/gtest.h>

#include <cmath>

#include "core/evaluation/cross_entropy.hpp"
#include "core/training/trainer.hpp"
#include "tests/baselines/world.hpp"

namespace c2al {
namespace {

using testing::contract_context;
using testing::contract_model;
using testing::contract_world;

const Settings masked("test", {{"masked", true}});

TEST(MaskedLosses, HaveWeightZeroOutsideTheCohort) {
  const auto data = contract_world();
  for (const char* name : {"c2al", "pcgrad"}) {
    const auto method = make_method(name, contract_context(*data.source), masked);
    const auto stream = data.source->open(Split::train, {}, 512);
    BatchView batch;
    ASSERT_TRUE(stream->next(batch));
    std::vector<float> target(3 * batch.size), weight(3 * batch.size, 1.0f);
    method->make_targets(0, batch, target, weight);
    for (std::size_t b = 0; b < batch.size; ++b) {
      const std::size_t cohort = batch.cohort[b * batch.axes];
      EXPECT_EQ(weight[b], 1.0f);
      EXPECT_EQ(weight[batch.size + b], cohort == 1 ? 1.0f : 0.0f);
      EXPECT_EQ(weight[2 * batch.size + b], cohort == 2 ? 1.0f : 0.0f);
    }
  }
}

/// Gradient of each head's row and bias, by hand from h and the logits:
/// 1/B sum over the cohort's samples of (sigmoid(z) - y) h, and of the same without h.
TEST(MaskedLosses, GiveTheGradientWorkedByHand) {
  const auto data = contract_world();
  const auto method = make_method("c2al", contract_context(*data.source), masked);
  const Schema& schema = data.source->schema();
  HeadConfig heads;
  heads.tasks = 3;
  const auto model =
      make_model(contract_model(), heads, {schema.fields.size(), schema.dense.size(), schema.table_rows()}, "float64");
  model->initialise(3, 0);
  const auto stream = data.source->open(Split::train, {}, 24);
  BatchView batch;
  ASSERT_TRUE(stream->next(batch));
  const std::size_t size = batch.size, width = model->head_width();
  std::vector<float> target(3 * size), weight(3 * size, 1.0f);
  std::copy_n(batch.label, size, target.begin());
  method->make_targets(0, batch, target, weight);
  model->forward(batch);
  std::vector<double> loss(3);
  model->losses({3, size, target.data(), weight.data()}, loss);
  model->backward({{1, 1, 1}, {1, 1, 1}});
  const Observations seen = model->observe(batch);
  const std::vector<double>&h = seen.at("h").values, &z = seen.at("logits").values;

  for (const std::size_t task : {1, 2}) {
    const std::vector<double> rows = model->gradient("head.weight"), bias = model->gradient("head.bias");
    ASSERT_EQ(rows.size(), 3 * width);
    std::vector<double> expected(width, 0.0);
    double expected_bias = 0, expected_loss = 0;
    std::size_t members = 0;
    for (std::size_t b = 0; b < size; ++b) {
      if (batch.cohort[b * batch.axes] != task) continue;
      ++members;
      const double logit = z[b * 3 + task], residual = (sigmoid(logit) - batch.label[b]) / static_cast<double>(size);
      expected_loss += cross_entropy(batch.label[b], logit) / static_cast<double>(size);
      expected_bias += residual;
      for (std::size_t k = 0; k < width; ++k) expected[k] += residual * h[b * width + k];
    }
    ASSERT_GT(members, 0u);
    ASSERT_LT(members, size);
    EXPECT_NEAR(loss[task], expected_loss, 1e-12);
    EXPECT_NEAR(bias.at(task), expected_bias, 1e-12);
    for (std::size_t k = 0; k < width; ++k) EXPECT_NEAR(rows[task * width + k], expected[k], 1e-12);
  }
}

}  // namespace
}  // namespace c2al

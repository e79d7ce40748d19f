#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/error.hpp"
#include "tests/core/model/model_samples.hpp"

namespace c2al::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

ModelConfig peer_model(AttentionSource attention = AttentionSource::mlp) {
  ModelConfig config;
  FmAttentionConfig fm;
  fm.attention = attention;
  const LayerConfig layer{fm, CrossConfig{}, MlpConfig{}};
  config.layers = {layer, layer};
  config.top = {256, 128, 64};
  return config;
}

TEST(Cost, IsThePeersAtItsDefaultSize) {
  const InputShape input{26, 13, 1'000'000};
  const ModelCost plain = model_cost(peer_model(), HeadConfig{1}, input);
  EXPECT_EQ(plain.dense_parameters, 1'338'769u);
  EXPECT_EQ(plain.embedding_parameters, 16'000'000u);
  EXPECT_NEAR(plain.forward_flop, 2.723e6, 0.0005e6);
  EXPECT_NEAR(plain.step_flop, 8.166e6, 0.0005e6);
  const ModelCost c2al = model_cost(peer_model(), HeadConfig{3}, input);
  EXPECT_EQ(c2al.dense_parameters, 1'338'899u);
  EXPECT_NEAR(c2al.forward_flop, 2.723e6, 0.0005e6);
  EXPECT_NEAR(c2al.step_flop, 8.167e6, 0.0005e6);
  const ModelCost parameter = model_cost(peer_model(AttentionSource::parameter), HeadConfig{1}, input);
  EXPECT_EQ(plain.dense_parameters - parameter.dense_parameters, 88'192u);
}

TEST(Cost, OfThePresetModelIsAbout98KiloFlopASample) {
  FmAttentionConfig fm;
  fm.form = FmForm::pairwise;
  fm.k = 4;
  fm.hidden = 32;
  ModelConfig config;
  config.dim = 8;
  config.layers = {LayerConfig{fm, std::nullopt, MlpConfig{16}}};
  config.top = {32};
  EXPECT_NEAR(model_cost(config, HeadConfig{1}, {9, 0, 300}).step_flop, 98.7e3, 0.1e3);
}

TEST(Layout, CoversTheBufferWithParametersAndSpans) {
  const auto model = make_model(full_model(), HeadConfig{3}, small_input(), "float32");
  const ParameterLayout& layout = model->layout();
  std::size_t next = 0;
  for (const Parameter& parameter : layout.parameters) {
    EXPECT_EQ(parameter.offset, next) << parameter.name;
    next += parameter.size;
  }
  EXPECT_EQ(next, layout.size);
  EXPECT_EQ(layout.size, model_cost(full_model(), HeadConfig{3}, small_input()).dense_parameters);
  next = 0;
  for (const ParameterSpan& span : layout.spans) {
    EXPECT_EQ(span.offset, next);
    next += span.size;
    const bool shared = span.offset < layout.find("head.weight").offset;
    EXPECT_EQ(span.tasks.size(), shared ? 3u : 1u);
  }
  EXPECT_EQ(next, layout.size);
  EXPECT_THAT([&] { layout.find("layers.9.Y"); }, ThrowsMessage<RunError>(HasSubstr("layers.9.Y")));
}

TEST(MakeModel, RejectsSizesOutOfRange) {
  const InputShape input = small_input();
  const auto message = [&](auto&& change) {
    ModelConfig config = full_model();
    InputShape shape = input;
    HeadConfig heads{1};
    change(config, shape, heads);
    try {
      make_model(config, heads, shape, "float32");
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_THAT(message([](auto& c, auto&, auto&) { c.dim = 0; }), HasSubstr("dim = 0"));
  EXPECT_THAT(message([](auto& c, auto&, auto&) { c.layers.clear(); }), HasSubstr("no DHEN layer"));
  EXPECT_THAT(message([](auto& c, auto&, auto&) { c.layers[1] = {}; }), HasSubstr("layers[1] has no module"));
  EXPECT_THAT(message([](auto& c, auto&, auto&) { c.layers[0].fm_attention->k = 0; }), HasSubstr("fm_attention.k = 0"));
  EXPECT_THAT(message([](auto& c, auto&, auto&) { c.layers[0].fm_attention->hidden = 0; }),
              HasSubstr("fm_attention.hidden = 0"));
  EXPECT_THAT(message([](auto& c, auto&, auto&) { c.layers[0].cross->rank = 0; }), HasSubstr("cross.rank = 0"));
  EXPECT_THAT(message([](auto& c, auto&, auto&) { c.layers[0].mlp->hidden = 0; }), HasSubstr("mlp.hidden = 0"));
  EXPECT_THAT(message([](auto& c, auto&, auto&) { c.top[1] = 0; }), HasSubstr("top[1] = 0"));
  EXPECT_THAT(message([](auto& c, auto&, auto&) { c.bottom_hidden = 0; }), HasSubstr("bottom_hidden = 0"));
  EXPECT_THAT(message([](auto&, auto& s, auto&) { s.fields = 0; }), HasSubstr("no categorical field"));
  EXPECT_THAT(message([](auto&, auto& s, auto&) { s.table_rows = 0; }), HasSubstr("has 0 rows"));
  EXPECT_THAT(message([](auto&, auto& s, auto&) { s.table_rows = std::int64_t{1} << 31; }),
              HasSubstr("2147483648 rows"));
  EXPECT_THAT(message([](auto&, auto&, auto& h) { h.tasks = 0; }), HasSubstr("number of tasks = 0"));
  EXPECT_THAT([&] { make_model(full_model(), HeadConfig{1}, input, "float16"); },
              ThrowsMessage<UsageError>(HasSubstr("float16")));
  EXPECT_THAT(
      [&] {
        make_model(full_model(), HeadConfig{1}, input, "float32", {0, 1});
      },
      ThrowsMessage<UsageError>(HasSubstr("chunk.rows = 0")));
  EXPECT_THAT(
      [&] {
        make_model(full_model(), HeadConfig{1}, input, "float32", {1, 0});
      },
      ThrowsMessage<UsageError>(HasSubstr("chunk.lanes = 0")));
}

TEST(Forward, RejectsRowsOutsideTheTable) {
  const InputShape input = small_input();
  const auto model = make_model(full_model(), HeadConfig{1}, input, "float32");
  Samples samples(5, 1, input);
  for (const std::int32_t row : {-1, 13}) {
    samples.rows[4 * 3 + 2] = row;
    EXPECT_THAT(
        [&] { model->forward(samples.view()); },
        ThrowsMessage<RunError>(HasSubstr("sample 3 of a batch, field 2: embedding row " + std::to_string(row))));
  }
}

TEST(Forward, TakesBatchesOfOneSampleAndOfChangingSize) {
  const InputShape input = small_input();
  const Samples samples(40, 1, input);
  const auto model = make_model(full_model(), HeadConfig{1}, input, "float64", {8, 2});
  model->initialise(1, 0);
  std::vector<float> together(40), alone(1);
  model->predict(samples.view(), together);
  for (std::size_t b = 0; b < 40; ++b) {
    BatchView one = samples.view(b);
    one.size = 1;
    model->predict(one, alone);
    EXPECT_NEAR(alone[0], together[b], 1e-6);
  }
  // The mean gradient of single samples is the batch's.
  std::vector<double> sum(model->layout().find("layers.0.short.weight").size), loss(1);
  for (std::size_t b = 0; b < 40; ++b) {
    BatchView one = samples.view(b);
    one.size = 1;
    model->forward(one);
    model->losses({1, 1, samples.targets.data() + b, nullptr}, loss);
    model->backward({{1}, {1}});
    const std::vector<double> gradient = model->gradient("layers.0.short.weight");
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += gradient[i] / 40;
  }
  pass(*model, samples, {{1}, {1}});
  EXPECT_LT(relative_difference(sum, model->gradient("layers.0.short.weight")), 1e-12);
}

TEST(Losses, AreMeansOfTheCrossEntropyAndFiniteForLargeLogits) {
  const InputShape input = small_input();
  const Samples samples(20, 2, input);
  for (const char* precision : {"float32", "float64"}) {
    const auto model = make_model(full_model(), HeadConfig{2}, input, precision);
    model->initialise(1, 0);
    model->set_parameter("head.bias", std::vector<double>{500, -500});
    std::vector<double> losses(2);
    model->forward(samples.view());
    model->losses(samples.task_targets(true), losses);
    const std::vector<double> z = model->observe(samples.view()).at("logits").values;
    for (std::size_t t = 0; t < 2; ++t) {
      double expected = 0;
      for (std::size_t b = 0; b < 20; ++b) {
        const double logit = z[2 * b + t], y = samples.targets[t * 20 + b];
        expected +=
            samples.weights[t * 20 + b] * (std::max(logit, 0.0) - logit * y + std::log1p(std::exp(-std::abs(logit))));
      }
      EXPECT_NEAR(losses[t], expected / 20, 1e-6 * expected) << precision;
    }
  }
}

TEST(FirstNonFinite, NamesTheTensor) {
  const InputShape input = small_input();
  const Samples samples(6, 1, input);
  const auto model = make_model(full_model(), HeadConfig{1}, input, "float32");
  model->initialise(1, 0);
  pass(*model, samples, {{1}, {1}});
  EXPECT_EQ(model->first_non_finite(), "");

  std::vector<double> bias = model->parameter("layers.1.attn2.bias");
  bias[3] = std::numeric_limits<double>::infinity();
  model->set_parameter("layers.1.attn2.bias", bias);
  EXPECT_EQ(model->first_non_finite(), "layers.1.attn2.bias") << "before it is used";
  pass(*model, samples, {{1}, {1}});
  EXPECT_EQ(model->first_non_finite(), "layer1/Y");
  bias[3] = 0;
  model->set_parameter("layers.1.attn2.bias", bias);

  // Targets beyond any label make the gradient overflow while every activation is finite.
  const std::vector<float> huge(6, 3e38f);
  std::vector<double> losses(1);
  model->forward(samples.view());
  model->losses({1, 6, huge.data(), nullptr}, losses);
  model->backward({{1e30}, {1e30}});
  EXPECT_THAT(model->first_non_finite(), ::testing::StartsWith("gradient of "));
}

TEST(Update, OnlyMovesRowsOfTheBatch) {
  const InputShape input{2, 0, 10};
  const auto model = make_model(full_model(), HeadConfig{1}, input, "float64");
  model->initialise(1, 0);
  Samples samples(2, 1, input);
  samples.rows = {1, 7, 1, 9};
  const std::vector<double> before = model->parameter("embedding");
  pass(*model, samples, {{1}, {1}});
  model->update(UpdateRule{});
  const std::vector<double> after = model->parameter("embedding");
  for (std::size_t row = 0; row < 10; ++row) {
    const bool in_batch = row == 1 || row == 7 || row == 9;
    for (std::size_t a = 0; a < 4; ++a) EXPECT_EQ(before[row * 4 + a] != after[row * 4 + a], in_batch) << row;
  }
}

TEST(Observe, HasTheDocumentedShapes) {
  const InputShape input = small_input();
  const Samples samples(6, 2, input);
  const auto shape = [&](const ModelConfig& config, const std::string& name) {
    const auto model = make_model(config, HeadConfig{2}, input, "float32");
    model->initialise(1, 0);
    return model->observe(samples.view()).at(name).shape;
  };
  using Shape = std::vector<std::size_t>;
  const ModelConfig covariance = full_model(), pairwise = full_model(FmForm::pairwise);
  EXPECT_EQ(shape(covariance, "layer0/X"), (Shape{6, 5, 4}));
  EXPECT_EQ(shape(covariance, "layer0/Y"), (Shape{6, 4, 3}));
  EXPECT_EQ(shape(covariance, "layer1/G"), (Shape{6, 4, 3}));
  EXPECT_EQ(shape(pairwise, "layer0/Y"), (Shape{6, 5, 3}));
  EXPECT_EQ(shape(pairwise, "layer0/G"), (Shape{6, 5, 3}));
  EXPECT_EQ(shape(full_model(FmForm::covariance, AttentionSource::parameter), "layer0/Y"), (Shape{4, 3}));
  for (const char* name : {"fm", "cross", "mlp", "out"})
    EXPECT_EQ(shape(covariance, std::string("layer1/") + name), (Shape{6, 20}));
  EXPECT_EQ(shape(covariance, "layer0/attn1"), (Shape{6, 5}));
  EXPECT_EQ(shape(covariance, "layer0/mlp1"), (Shape{6, 6}));
  EXPECT_EQ(shape(covariance, "bottom1"), (Shape{6, 5}));
  EXPECT_EQ(shape(covariance, "top1"), (Shape{6, 7}));
  EXPECT_EQ(shape(covariance, "h"), (Shape{6, 7}));
  EXPECT_EQ(shape(covariance, "logits"), (Shape{6, 2}));
}

}  // namespace
}  // namespace c2al::testing

#pragma once
#include <cmath>
#include <memory>

#include "core/data/memory_source.hpp"
#include "core/data/random_stream.hpp"
#include "core/model/model_config.hpp"
#include "core/training/training_config.hpp"

namespace c2al::testing {

/// Two fields, one dense feature, one visible axis of two cohorts; the sign of the dense feature's effect depends on
/// the cohort. 600 training samples, 100 of every other split.
inline std::unique_ptr<MemorySource> small_world(std::uint64_t seed = 5) {
  Schema schema;
  schema.objective = "click";
  schema.fields = {{"user", 7}, {"cohort", 2}};
  schema.dense = {"price"};
  schema.axes = {{"side", {"left", "right"}, true, false}};
  std::array<SampleTable, split_count> splits;
  RandomStream stream(seed, StreamPurpose::samples);
  for (std::size_t s = 0; s < split_count; ++s) {
    SampleTable& table = splits[s];
    table.size = s == 0 ? 600 : 100;
    table.fields = 2;
    table.dense_features = 1;
    table.axes = 1;
    for (std::size_t i = 0; i < table.size; ++i) {
      const auto user = static_cast<std::int32_t>(stream.below(7));
      const auto cohort = static_cast<std::uint16_t>(stream.below(2));
      const double price = stream.normal();
      const double logit = -0.5 + 0.3 * (user - 3) + (cohort == 0 ? 1.0 : -1.0) * price;
      table.rows.insert(table.rows.end(), {user, 7 + cohort});
      table.dense.push_back(static_cast<float>(price));
      table.cohort.push_back(cohort);
      table.label.push_back(stream.uniform() < 1 / (1 + std::exp(-logit)) ? 1.0f : 0.0f);
    }
  }
  return std::make_unique<MemorySource>(std::move(schema), std::move(splits));
}

inline ModelConfig small_model() {
  ModelConfig model;
  model.dim = 4;
  model.bottom_hidden = 5;
  LayerConfig layer;
  layer.fm_attention = FmAttentionConfig{FmForm::covariance, AttentionSource::mlp, 4, 6};
  layer.cross = CrossConfig{2};
  layer.mlp = MlpConfig{6};
  model.layers = {layer};
  model.top = {8};
  return model;
}

inline TrainingConfig small_training() {
  TrainingConfig training;
  training.batch_size = 32;
  training.epochs = 2;
  training.learning_rate = 0.01;
  training.embedding_learning_rate = 0.02;
  training.metric_interval = 5;
  return training;
}

}  // namespace c2al::testing

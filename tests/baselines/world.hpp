#pragma once
#include <memory>

#include "core/model/model_config.hpp"
#include "core/training/catalogue.hpp"
#include "core/training/training_config.hpp"
#include "synthetic/generator.hpp"

namespace c2al::testing {

/// A small world of one visible axis of these cohorts and its inert mirror.
inline synthetic::WorldConfig small_world(std::vector<synthetic::CohortConfig> cohorts) {
  synthetic::WorldConfig world;
  world.fields = 5;
  world.vocabulary_min = 4;
  world.vocabulary_max = 12;
  world.global_pairs = 3;
  world.base_rate = 0.3;
  synthetic::AxisConfig axis;
  axis.name = "user_value";
  axis.specific_pairs = 2;
  axis.cohorts = std::move(cohorts);
  world.axes = {axis};
  return world;
}

/// So many training samples, 500 of each other split.
inline synthetic::SplitSizes small_splits(std::size_t train) {
  synthetic::SplitSizes sizes;
  sizes.train = train;
  sizes.discovery = sizes.validation = sizes.test = 500;
  return sizes;
}

/// The small world with cohorts middle (70 %), high (20 %) and low (10 %); 4,000 training samples.
inline synthetic::GeneratedData contract_world(std::uint64_t seed = 11) {
  return synthetic::generate(
      small_world({{"middle", 0.7, 0.0, 1.0, 0.0}, {"high", 0.2, 0.5, 1.0, 1.5}, {"low", 0.1, -0.5, 1.0, 1.5}}),
      small_splits(4000), seed);
}

inline ModelConfig contract_model() {
  ModelConfig model;
  model.dim = 4;
  LayerConfig layer;
  layer.fm_attention = FmAttentionConfig{FmForm::pairwise, AttentionSource::mlp, 2, 8};
  layer.mlp = MlpConfig{8};
  model.layers = {layer};
  model.top = {16};
  return model;
}

inline TrainingConfig contract_training() {
  TrainingConfig training;
  training.batch_size = 128;
  return training;
}

/// The pair (high, low) of the contract world, (middle, low) as its least divergent one, lambdas 0.7 and 0.4.
inline MethodContext contract_context(const DataSource& source) {
  MethodContext context = method_context(source, {0, 1, 2}, 3, 32, 0.7, 0.4);
  context.least_divergent = CohortPair{0, 0, 2};
  return context;
}

}  // namespace c2al::testing

#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/data/random_stream.hpp"
#include "core/model/model.hpp"

namespace c2al::testing {

/// A batch with repeated rows, its dense features, labels and weights of T tasks.
struct Samples {
  std::size_t size, tasks;
  InputShape input;
  std::vector<std::int32_t> rows;
  std::vector<float> dense, targets, weights;

  Samples(std::size_t size, std::size_t tasks, const InputShape& input, std::uint64_t seed = 1)
      : size(size), tasks(tasks), input(input) {
    RandomStream random(seed, StreamPurpose::samples);
    const auto draw = [&](std::size_t n, auto&& value) {
      std::vector<float> values;
      for (std::size_t i = 0; i < n; ++i) values.push_back(static_cast<float>(value()));
      return values;
    };
    for (std::size_t i = 0; i < size * input.fields; ++i)
      rows.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(input.table_rows))));
    dense = draw(size * input.dense_features, [&] { return random.normal(); });
    targets = draw(size * tasks, [&] { return random.uniform() < 0.4; });
    weights = draw(size * tasks, [&] { return 2 * random.uniform(); });
  }

  BatchView view(std::size_t first = 0) const {
    BatchView view;
    view.size = size - first;
    view.fields = input.fields;
    view.dense_features = input.dense_features;
    view.rows = rows.data() + first * input.fields;
    view.dense = dense.data() + first * input.dense_features;
    return view;
  }
  TaskTargets task_targets(bool weighted = false) const {
    return {tasks, size, targets.data(), weighted ? weights.data() : nullptr};
  }
};

inline FmAttentionConfig fm_attention(FmForm form, AttentionSource attention, std::size_t k = 3) {
  FmAttentionConfig config;
  config.form = form;
  config.attention = attention;
  config.k = k;
  config.hidden = 5;
  return config;
}

/// Two layers with every module; d = 4.
inline ModelConfig full_model(FmForm form = FmForm::covariance, AttentionSource attention = AttentionSource::mlp) {
  ModelConfig config;
  config.dim = 4;
  config.bottom_hidden = 5;
  const LayerConfig layer{fm_attention(form, attention), CrossConfig{2}, MlpConfig{6}};
  config.layers = {layer, layer};
  config.top = {8, 7};
  return config;
}

inline InputShape small_input(std::size_t dense = 3) { return {4, dense, 13}; }

/// Draws every parameter anew, LayerNorm's included, so that no gradient is zero by symmetry.
inline void randomise(Model& model, std::uint64_t seed) {
  RandomStream random(seed, StreamPurpose::method);
  for (const Parameter& parameter : model.layout().parameters) {
    std::vector<double> values(parameter.size);
    for (double& value : values) value = 0.5 * random.normal() + (parameter.fan_in == 0 ? parameter.constant : 0.0);
    model.set_parameter(parameter.name, values);
  }
}

/// Forward, losses and backward.
inline std::vector<double> pass(Model& model, const Samples& samples, const TaskCoefficients& coefficients,
                                bool weighted = false) {
  std::vector<double> losses(samples.tasks);
  model.forward(samples.view());
  model.losses(samples.task_targets(weighted), losses);
  model.backward(coefficients);
  return losses;
}

/// Names of all dense parameters, and "embedding".
inline std::vector<std::string> parameter_names(const Model& model) {
  std::vector<std::string> names{"embedding"};
  for (const Parameter& parameter : model.layout().parameters) names.push_back(parameter.name);
  return names;
}

/// Largest difference relative to the largest entry of `expected`.
inline double relative_difference(const std::vector<double>& expected, const std::vector<double>& found) {
  double difference = expected.size() == found.size() ? 0 : 1e300, largest = 1e-300;
  for (std::size_t i = 0; i < std::min(expected.size(), found.size()); ++i) {
    difference = std::max(difference, std::abs(expected[i] - found[i]));
    largest = std::max(largest, std::abs(expected[i]));
  }
  return difference / largest;
}

}  // namespace c2al::testing

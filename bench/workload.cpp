#include "bench/workload.hpp"

#include <algorithm>
#include <cmath>

#include "core/data/random_stream.hpp"

namespace c2al {

namespace {

/// The peer's vocabularies: field j has a share ~ 0.7^j of a million rows, at least 4; the rest goes to field 0.
std::vector<std::size_t> peer_vocabularies() {
  constexpr std::size_t fields = 26, total = 1'000'000;
  double sum = 0;
  for (std::size_t j = 0; j < fields; ++j) sum += std::pow(0.7, j);
  std::vector<std::size_t> sizes;
  std::size_t used = 0;
  for (std::size_t j = 0; j < fields; ++j) {
    sizes.push_back(std::max<std::size_t>(4, static_cast<std::size_t>(total * std::pow(0.7, j) / sum)));
    used += sizes.back();
  }
  sizes[0] += total - used;
  return sizes;
}

}  // namespace

Workload peer_workload() {
  Workload w;
  const LayerConfig layer{FmAttentionConfig{}, CrossConfig{}, MlpConfig{}};
  w.model.layers = {layer, layer};
  w.model.top = {256, 128, 64};
  w.vocabularies = peer_vocabularies();
  w.input = {26, 13, 1'000'000};
  w.batch = 2048;
  w.batches = 64;
  w.steps_per_window = 4;
  return w;
}

Workload preset_workload() {
  Workload w;
  FmAttentionConfig attention;
  attention.form = FmForm::pairwise;
  attention.k = 4;
  attention.hidden = 32;
  w.model.dim = 8;
  w.model.layers = {LayerConfig{attention, std::nullopt, MlpConfig{16}}};
  w.model.top = {32};
  w.vocabularies = {10, 14, 19, 25, 32, 40, 50, 60, 3};
  w.input = {9, 0, 253};
  w.batch = 512;
  w.batches = 256;
  w.steps_per_window = 256;
  return w;
}

Batches::Batches(const Workload& w) {
  const std::size_t samples = w.batch * w.batches, fields = w.input.fields;
  rows.resize(samples * fields);
  std::size_t offset = 0;
  for (std::size_t j = 0; j < fields; ++j) {
    const std::size_t vocabulary = w.vocabularies[j];
    std::vector<double> cumulative(vocabulary);
    double sum = 0;
    for (std::size_t r = 0; r < vocabulary; ++r) cumulative[r] = sum += std::pow(static_cast<double>(r + 1), -1.1);
    RandomStream random(1, StreamPurpose::samples, j);
    for (std::size_t i = 0; i < samples; ++i) {
      const auto found = std::upper_bound(cumulative.begin(), cumulative.end() - 1, random.uniform() * sum);
      const auto rank = static_cast<std::size_t>(found - cumulative.begin());
      rows[i * fields + j] = static_cast<std::int32_t>(offset + (rank * 2654435761u + 12345) % vocabulary);
    }
    offset += vocabulary;
  }
  RandomStream random(1, StreamPurpose::samples, 1000);
  for (std::size_t i = 0; i < samples * w.input.dense_features; ++i)
    dense.push_back(static_cast<float>(std::log1p(-2 * std::log1p(-random.uniform()))));
  targets.resize(3 * samples);
  for (std::size_t i = 0; i < samples; ++i) {
    const double label = random.uniform() < 0.25, position = random.uniform();
    cohort.push_back(position < 0.3 ? 1 : position > 0.9 ? 2 : 0);
    float* target = targets.data() + i / w.batch * 3 * w.batch + i % w.batch;
    target[0] = static_cast<float>(label);
    target[w.batch] = cohort.back() == 1 ? target[0] : 0;
    target[2 * w.batch] = cohort.back() == 2 ? target[0] : 0;
  }
}

BatchView Batches::view(const Workload& w, std::size_t index) const {
  BatchView view;
  view.size = w.batch;
  view.fields = w.input.fields;
  view.dense_features = w.input.dense_features;
  view.rows = rows.data() + index * w.batch * w.input.fields;
  view.dense = dense.data() + index * w.batch * w.input.dense_features;
  return view;
}

}  // namespace c2al

#include "bench/workload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "bench/popular_ranks.hpp"
#include "core/data/random_stream.hpp"

namespace c2al {

namespace {

/// The peer's vocabularies: field j has a share ~ 0.7^j of the rows, at least 4; the rest goes to field 0.
std::vector<std::size_t> peer_vocabularies(std::size_t fields, std::size_t total) {
  double sum = 0;
  for (std::size_t j = 0; j < fields; ++j) sum += std::pow(0.7, j);
  std::vector<std::size_t> sizes;
  std::size_t used = 0;
  for (std::size_t j = 0; j < fields; ++j) {
    sizes.push_back(
        std::max<std::size_t>(4, static_cast<std::size_t>(static_cast<double>(total) * std::pow(0.7, j) / sum)));
    used += sizes.back();
  }
  sizes[0] += total - used;
  return sizes;
}

}  // namespace

Workload peer_workload(const PeerSize& size) {
  Workload w;
  const LayerConfig layer{FmAttentionConfig{}, CrossConfig{}, MlpConfig{}};
  w.model.dim = size.dim;
  w.model.layers.assign(size.layers, layer);
  w.model.top = {256, 128, 64};
  w.vocabularies = peer_vocabularies(size.fields, static_cast<std::size_t>(size.rows));
  w.input = {size.fields, 13, size.rows};
  w.batch = size.batch;
  w.batches = std::max<std::size_t>(8, 131072 / size.batch);
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
  const std::size_t samples = w.batch * w.batches;
  draw_rows(w, RowLaw::popular, 0);
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

void Batches::draw_rows(const Workload& w, RowLaw law, std::uint64_t draw) {
  const std::size_t samples = w.batch * w.batches, fields = w.input.fields;
  rows.resize(samples * fields);
  std::size_t offset = 0;
  for (std::size_t j = 0; j < fields; ++j) {
    const std::size_t vocabulary = w.vocabularies[j];
    const PopularRanks ranks(vocabulary, 1.1);
    RandomStream random(1 + draw, StreamPurpose::samples, j);
    for (std::size_t i = 0; i < samples; ++i)
      rows[i * fields + j] = static_cast<std::int32_t>(
          law == RowLaw::uniform ? random.below(static_cast<std::uint64_t>(w.input.table_rows))
                                 : offset + (ranks(random) * 2654435761u + 12345) % vocabulary);
    offset += vocabulary;
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

MemorySource training_source(const Workload& w) {
  const Batches batches(w);
  Schema schema;
  schema.objective = "click";
  for (std::size_t j = 0; j < w.vocabularies.size(); ++j)
    schema.fields.push_back({fmt::format("f{}", j), static_cast<std::uint32_t>(w.vocabularies[j])});
  for (std::size_t j = 0; j < w.input.dense_features; ++j) schema.dense.push_back(fmt::format("d{}", j));
  const std::vector<std::string> cohorts = {"middle", "head", "tail"};
  schema.axes = {{"value", cohorts, false, false}, {"sham", cohorts, true, true}};
  std::array<SampleTable, split_count> splits;
  for (SampleTable& table : splits) {
    table.fields = w.input.fields;
    table.dense_features = w.input.dense_features;
    table.axes = 2;
  }
  SampleTable& train = splits[static_cast<std::size_t>(Split::train)];
  train.size = w.batch * w.batches;
  train.rows = batches.rows;
  train.dense = batches.dense;
  for (std::size_t i = 0; i < train.size; ++i) {
    train.label.push_back(batches.targets[i / w.batch * 3 * w.batch + i % w.batch]);
    train.cohort.insert(train.cohort.end(), {batches.cohort[i], batches.cohort[(i + 1) % train.size]});
  }
  return MemorySource(std::move(schema), std::move(splits));
}

}  // namespace c2al

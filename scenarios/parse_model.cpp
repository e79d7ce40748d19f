#include "scenarios/sections.hpp"

namespace c2al {

namespace {

constexpr std::int64_t widest = 65536;

FmAttentionConfig parse_fm_attention(TableReader reader) {
  FmAttentionConfig fm;
  reader.read("form", fm.form, fm_form_words);
  reader.read("attention", fm.attention, attention_words);
  reader.read("k", fm.k, 1, 4096);
  reader.read("hidden", fm.hidden, 1, widest);
  reader.finish();
  return fm;
}

CrossConfig parse_cross(TableReader reader) {
  CrossConfig cross;
  reader.read("rank", cross.rank, 1, widest);
  reader.finish();
  return cross;
}

MlpConfig parse_mlp(TableReader reader) {
  MlpConfig mlp;
  reader.read("hidden", mlp.hidden, 1, widest);
  reader.finish();
  return mlp;
}

LayerConfig parse_layer(TableReader reader) {
  LayerConfig layer;
  if (reader.has("fm_attention")) layer.fm_attention = parse_fm_attention(reader.table("fm_attention"));
  if (reader.has("cross")) layer.cross = parse_cross(reader.table("cross"));
  if (reader.has("mlp")) layer.mlp = parse_mlp(reader.table("mlp"));
  reader.finish();
  if (!layer.fm_attention && !layer.cross && !layer.mlp)
    reader.fail("modules", "at least one of fm_attention, cross, mlp");
  return layer;
}

}  // namespace

ModelConfig parse_model(TableReader reader) {
  ModelConfig model;
  reader.read("dim", model.dim, 1, 4096);
  reader.read("bottom_hidden", model.bottom_hidden, 1, widest);
  reader.read("top", model.top, 1, widest);
  reader.require("layers");
  for (const TableReader& layer : reader.tables("layers")) model.layers.push_back(parse_layer(layer));
  if (model.layers.empty()) reader.fail("layers", "at least one layer");
  reader.finish();
  return model;
}

TrainingConfig parse_training(TableReader reader) {
  TrainingConfig training;
  const Range rate{0, 1000, true, false};
  reader.read("batch_size", training.batch_size, 1, 1 << 24);
  reader.read("epochs", training.epochs, 1, 1'000'000);
  reader.read("optimizer", training.optimizer, optimizer_words);
  reader.read("learning_rate", training.learning_rate, rate);
  reader.read("embedding_learning_rate", training.embedding_learning_rate, rate);
  reader.read("decay", training.linear_decay, decay_words);
  reader.read("precision", training.precision, precision_words);
  reader.read("metric_interval", training.metric_interval, 1, 1'000'000'000);
  reader.read("chunk_rows", training.chunk.rows, 1, 1 << 24);
  reader.read("lanes", training.chunk.lanes, 1, 1024);
  reader.finish();
  return training;
}

}  // namespace c2al

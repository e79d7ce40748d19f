#include "results/probe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "core/data/memory_source.hpp"
#include "core/data/random_stream.hpp"
#include "results/probe_samples.hpp"

namespace c2al {
namespace {

constexpr std::size_t test_size = 10000;

/// Three cohorts of 96, 3 and 1 percent; two fields and, where asked, two dense features.
MemorySource make_source(bool dense) {
  Schema schema;
  schema.objective = "click";
  schema.fields = {{"a", 12}, {"b", 7}};
  if (dense) schema.dense = {"u", "v"};
  schema.axes = {{"value", {"middle", "head", "tail"}, false, false}};
  std::array<SampleTable, split_count> splits;
  for (std::size_t s = 0; s < split_count; ++s) {
    RandomStream random(s, StreamPurpose::samples);
    SampleTable& table = splits[s];
    table.size = s == static_cast<std::size_t>(Split::test) ? test_size : 64;
    table.fields = 2;
    table.dense_features = schema.dense.size();
    table.axes = 1;
    for (std::size_t i = 0; i < table.size; ++i) {
      table.rows.push_back(static_cast<std::int32_t>(random.below(12)));
      table.rows.push_back(12 + static_cast<std::int32_t>(random.below(7)));
      for (std::size_t f = 0; f < table.dense_features; ++f) table.dense.push_back(static_cast<float>(random.normal()));
      table.label.push_back(static_cast<float>(random.below(2)));
      const std::uint64_t percent = random.below(100);
      table.cohort.push_back(percent < 96 ? 0 : percent < 99 ? 1 : 2);
    }
  }
  return MemorySource(schema, std::move(splits));
}

std::unique_ptr<Model> model_for(const MemorySource& source, AttentionSource attention, const HeadConfig& heads = {}) {
  ModelConfig config;
  config.dim = 4;
  config.bottom_hidden = 5;
  LayerConfig layer;
  layer.fm_attention = {FmForm::pairwise, attention, 3, 6};
  layer.mlp = {9};
  config.layers = {layer, layer};
  config.top = {8};
  const Schema& schema = source.schema();
  auto model = make_model(config, heads, {schema.fields.size(), schema.dense.size(), schema.table_rows()}, "float64");
  model->initialise(5, 0);
  return model;
}

const LayerStatistics& row(const RunRecord& record, const std::string& tensor, const std::string& cohort) {
  for (const LayerStatistics& layer : record.layers)
    if (layer.tensor == tensor && layer.cohort == cohort) return layer;
  throw std::runtime_error("no row " + tensor + " of " + cohort);
}

RunRecord recorded(const MemorySource& source, Model& model, bool full) {
  RunRecord record;
  record.seed = 11;
  record_attention(model, source, {0, 1, 2}, 256, full, record);
  return record;
}

TEST(ProbeSamples, AreStratifiedDistinctAndSorted) {
  const MemorySource source = make_source(true);
  const ProbeSamples probe = choose_probe_samples(source, {0, 1, 2}, 256, 11);
  ASSERT_EQ(probe.ids.size(), 256u);
  EXPECT_TRUE(std::is_sorted(probe.ids.begin(), probe.ids.end()));
  EXPECT_EQ(std::set<std::uint64_t>(probe.ids.begin(), probe.ids.end()).size(), 256u);
  const SampleTable& test = source.table(Split::test);
  std::map<std::uint16_t, std::size_t> counts;
  for (std::size_t p = 0; p < 256; ++p) {
    const std::uint64_t id = probe.ids[p];
    ++counts[probe.cohort[p]];
    ASSERT_EQ(probe.cohort[p], test.cohort[id]);
    ASSERT_EQ(probe.rows[2 * p + 1], test.rows[2 * id + 1]);
    ASSERT_EQ(probe.dense[2 * p], test.dense[2 * id]);
    ASSERT_EQ(probe.label[p], test.label[id]);
  }
  EXPECT_GE(counts[1], 64u);
  EXPECT_GE(counts[2], 64u);
  EXPECT_GE(counts[0], 100u) << "half of the probe follows the split";
}

TEST(ProbeSamples, DependOnTheSeedAlone) {
  const MemorySource source = make_source(false);
  EXPECT_EQ(choose_probe_samples(source, {0, 1, 2}, 64, 1).ids, choose_probe_samples(source, {0, 1, 2}, 64, 1).ids);
  EXPECT_NE(choose_probe_samples(source, {0, 1, 2}, 64, 1).ids, choose_probe_samples(source, {0, 1, 2}, 64, 2).ids);
}

TEST(ProbeSamples, OfASmallSplitAreTheWholeSplit) {
  const MemorySource source = make_source(false);
  EXPECT_EQ(choose_probe_samples(source, {0, 1, 2}, 2 * test_size, 1).ids.size(), test_size);
}

TEST(RecordAttention, TheRolesAroundEveryFmLayerAreThere) {
  const MemorySource source = make_source(true);
  const auto model = model_for(source, AttentionSource::mlp);
  const RunRecord record = recorded(source, *model, true);
  std::set<std::string> found;
  for (const LayerStatistics& layer : record.layers)
    if (layer.role != "other" && layer.cohort == "overall") found.insert(layer.role + " " + layer.tensor);
  const std::set<std::string> expected = {"preceding2 bottom2.weight",
                                          "preceding2 bottom2",
                                          "preceding1 embedding",
                                          "preceding1 layer0/X",
                                          "attention_hidden layers.0.attn1.weight",
                                          "attention_hidden layer0/attn1",
                                          "attention_output layers.0.attn2.weight",
                                          "Y layer0/Y",
                                          "G layer0/G",
                                          "preceding2 layers.0.short.weight",
                                          "preceding2 layer0/shortcut",
                                          "preceding1 layers.0.norm.weight",
                                          "preceding1 layer1/X",
                                          "attention_hidden layers.1.attn1.weight",
                                          "attention_hidden layer1/attn1",
                                          "attention_output layers.1.attn2.weight",
                                          "Y layer1/Y",
                                          "G layer1/G"};
  EXPECT_EQ(found, expected);
}

TEST(RecordAttention, EveryParameterIsRecordedOnce) {
  const MemorySource source = make_source(true);
  const auto model = model_for(source, AttentionSource::mlp);
  const RunRecord record = recorded(source, *model, false);
  std::multiset<std::string> parameters;
  for (const LayerStatistics& layer : record.layers)
    if (layer.kind == "parameter") parameters.insert(layer.tensor);
  EXPECT_EQ(parameters.size(), model->layout().parameters.size() + 1);
  EXPECT_EQ(parameters.count("embedding"), 1u);
  for (const Parameter& parameter : model->layout().parameters) EXPECT_EQ(parameters.count(parameter.name), 1u);
  EXPECT_TRUE(record.probe_tensors.empty());
}

TEST(RecordAttention, ThePrimaryStatisticIsTheMeanGiniOfTheLastLayersY) {
  const MemorySource source = make_source(false);
  const auto model = model_for(source, AttentionSource::mlp);
  const RunRecord record = recorded(source, *model, true);
  const ProbeTensor& y = record.probe_tensors.at("activation/layer1/Y");
  ASSERT_EQ(y.shape, (std::vector<std::size_t>{256, 2, 3}));
  // The definition, pair by pair: sum |a_i - a_j| / (2 n^2 mean).
  double gini = 0;
  for (std::size_t p = 0; p < 256; ++p) {
    double differences = 0, sum = 0;
    for (std::size_t i = 0; i < 6; ++i) {
      sum += std::abs(y.values[6 * p + i]);
      for (std::size_t j = 0; j < 6; ++j)
        differences += std::abs(std::abs(y.values[6 * p + i]) - std::abs(y.values[6 * p + j]));
    }
    gini += differences / (2 * 6 * sum) / 256;
  }
  EXPECT_NEAR(record.attention_gini, gini, 1e-6);  // tensors are stored in float32
  EXPECT_EQ(record.attention_gini, row(record, "layer1/Y", "overall").statistics.gini);
  EXPECT_NE(record.attention_gini, row(record, "layer1/Y", "value/head").statistics.gini);
}

TEST(RecordAttention, AFreeYIsAParameterAndHasNoAttentionMlp) {
  const MemorySource source = make_source(false);
  const auto model = model_for(source, AttentionSource::parameter);
  const RunRecord record = recorded(source, *model, true);
  EXPECT_EQ(row(record, "layers.1.Y", "overall").kind, "parameter");
  EXPECT_EQ(record.attention_gini, row(record, "layers.1.Y", "overall").statistics.gini);
  for (const LayerStatistics& layer : record.layers) {
    EXPECT_NE(layer.role, "attention_hidden");
    EXPECT_NE(layer.tensor, "layer0/Y");
  }
  EXPECT_EQ(record.probe_tensors.at("parameter/layers.0.Y").shape, (std::vector<std::size_t>{2, 3}));
}

TEST(RecordAttention, HistogramsCountEveryEntryOfTheirCohort) {
  const MemorySource source = make_source(true);
  const auto model = model_for(source, AttentionSource::mlp);
  const RunRecord record = recorded(source, *model, false);
  const auto total = [&](const char* tensor, const char* cohort) {
    const auto& counts = row(record, tensor, cohort).histogram.counts;
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  };
  const auto heads = static_cast<std::uint64_t>(
      std::count(record.probe_cohorts.begin(), record.probe_cohorts.end(), std::string("head")));
  EXPECT_EQ(total("layer0/X", "overall"), 256u * 3 * 4);
  EXPECT_EQ(total("bottom2", "overall"), 256u * 4);
  EXPECT_EQ(total("layer1/G", "value/head"), heads * 3 * 3);
  EXPECT_EQ(total("embedding", "overall"), 19u * 4);
}

TEST(RecordAttention, TheShortcutIsWhatTheModelAdds) {
  const MemorySource source = make_source(false);
  const auto model = model_for(source, AttentionSource::mlp);
  const RunRecord record = recorded(source, *model, true);
  const ProbeTensor& x = record.probe_tensors.at("activation/layer0/X");
  const ProbeTensor& shortcut = record.probe_tensors.at("activation/layer0/shortcut");
  const std::vector<double> weight = model->parameter("layers.0.short.weight");
  ASSERT_EQ(shortcut.shape, (std::vector<std::size_t>{256, 8}));
  double expected = 0;
  for (std::size_t j = 0; j < 8; ++j) expected += weight[3 * 8 + j] * x.values[17 * 8 + j];
  EXPECT_NEAR(shortcut.values[17 * 8 + 3], expected, 1e-6);
}

TEST(RecordAttention, AReluLayerThatNeverFiresIsDeadEverywhere) {
  const MemorySource source = make_source(false);
  const auto model = model_for(source, AttentionSource::mlp);
  model->set_parameter("layers.0.mlp1.weight", std::vector<double>(9 * 8, 0.0));
  model->set_parameter("layers.0.mlp1.bias", {std::vector<double>{-1, -1, -1, 1, 1, 1, 1, 1, 1}});
  const RunRecord record = recorded(source, *model, false);
  EXPECT_NEAR(row(record, "layer0/mlp1", "overall").dead_share, 1.0 / 3, 1e-12);
  EXPECT_TRUE(std::isnan(row(record, "layer0/Y", "overall").dead_share));
  EXPECT_EQ(row(record, "layer0/mlp1", "overall").role, "other");
}

TEST(Probe, ExpertsStandInPlaceOfTheTopMlp) {
  const MemorySource source = make_source(false);
  HeadConfig heads;
  heads.tasks = 3;
  heads.kind = HeadKind::ple;
  heads.experts = 2;
  heads.levels = 2;
  const auto model = model_for(source, AttentionSource::mlp, heads);
  const RunRecord record = recorded(source, *model, false);
  for (const char* level : {"level0/experts", "level1/experts"})
    EXPECT_FALSE(std::isnan(row(record, level, "overall").dead_share)) << level;
  EXPECT_THROW(row(record, "top0", "overall"), std::runtime_error);
}

}  // namespace
}  // namespace c2al

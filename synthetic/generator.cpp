#include "synthetic/generator.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "synthetic/calibration.hpp"
#include "synthetic/sampler.hpp"
#include "synthetic/truth.hpp"
#include "synthetic/validation.hpp"
#include "synthetic/world.hpp"

namespace c2al::synthetic {
namespace {

constexpr std::size_t capacity = SampleBlock::capacity;

SampleTable empty_table(const Schema& schema, std::size_t size) {
  SampleTable table;
  table.size = size;
  table.fields = schema.fields.size();
  table.axes = schema.axes.size();
  table.rows.resize(size * table.fields);
  table.label.resize(size);
  table.cohort.resize(size * table.axes);
  table.p_true.resize(size);
  table.p_bayes.resize(size);
  return table;
}

/// Writes a block's columns from sample `first` of the table on.
void store(const World& world, const SampleBlock& block, const std::vector<std::int64_t>& offsets, std::size_t first,
           SampleTable& table) {
  for (std::size_t f = 0; f < table.fields; ++f) {
    const auto offset = static_cast<std::int32_t>(offsets[f]);
    const std::int32_t* id = block.id.data() + f * capacity;
    for (std::size_t s = 0; s < block.size; ++s) table.rows[(first + s) * table.fields + f] = offset + id[s];
  }
  for (std::size_t a = 0; a < table.axes; ++a) {
    // The control axis follows those of the world; its cohort is the inert field's id.
    const std::int32_t* cohort =
        a < world.axes.size() ? block.cohort.data() + a * capacity : block.id.data() + world.active_fields * capacity;
    for (std::size_t s = 0; s < block.size; ++s)
      table.cohort[(first + s) * table.axes + a] = static_cast<std::uint16_t>(cohort[s]);
  }
  for (std::size_t s = 0; s < block.size; ++s)
    table.label[first + s] = block.label_word[s] < table.p_true[first + s] * 0x1p32 ? 1.0f : 0.0f;
}

/// Share of a sample's cohort in the population over its share in the stratified split.
std::vector<float> stratum_weights(const AxisConfig& axis, const SampleTable& table) {
  std::vector<double> count(axis.cohorts.size(), 0);
  for (std::size_t s = 0; s < table.size; ++s) ++count[table.cohort[s * table.axes]];
  std::vector<float> weight(table.size);
  for (std::size_t s = 0; s < table.size; ++s) {
    const std::size_t cohort = table.cohort[s * table.axes];
    weight[s] = static_cast<float>(axis.cohorts[cohort].share * static_cast<double>(table.size) / count[cohort]);
  }
  return weight;
}

SampleTable draw_split(const World& world, double intercept, Split split, std::size_t size, bool stratified) {
  SampleTable table = empty_table(world.schema, size);
  const std::vector<std::int64_t> offsets = world.schema.row_offsets();
  Sampler sampler(world, static_cast<std::uint64_t>(split), stratified);
  SampleBlock block(world);
  Truth truth(world);
  for (std::size_t first = 0; first < size; first += capacity) {
    sampler.draw(first, std::min(capacity, size - first), block);
    truth.evaluate(block);
    truth.probabilities(block, intercept, table.p_true.data() + first, table.p_bayes.data() + first);
    store(world, block, offsets, first, table);
  }
  return table;
}

}  // namespace

GeneratedData generate(const WorldConfig& config, const SplitSizes& splits, std::uint64_t seed) {
  validate(config, splits);
  const World world = draw_world(config, seed);
  GeneratedData data;
  data.summary = calibrate(world, config.base_rate);
  const std::array<std::size_t, split_count> sizes = {splits.train, splits.discovery, splits.validation, splits.test};
  std::array<SampleTable, split_count> tables;
  for (std::size_t s = 0; s < split_count; ++s) {
    const auto split = static_cast<Split>(s);
    const bool stratified = split == Split::test && splits.test_stratified && !config.axes.empty();
    tables[s] = draw_split(world, data.summary.intercept, split, sizes[s], stratified);
    if (stratified) tables[s].weight = stratum_weights(config.axes.front(), tables[s]);
  }
  data.source = std::make_unique<MemorySource>(world.schema, std::move(tables));
  return data;
}

}  // namespace c2al::synthetic

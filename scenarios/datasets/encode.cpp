#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/data/random_stream.hpp"
#include "core/error.hpp"
#include "scenarios/datasets/raw_table.hpp"

namespace c2al {

namespace {

/// One categorical input: ids of every row.
struct EncodedField {
  Field field;
  std::vector<std::uint32_t> ids;
};

EncodedField encode_categories(const CategoricalColumn& column, const std::vector<Split>& split) {
  std::vector<bool> trained(column.texts().size(), false);
  for (std::size_t r = 0; r < split.size(); ++r)
    if (split[r] == Split::train) trained[column.codes()[r]] = true;
  std::vector<std::uint32_t> order;
  for (std::uint32_t code = 0; code < trained.size(); ++code)
    if (trained[code]) order.push_back(code);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return column.texts()[a] < column.texts()[b]; });
  std::vector<std::uint32_t> id_of_code(trained.size(), 0);
  for (std::uint32_t i = 0; i < order.size(); ++i) id_of_code[order[i]] = i + 1;

  EncodedField encoded{{column.name(), static_cast<std::uint32_t>(order.size() + 1)}, {}};
  for (const std::uint32_t code : column.codes()) encoded.ids.push_back(id_of_code[code]);
  return encoded;
}

std::vector<float> standardise(const ContinuousColumn& column, const std::vector<Split>& split) {
  std::vector<double> x = column.values;
  if (column.heavy_tailed)
    for (double& v : x) v = std::copysign(std::log1p(std::abs(v)), v);
  double count = 0, mean = 0, variance = 0;
  for (std::size_t r = 0; r < x.size(); ++r)
    if (split[r] == Split::train) mean += x[r], ++count;
  mean /= count;
  for (std::size_t r = 0; r < x.size(); ++r)
    if (split[r] == Split::train) variance += (x[r] - mean) * (x[r] - mean);
  const double deviation = std::sqrt(variance / count);
  std::vector<float> result;
  for (const double v : x) result.push_back(deviation > 0 ? static_cast<float>((v - mean) / deviation) : 0.0f);
  return result;
}

/// Cohorts drawn independently of everything, with the shares the first axis has among the training rows.
AxisColumn draw_sham_axis(const RawTable& table, std::uint64_t seed) {
  const AxisColumn& mirrored = table.axes.front();
  std::vector<std::uint64_t> cumulative(mirrored.axis.cohorts.size(), 0);
  for (std::size_t r = 0; r < table.rows(); ++r)
    if (table.split[r] == Split::train) ++cumulative[mirrored.cohorts[r]];
  std::partial_sum(cumulative.begin(), cumulative.end(), cumulative.begin());
  AxisColumn sham{{"sham", mirrored.axis.cohorts}, true, {}};
  RandomStream stream(seed, StreamPurpose::samples, name_hash("sham"));
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const auto cohort = std::upper_bound(cumulative.begin(), cumulative.end(), stream.below(cumulative.back()));
    sham.cohorts.push_back(static_cast<std::uint16_t>(cohort - cumulative.begin()));
  }
  return sham;
}

void check_splits(const RawTable& table) {
  for (std::size_t s = 0; s < split_count; ++s) {
    const auto split = static_cast<Split>(s);
    if (std::count(table.split.begin(), table.split.end(), split) == 0)
      throw RunError(
          fmt::format("the {} split is empty: {} rows are too few for its share", split_name(split), table.rows()));
  }
}

}  // namespace

std::unique_ptr<MemorySource> encode(const RawTable& table, const DatasetConfig& config) {
  check_splits(table);
  std::vector<EncodedField> fields;
  for (const CategoricalColumn& column : table.categorical) fields.push_back(encode_categories(column, table.split));
  std::vector<std::vector<float>> dense;
  for (const ContinuousColumn& column : table.continuous) dense.push_back(standardise(column, table.split));
  std::vector<AxisColumn> axes = table.axes;
  if (config.inert_field) {
    axes.push_back(draw_sham_axis(table, config.split_seed));
    const AxisColumn& sham = axes.back();
    fields.push_back(
        {{"inert", static_cast<std::uint32_t>(sham.axis.cohorts.size())}, {sham.cohorts.begin(), sham.cohorts.end()}});
  }

  Schema schema;
  schema.objective = table.objective;
  for (const EncodedField& field : fields) schema.fields.push_back(field.field);
  for (const ContinuousColumn& column : table.continuous) schema.dense.push_back(column.name);
  for (const AxisColumn& axis : axes)
    schema.axes.push_back({axis.axis.name, axis.axis.cohorts, axis.is_input, axis.axis.name == "sham"});

  const std::vector<std::int64_t> offsets = schema.row_offsets();
  std::array<SampleTable, split_count> splits;
  for (SampleTable& split : splits) {
    split.fields = fields.size();
    split.dense_features = dense.size();
    split.axes = axes.size();
  }
  for (std::size_t r = 0; r < table.rows(); ++r) {
    SampleTable& split = splits[static_cast<std::size_t>(table.split[r])];
    ++split.size;
    split.label.push_back(table.label[r]);
    for (std::size_t f = 0; f < fields.size(); ++f)
      split.rows.push_back(static_cast<std::int32_t>(offsets[f] + fields[f].ids[r]));
    for (const std::vector<float>& column : dense) split.dense.push_back(column[r]);
    for (const AxisColumn& axis : axes) split.cohort.push_back(axis.cohorts[r]);
  }
  return std::make_unique<MemorySource>(std::move(schema), std::move(splits));
}

}  // namespace c2al

#include "results/data_file.hpp"

#include "core/data/sample_table.hpp"
#include "core/evaluation/evaluation_table.hpp"
#include "core/storage/hdf5.hpp"
#include "results/store_groups.hpp"

namespace c2al {

namespace {

constexpr std::size_t reading_batch = 8192;

template <class T>
void append(std::vector<T>& column, const T* values, std::size_t count) {
  if (values != nullptr) column.insert(column.end(), values, values + count);
}

SampleTable read_split(const DataSource& source, Split split) {
  SampleTable table;
  table.fields = source.schema().fields.size();
  table.dense_features = source.schema().dense.size();
  table.axes = source.schema().axes.size();
  const auto stream = source.open(split, {}, reading_batch);
  for (BatchView batch; stream->next(batch);) {
    table.size += batch.size;
    append(table.rows, batch.rows, batch.size * batch.fields);
    append(table.dense, batch.dense, batch.size * batch.dense_features);
    append(table.label, batch.label, batch.size);
    append(table.weight, batch.weight, batch.size);
    append(table.cohort, batch.cohort, batch.size * batch.axes);
    append(table.p_true, batch.p_true, batch.size);
    append(table.p_bayes, batch.p_bayes, batch.size);
  }
  return table;
}

void write_split(const hdf5::Group& group, const SampleTable& table, const Schema& schema) {
  group.write<std::int32_t>("rows", table.rows, {table.size, table.fields}, {"1", {"sample", "field"}});
  if (table.dense_features > 0)
    group.write<float>("dense", table.dense, {table.size, table.dense_features}, {"1", {"sample", "dense feature"}});
  group.write("label", table.label, "sample");
  if (!table.weight.empty()) group.write("weight", table.weight, "sample");
  group.write<std::uint16_t>("cohort", table.cohort, {table.size, table.axes}, {"1", {"sample", "axis"}});
  if (!schema.has_truth) return;
  group.write("p_true", table.p_true, "sample");
  group.write("p_bayes", table.p_bayes, "sample");
}

void write_world(const hdf5::Group& root, const WorldFacts& world, const Schema& schema) {
  const hdf5::Group group = root.create("world");
  group.write_scalar("intercept", world.intercept);
  group.write_scalar("linear_variance", world.linear_variance);
  group.write_scalar("global_variance", world.global_variance);
  std::vector<double> specific;
  for (std::size_t axis = 0; axis < schema.axes.size(); ++axis)
    for (std::size_t cohort = 0; cohort < schema.axes[axis].cohorts.size(); ++cohort)
      specific.push_back(axis < world.specific_variance.size() ? world.specific_variance[axis].at(cohort)
                                                               : undefined_value);
  group.write("specific_variance", specific, "cohort");
}

}  // namespace

void write_data(const std::filesystem::path& file, const DataRecord& record, const DataSource& source) {
  hdf5::write_file(file, [&](const hdf5::Group& root) {
    store::write_head(root, "data", record.scenario, "data");
    root.set("seed", record.seed);
    const hdf5::Group configuration =
        store::write_configuration(root, record.scenario_text, record.resolved_configuration);
    store::write_named_texts(configuration, "data", record.facts);
    store::write_schema(root, source.schema());
    const hdf5::Group data = root.create("data");
    for (const Split split : {Split::train, Split::discovery, Split::validation, Split::test})
      write_split(data.create(split_name(split)), read_split(source, split), source.schema());
    if (record.world != nullptr) write_world(root, *record.world, source.schema());
    store::write_timing(root, record.timing);
  });
}

}  // namespace c2al

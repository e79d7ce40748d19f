// Writes one file of each kind into a directory, for tests/results/schema_test.py.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "core/data/memory_source.hpp"
#include "results/data_file.hpp"
#include "results/store.hpp"
#include "tests/results/sample_record.hpp"

namespace c2al {
namespace {

MemorySource sample_source() {
  Schema schema = sample_schema();
  schema.dense = {"d0"};
  std::array<SampleTable, split_count> splits;
  for (SampleTable& table : splits) {
    table.size = 50;
    table.fields = schema.fields.size();
    table.dense_features = 1;
    table.axes = schema.axes.size();
    for (std::size_t i = 0; i < table.size; ++i) {
      for (const std::int64_t offset : schema.row_offsets()) table.rows.push_back(static_cast<std::int32_t>(offset));
      table.dense.push_back(0.5f);
      table.label.push_back(static_cast<float>(i % 2));
      table.weight.push_back(2.0f);
      table.cohort.push_back(static_cast<std::uint16_t>(i % 3));
      table.cohort.push_back(static_cast<std::uint16_t>(i % 2));
      table.p_true.push_back(0.25);
      table.p_bayes.push_back(0.375);
    }
  }
  return MemorySource(schema, std::move(splits));
}

void write_samples(const std::filesystem::path& directory) {
  RunRecord record = sample_record("c2al", 7, true);
  record.has_discovery = true;
  record.discovery = sample_discovery();
  write_run(directory / "run_full.h5", record);
  write_run(directory / "run.h5", sample_record());
  write_discovery(directory / "discovery.h5", sample_discovery_record());
  const WorldFacts world{-2.5, 0.36, 0.64, {{0, 1, 1}}};
  DataRecord data;
  data.scenario = "sample";
  data.seed = 7;
  data.scenario_text = "text";
  data.resolved_configuration = "{}";
  data.facts = {{"rows", "200"}};
  data.world = &world;
  data.timing = {{"data", 0.5}};
  write_data(directory / "data.h5", data, sample_source());
}

}  // namespace
}  // namespace c2al

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: {} DIRECTORY\n", argv[0]);
    return 2;
  }
  c2al::write_samples(argv[1]);
  return 0;
}

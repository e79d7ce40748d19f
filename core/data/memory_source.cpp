#include "core/data/memory_source.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/data/memory_stream.hpp"
#include "core/error.hpp"

namespace c2al {
namespace {

void check_length(Split split, const char* column, std::size_t found, std::size_t expected) {
  if (found == expected) return;
  throw RunError(
      fmt::format("{} split: column '{}' holds {} values: expected {}", split_name(split), column, found, expected));
}

void check_count(Split split, const char* what, std::size_t found, std::size_t expected) {
  if (found == expected) return;
  throw RunError(
      fmt::format("{} split: the table has {} {}: the schema has {}", split_name(split), found, what, expected));
}

void check_lengths(Split split, const SampleTable& table, const Schema& schema) {
  check_count(split, "fields", table.fields, schema.fields.size());
  check_count(split, "dense features", table.dense_features, schema.dense.size());
  check_count(split, "axes", table.axes, schema.axes.size());
  check_length(split, "rows", table.rows.size(), table.size * table.fields);
  check_length(split, "dense", table.dense.size(), table.size * table.dense_features);
  check_length(split, "label", table.label.size(), table.size);
  if (!table.weight.empty()) check_length(split, "weight", table.weight.size(), table.size);
  check_length(split, "cohort", table.cohort.size(), table.size * table.axes);
  const std::size_t truths = schema.has_truth ? table.size : 0;
  check_length(split, "p_true", table.p_true.size(), truths);
  check_length(split, "p_bayes", table.p_bayes.size(), truths);
}

/// True when every row lies in its field's part of the concatenated table and every cohort in its axis. Without
/// branches: it looks at each value of a large table.
bool values_in_range(const SampleTable& table, const Schema& schema) {
  std::vector<std::uint32_t> first, vocabulary, cohorts;
  for (const std::int64_t offset : schema.row_offsets()) first.push_back(static_cast<std::uint32_t>(offset));
  for (const Field& field : schema.fields) vocabulary.push_back(field.vocabulary);
  for (const CohortAxis& axis : schema.axes) cohorts.push_back(static_cast<std::uint32_t>(axis.cohorts.size()));
  std::uint32_t outside = 0;
  for (std::size_t s = 0; s < table.size; ++s) {
    const std::int32_t* rows = table.rows.data() + s * table.fields;
    const std::uint16_t* cohort = table.cohort.data() + s * table.axes;
    for (std::size_t f = 0; f < table.fields; ++f)
      outside |= static_cast<std::uint32_t>(rows[f]) - first[f] >= vocabulary[f] ? 1u : 0u;
    for (std::size_t a = 0; a < table.axes; ++a) outside |= cohort[a] >= cohorts[a] ? 1u : 0u;
  }
  return outside == 0;
}

void check_values(Split split, const SampleTable& table, const Schema& schema) {
  if (values_in_range(table, schema)) return;
  const std::vector<std::int64_t> offsets = schema.row_offsets();
  for (std::size_t s = 0; s < table.size; ++s) {
    for (std::size_t f = 0; f < table.fields; ++f) {
      const std::int64_t row = table.rows[s * table.fields + f];
      const std::int64_t end = offsets[f] + schema.fields[f].vocabulary;
      if (row < offsets[f] || row >= end)
        throw RunError(fmt::format("{} split: sample {}, field '{}': row {}: expected {} to {}", split_name(split), s,
                                   schema.fields[f].name, row, offsets[f], end - 1));
    }
    for (std::size_t a = 0; a < table.axes; ++a) {
      const std::size_t cohort = table.cohort[s * table.axes + a];
      if (cohort >= schema.axes[a].cohorts.size())
        throw RunError(fmt::format("{} split: sample {}, axis '{}': cohort index {}: expected below {}",
                                   split_name(split), s, schema.axes[a].name, cohort, schema.axes[a].cohorts.size()));
    }
  }
}

}  // namespace

MemorySource::MemorySource(Schema schema, std::array<SampleTable, split_count> splits)
    : schema_(std::move(schema)), splits_(std::move(splits)) {
  for (std::size_t s = 0; s < split_count; ++s) {
    check_lengths(static_cast<Split>(s), splits_[s], schema_);
    check_values(static_cast<Split>(s), splits_[s], schema_);
  }
}

std::vector<std::uint64_t> MemorySource::cohort_sizes(Split split, std::size_t axis) const {
  const SampleTable& samples = table(split);
  std::vector<std::uint64_t> sizes(schema_.axes.at(axis).cohorts.size(), 0);
  for (std::size_t s = 0; s < samples.size; ++s) ++sizes[samples.cohort[s * samples.axes + axis]];
  return sizes;
}

std::unique_ptr<BatchStream> MemorySource::open(Split split, const StreamOrder& order, std::size_t batch_size) const {
  if (batch_size == 0) throw UsageError("batch_size 0: expected at least 1");
  return open_table(table(split), order, batch_size);
}

}  // namespace c2al

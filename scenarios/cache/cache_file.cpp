#include "scenarios/cache/cache_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"

namespace c2al::cache {

namespace {

/// Rows that are turned from columns into rows at a time; they stay in the first-level cache.
constexpr std::size_t tile_rows = 128;

/// Values of a column, moved up by `offset`, into a column of a row-major table; returns the largest one.
template <class Stored, class T>
std::uint32_t spread_as(const std::uint8_t* column, std::size_t first, std::size_t count, T offset, std::size_t stride,
                        T* to) {
  const Stored* from = reinterpret_cast<const Stored*>(column) + first;
  Stored largest = 0;
  for (std::size_t r = 0; r < count; ++r) {
    largest = std::max(largest, from[r]);
    to[r * stride] = static_cast<T>(offset + static_cast<T>(from[r]));
  }
  return largest;
}

template <class T>
std::uint32_t spread(const std::uint8_t* column, std::size_t width, std::size_t first, std::size_t count, T offset,
                     std::size_t stride, T* to) {
  if (width == 1) return spread_as<std::uint8_t>(column, first, count, offset, stride, to);
  if (width == 2) return spread_as<std::uint16_t>(column, first, count, offset, stride, to);
  return spread_as<std::uint32_t>(column, first, count, offset, stride, to);
}

template <class T>
void copy_row(const std::vector<T>& from, std::size_t row, std::vector<T>& to, std::size_t place, std::size_t width) {
  std::copy_n(from.data() + row * width, width, to.data() + place * width);
}

}  // namespace

CacheFile::CacheFile(const std::filesystem::path& file) : name_(file.string()) {
  const hdf5::Group root = hdf5::open_file(file);
  head_ = read_head(root);
  row_offsets_ = head_.schema.row_offsets();
  const Schema& schema = head_.schema;
  using Number = hdf5::StoredColumn::Number;
  for (std::size_t s = 0; s < split_count; ++s) {
    const hdf5::Group group = root.open(split_path(static_cast<Split>(s)));
    Columns& columns = columns_[s];
    const auto find = [&](const std::string& column, Number number) {
      hdf5::StoredColumn stored = hdf5::find_column(group, column);
      check(stored, s, number);
      return stored;
    };
    for (std::size_t f = 0; f < schema.fields.size(); ++f)
      columns.fields.push_back(find(column_name("field", f), Number::natural));
    for (std::size_t d = 0; d < schema.dense.size(); ++d)
      columns.dense.push_back(find(column_name("dense", d), Number::real));
    for (std::size_t a = 0; a < schema.axes.size(); ++a)
      columns.axes.push_back(find(column_name("axis", a), Number::natural));
    columns.label = find("label", Number::natural);
  }
  bytes_ = std::make_unique<hdf5::ChunkFile>(name_);
}

void CacheFile::check(const hdf5::StoredColumn& column, std::size_t split, hdf5::StoredColumn::Number number) const {
  const std::size_t chunk = std::min(head_.chunk_rows, head_.rows[split]);
  if (column.size != head_.rows[split] || column.chunk != chunk || column.number != number)
    throw RunError(fmt::format("{}: {}: {} elements in chunks of {}, expected {} in chunks of {}", name_, column.path,
                               column.size, column.chunk, head_.rows[split], chunk));
}

void CacheFile::fail(const hdf5::StoredColumn& column, std::size_t chunk, std::uint64_t found,
                     std::uint64_t limit) const {
  throw RunError(
      fmt::format("{}: {}: chunk {} is damaged: value {}, expected below {}", name_, column.path, chunk, found, limit));
}

std::size_t CacheFile::chunk_rows(Split split) const { return std::min(head_.chunk_rows, rows(split)); }

std::size_t CacheFile::chunks(Split split) const {
  return static_cast<std::size_t>((rows(split) + chunk_rows(split) - 1) / chunk_rows(split));
}

std::size_t CacheFile::rows_of(Split split, std::size_t chunk) const {
  return static_cast<std::size_t>(std::min<std::uint64_t>(chunk_rows(split), rows(split) - chunk * chunk_rows(split)));
}

void CacheFile::make_room(std::size_t rows, Window& window) const {
  SampleTable& table = window.table;
  table.size = rows;
  table.fields = head_.schema.fields.size();
  table.dense_features = head_.schema.dense.size();
  table.axes = head_.schema.axes.size();
  table.rows.resize(rows * table.fields);
  table.dense.resize(rows * table.dense_features);
  table.label.resize(rows);
  table.cohort.resize(rows * table.axes);
  window.sample_id.resize(rows);
}

void CacheFile::read_chunk(Split split, std::size_t chunk, const std::uint32_t* places, Window& window,
                           Scratch& scratch) const {
  const Columns& columns = columns_[static_cast<std::size_t>(split)];
  const std::size_t fields = columns.fields.size(), dense = columns.dense.size(), axes = columns.axes.size();
  const std::size_t rows = rows_of(split, chunk);
  scratch.columns.resize(fields + dense + axes + 1);
  std::size_t next = 0;
  const auto load = [&](const hdf5::StoredColumn& column) {
    bytes_->read(column, chunk, scratch.columns[next++], scratch.packed);
  };
  for (const auto& column : columns.fields) load(column);
  for (const auto& column : columns.dense) load(column);
  for (const auto& column : columns.axes) load(column);
  load(columns.label);
  scratch.rows.resize(tile_rows * fields);
  scratch.dense.resize(tile_rows * dense);
  scratch.cohort.resize(tile_rows * axes);

  const auto spread_naturals = [&](const hdf5::StoredColumn& column, const std::vector<std::uint8_t>& bytes,
                                   std::size_t first, std::size_t count, auto offset, std::size_t stride, auto* to,
                                   std::uint64_t limit) {
    const std::uint32_t largest = spread(bytes.data(), column.width, first, count, offset, stride, to);
    if (largest >= limit) fail(column, chunk, largest, limit);
  };
  const std::vector<std::uint8_t>& labels = scratch.columns.back();
  SampleTable& table = window.table;
  const std::uint64_t first_id = chunk * chunk_rows(split);
  for (std::size_t first = 0; first < rows; first += tile_rows) {
    const std::size_t count = std::min(tile_rows, rows - first);
    for (std::size_t f = 0; f < fields; ++f)
      spread_naturals(columns.fields[f], scratch.columns[f], first, count, static_cast<std::int32_t>(row_offsets_[f]),
                      fields, scratch.rows.data() + f, head_.schema.fields[f].vocabulary);
    for (std::size_t d = 0; d < dense; ++d) {
      const auto* from = reinterpret_cast<const float*>(scratch.columns[fields + d].data()) + first;
      for (std::size_t r = 0; r < count; ++r) scratch.dense[r * dense + d] = from[r];
    }
    for (std::size_t a = 0; a < axes; ++a)
      spread_naturals(columns.axes[a], scratch.columns[fields + dense + a], first, count, std::uint16_t{0}, axes,
                      scratch.cohort.data() + a, head_.schema.axes[a].cohorts.size());
    for (std::size_t r = 0; r < count; ++r) {
      const std::size_t place = places[first + r];
      copy_row(scratch.rows, r, table.rows, place, fields);
      copy_row(scratch.dense, r, table.dense, place, dense);
      copy_row(scratch.cohort, r, table.cohort, place, axes);
      const std::uint8_t label = labels[first + r];
      if (label > 1) fail(columns.label, chunk, label, 2);
      table.label[place] = label;
      window.sample_id[place] = first_id + first + r;
    }
  }
}

}  // namespace c2al::cache

#include "scenarios/cache/split_column_writer.hpp"

#include <algorithm>

namespace c2al::cache {

hdf5::ColumnLayout SplitGroups::layout(std::size_t split) const {
  return {rows[split], std::min<std::size_t>(chunk_rows, rows[split]), compression};
}

SplitColumnWriter::SplitColumnWriter(const SplitGroups& splits, const std::string& name, const std::string& long_name,
                                     hid_t type, std::size_t width)
    : width_(width), real_(type == hdf5::native_type<float>()) {
  for (std::size_t s = 0; s < split_count; ++s) {
    const hdf5::ColumnLayout layout = splits.layout(s);
    parts_[s].writer = std::make_unique<hdf5::ColumnWriter>(splits.groups[s], name, type, layout, long_name);
    parts_[s].capacity = layout.chunk;
    parts_[s].buffer.resize(layout.chunk * width);
  }
}

SplitColumnWriter SplitColumnWriter::naturals(const SplitGroups& splits, const std::string& name,
                                              const std::string& long_name, std::uint64_t values) {
  if (values <= 0x100) return {splits, name, long_name, hdf5::native_type<std::uint8_t>(), 1};
  if (values <= 0x10000) return {splits, name, long_name, hdf5::native_type<std::uint16_t>(), 2};
  return {splits, name, long_name, hdf5::native_type<std::uint32_t>(), 4};
}

SplitColumnWriter SplitColumnWriter::reals(const SplitGroups& splits, const std::string& name,
                                           const std::string& long_name) {
  return {splits, name, long_name, hdf5::native_type<float>(), sizeof(float)};
}

void SplitColumnWriter::flush(std::size_t split) {
  Part& part = parts_[split];
  part.writer->append(part.buffer.data(), part.filled);
  part.filled = 0;
}

template <class Stored, class T>
void SplitColumnWriter::append_as(const std::vector<T>& values, const std::vector<std::uint8_t>& split) {
  for (std::size_t r = 0; r < values.size(); ++r) {
    Part& part = parts_[split[r]];
    reinterpret_cast<Stored*>(part.buffer.data())[part.filled] = static_cast<Stored>(values[r]);
    if (++part.filled == part.capacity) flush(split[r]);
  }
}

template <class T>
void SplitColumnWriter::append(const std::vector<T>& values, const std::vector<std::uint8_t>& split) {
  if (real_) return append_as<float>(values, split);
  if (width_ == 1) return append_as<std::uint8_t>(values, split);
  if (width_ == 2) return append_as<std::uint16_t>(values, split);
  append_as<std::uint32_t>(values, split);
}

template void SplitColumnWriter::append(const std::vector<float>&, const std::vector<std::uint8_t>&);
template void SplitColumnWriter::append(const std::vector<std::uint32_t>&, const std::vector<std::uint8_t>&);
template void SplitColumnWriter::append(const std::vector<std::uint16_t>&, const std::vector<std::uint8_t>&);
template void SplitColumnWriter::append(const std::vector<std::uint8_t>&, const std::vector<std::uint8_t>&);

void SplitColumnWriter::finish() {
  for (std::size_t s = 0; s < split_count; ++s) {
    if (parts_[s].filled > 0) flush(s);
    parts_[s].writer->finish();
  }
}

}  // namespace c2al::cache

#include "core/storage/chunked_column.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.hpp"

namespace c2al::hdf5 {

namespace {

constexpr std::uint32_t shuffle_bit = 1, deflate_bit = 2;

/// Undoes HDF5's shuffle filter, which stores all first bytes, then all second ones, and so on.
template <class T>
void unshuffle(const std::uint8_t* planes, std::size_t count, std::uint8_t* to) {
  for (std::size_t i = 0; i < count; ++i) {
    T value = 0;
    for (std::size_t b = 0; b < sizeof(T); ++b)
      value = static_cast<T>(value | static_cast<T>(static_cast<T>(planes[b * count + i]) << (8 * b)));
    std::memcpy(to + i * sizeof(T), &value, sizeof(T));
  }
}

/// Whether the column's filters are those of ColumnWriter; sets whether there are any.
bool known_filters(hid_t creation, bool& filtered) {
  const int filters = H5Pget_nfilters(creation);
  filtered = filters == 2;
  if (filters == 0) return true;
  if (filters != 2) return false;
  for (unsigned i = 0; i < 2; ++i) {
    unsigned flags = 0, config = 0;
    std::size_t values = 0;
    if (H5Pget_filter2(creation, i, &flags, &values, nullptr, 0, nullptr, &config) !=
        (i == 0 ? H5Z_FILTER_SHUFFLE : H5Z_FILTER_DEFLATE))
      return false;
  }
  return true;
}

}  // namespace

ColumnWriter::ColumnWriter(const Group& group, const std::string& name, hid_t type, const ColumnLayout& layout,
                           const std::string& long_name)
    : group_(group), name_(name), type_(type), size_(layout.size) {
  const hsize_t extent = layout.size, chunk = layout.chunk;
  // HDF5 1.10 finds no chunk of a dataset that can never have a second one and is not packed.
  const hsize_t limit = std::max(extent, chunk + 1);
  const Handle space(H5Screate_simple(1, &extent, &limit), H5Sclose);
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  const bool described =
      space.valid() && creation.valid() && H5Pset_obj_track_times(creation.id(), false) >= 0 &&
      H5Pset_chunk(creation.id(), 1, &chunk) >= 0 && H5Pset_fill_time(creation.id(), H5D_FILL_TIME_NEVER) >= 0 &&
      (layout.compression == 0 || (H5Pset_shuffle(creation.id()) >= 0 &&
                                   H5Pset_deflate(creation.id(), static_cast<unsigned>(layout.compression)) >= 0));
  const Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
  // Whole chunks are written once: a cache would only hold copies of them.
  if (!described || !access.valid() || H5Pset_chunk_cache(access.id(), 0, 0, H5D_CHUNK_CACHE_W0_DEFAULT) < 0)
    group_.fail(name, "the column cannot be described");
  dataset_ = Handle(H5Dcreate2(group_.id(), name.c_str(), type, space.id(), H5P_DEFAULT, creation.id(), access.id()),
                    H5Dclose);
  if (!dataset_.valid()) group_.fail(name, "the column cannot be made");
  group_.set_of(dataset_.id(), name, "long_name", long_name);
}

void ColumnWriter::append(const void* values, std::size_t count) {
  if (written_ + count > size_) group_.fail(name_, fmt::format("more than {} elements", size_));
  const hsize_t start = written_, length = count;
  const Handle memory(H5Screate_simple(1, &length, nullptr), H5Sclose);
  const Handle place(H5Dget_space(dataset_.id()), H5Sclose);
  if (!memory.valid() || !place.valid() ||
      H5Sselect_hyperslab(place.id(), H5S_SELECT_SET, &start, nullptr, &length, nullptr) < 0 ||
      H5Dwrite(dataset_.id(), type_, memory.id(), place.id(), H5P_DEFAULT, values) < 0)
    group_.fail(name_, "the column cannot be written");
  written_ += count;
}

void ColumnWriter::finish() {
  if (written_ != size_) group_.fail(name_, fmt::format("{} of {} elements were written", written_, size_));
  if (!dataset_.reset()) group_.fail(name_, "the column cannot be written to its end");
}

StoredColumn find_column(const Group& group, const std::string& name) {
  const Handle dataset(H5Dopen2(group.id(), name.c_str(), H5P_DEFAULT), H5Dclose);
  if (!dataset.valid()) group.fail(name, "there is no such column");
  const Handle type(H5Dget_type(dataset.id()), H5Tclose);
  const Handle space(H5Dget_space(dataset.id()), H5Sclose);
  const Handle creation(H5Dget_create_plist(dataset.id()), H5Pclose);
  StoredColumn column;
  column.path = group.path() + "/" + name;
  hsize_t extent = 0, chunk = 0;
  if (!type.valid() || !space.valid() || !creation.valid() || H5Sget_simple_extent_ndims(space.id()) != 1 ||
      H5Sget_simple_extent_dims(space.id(), &extent, nullptr) < 0 || H5Pget_layout(creation.id()) != H5D_CHUNKED ||
      H5Pget_chunk(creation.id(), 1, &chunk) != 1 || chunk == 0 || !known_filters(creation.id(), column.filtered))
    group.fail(name, "is not stored as a column in chunks");
  const H5T_class_t kind = H5Tget_class(type.id());
  column.width = H5Tget_size(type.id());
  const bool natural = kind == H5T_INTEGER && (column.width == 1 || column.width == 2 || column.width == 4);
  if ((!natural && !(kind == H5T_FLOAT && column.width == 4)) || H5Tget_order(type.id()) == H5T_ORDER_BE)
    group.fail(name, "holds other numbers than a column may");
  column.number = natural ? StoredColumn::Number::natural : StoredColumn::Number::real;
  column.size = extent;
  column.chunk = chunk;
  column.chunks.resize((column.size + column.chunk - 1) / column.chunk);
  hsize_t stored = 0;
  if (H5Dget_num_chunks(dataset.id(), space.id(), &stored) < 0 || stored != column.chunks.size())
    group.fail(name, fmt::format("holds {} of {} chunks", stored, column.chunks.size()));
  for (hsize_t i = 0; i < stored; ++i) {
    hsize_t offset = 0, bytes = 0;
    unsigned mask = 0;
    haddr_t address = HADDR_UNDEF;
    if (H5Dget_chunk_info(dataset.id(), space.id(), i, &offset, &mask, &address, &bytes) < 0 ||
        address == HADDR_UNDEF || offset / chunk >= column.chunks.size())
      group.fail(name, fmt::format("chunk {} cannot be found", i));
    column.chunks[offset / chunk] = {address, bytes, mask};
  }
  return column;
}

ChunkFile::ChunkFile(const std::string& file) : file_(file), descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) throw RunError(fmt::format("{}: cannot be read: {}", file_, std::strerror(errno)));
}

ChunkFile::~ChunkFile() { ::close(descriptor_); }

void ChunkFile::read(const StoredColumn& column, std::size_t chunk, std::vector<std::uint8_t>& elements,
                     std::vector<std::uint8_t>& packed) const {
  const auto fail = [&](const std::string& what) {
    throw RunError(fmt::format("{}: {}: chunk {}: {}", file_, column.path, chunk, what));
  };
  const StoredColumn::Chunk& place = column.chunks.at(chunk);
  const std::size_t plain = column.chunk * column.width;
  const auto applied = [&](std::uint32_t bit) { return column.filtered && (place.filters_left_out & bit) == 0; };
  elements.resize(plain);
  const auto load = [&](std::uint8_t* to, std::size_t size) {
    for (std::size_t done = 0; done < size;) {
      const ssize_t got = ::pread(descriptor_, to + done, size - done, static_cast<off_t>(place.address + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail(fmt::format("cannot be read: {}", std::strerror(errno)));
      if (got == 0) fail("the file ends before it");
      done += static_cast<std::size_t>(got);
    }
  };
  const bool unshuffled = !applied(shuffle_bit) || column.width == 1;
  if (!applied(deflate_bit)) {
    if (place.bytes != plain) fail(fmt::format("{} bytes, expected {}", place.bytes, plain));
    if (unshuffled) return load(elements.data(), plain);
    packed.resize(plain);
    load(packed.data(), plain);
  } else {
    // The packed bytes lie behind the place for the unpacked ones.
    packed.resize(plain + place.bytes);
    load(packed.data() + plain, place.bytes);
    uLongf unpacked = plain;
    std::uint8_t* target = unshuffled ? elements.data() : packed.data();
    if (uncompress(target, &unpacked, packed.data() + plain, place.bytes) != Z_OK || unpacked != plain)
      fail("is damaged: it cannot be unpacked");
    if (unshuffled) return;
  }
  if (column.width == 2) unshuffle<std::uint16_t>(packed.data(), column.chunk, elements.data());
  if (column.width == 4) unshuffle<std::uint32_t>(packed.data(), column.chunk, elements.data());
}

}  // namespace c2al::hdf5

#include "core/storage/chunked_column.hpp"

#include <gmock/gmock.h>

#include <cstring>
#include <filesystem>
#include <numeric>

#include "core/error.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al::hdf5 {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

/// Values with long runs and a wild part, so that packing pays for some chunks only.
template <class T>
std::vector<T> values(std::size_t size) {
  std::vector<T> all(size);
  for (std::size_t i = 0; i < size; ++i)
    all[i] = static_cast<T>(i < size / 2 ? i / 100 : (i * 2654435761u) ^ (i * i * 40503u >> 7));
  return all;
}

class ChunkedColumn : public TemporaryDirectory {
 protected:
  template <class T>
  void write_column(const std::vector<T>& all, const ColumnLayout& layout, std::size_t step) {
    write_file(file_, [&](const Group& root) {
      ColumnWriter writer(root, "column", native_type<T>(), layout, "a column");
      for (std::size_t i = 0; i < all.size(); i += step) writer.append(all.data() + i, std::min(step, all.size() - i));
      writer.finish();
    });
  }

  /// Written by HDF5, read without it.
  template <class T>
  void expect_back(std::size_t size, std::size_t chunk, int compression, std::size_t step) {
    const std::vector<T> all = values<T>(size);
    write_column(all, {size, chunk, compression}, step);
    const StoredColumn column = find_column(open_file(file_), "column");
    ASSERT_EQ(column.size, size);
    ASSERT_EQ(column.chunk, chunk);
    ASSERT_EQ(column.width, sizeof(T));
    const ChunkFile bytes(file_.string());
    std::vector<std::uint8_t> elements, packed;
    for (std::size_t c = 0; c < column.chunks.size(); ++c) {
      bytes.read(column, c, elements, packed);
      const std::size_t count = std::min(chunk, size - c * chunk);
      ASSERT_EQ(std::memcmp(elements.data(), all.data() + c * chunk, count * sizeof(T)), 0) << size << " " << c;
    }
    EXPECT_EQ(open_file(file_).read<T>("column"), all);
  }

  std::filesystem::path file_ = directory_ / "columns.h5";
};

TEST_F(ChunkedColumn, ComesBackWhateverTheTypeTheChunksAndThePacking) {
  for (const int compression : {0, 1, 9})
    for (const auto& [size, chunk] :
         {std::pair<std::size_t, std::size_t>{1, 1}, {7, 7}, {100, 99}, {100, 50}, {5000, 64}, {70000, 4096}})
      for (const std::size_t step : {chunk, size}) {
        expect_back<std::uint8_t>(size, chunk, compression, step);
        expect_back<std::uint16_t>(size, chunk, compression, step);
        expect_back<std::uint32_t>(size, chunk, compression, step);
        expect_back<float>(size, chunk, compression, step);
      }
}

TEST_F(ChunkedColumn, AnUnfinishedColumnIsNoFile) {
  EXPECT_THAT(
      [&] {
        write_file(file_, [](const Group& root) {
          ColumnWriter writer(root, "column", native_type<float>(), {10, 5, 0}, "a column");
          const std::vector<float> five(5);
          writer.append(five.data(), 5);
          writer.finish();
        });
      },
      ThrowsMessage<RunError>(AllOf(HasSubstr("columns.h5"), HasSubstr("5 of 10 elements"))));
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

TEST_F(ChunkedColumn, OtherDatasetsAreRefused) {
  write_file(file_, [](const Group& root) {
    root.write("table", std::span<const float>(std::vector<float>(6)), {2, 3}, {"1", {"a", "b"}});
    root.write("wide", std::vector<double>(100000), "a");
    root.write("small", std::vector<float>(3), "a");
  });
  const Group root = open_file(file_);
  EXPECT_THAT([&] { find_column(root, "none"); }, ThrowsMessage<RunError>(HasSubstr("there is no such column")));
  for (const char* name : {"table", "small"})
    EXPECT_THAT([&] { find_column(root, name); },
                ThrowsMessage<RunError>(HasSubstr("is not stored as a column in chunks")));
  EXPECT_THAT([&] { find_column(root, "wide"); }, ThrowsMessage<RunError>(HasSubstr("holds other numbers")));
}

TEST_F(ChunkedColumn, DamageNamesTheChunk) {
  write_column(values<std::uint32_t>(1000), {1000, 100, 1}, 100);
  const StoredColumn column = find_column(open_file(file_), "column");
  std::fstream out(file_, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(static_cast<std::streamoff>(column.chunks[3].address));
  out.write("damage, damage", 14);
  out.close();
  const ChunkFile bytes(file_.string());
  std::vector<std::uint8_t> elements, packed;
  EXPECT_NO_THROW(bytes.read(column, 2, elements, packed));
  EXPECT_THAT([&] { bytes.read(column, 3, elements, packed); },
              ThrowsMessage<RunError>(AllOf(HasSubstr("columns.h5: /column: chunk 3"), HasSubstr("is damaged"))));
}

}  // namespace
}  // namespace c2al::hdf5

#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace c2al {

/// Rows in columns of fixed width on the disk, block after block: what prepare knows of every row between its two
/// stages. The file has no name once it is open, so that nothing stays behind however the process ends.
class Spool {
 public:
  /// @param beside      the file lies in this one's folder
  /// @param widths      bytes of a value of each column
  /// @param block_rows  rows of a block; the last block may hold fewer
  /// Throws RunError.
  Spool(const std::filesystem::path& beside, std::vector<std::size_t> widths, std::size_t block_rows);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// Sets a value of the row that is being written. T's size is the column's width.
  template <class T>
  void set(std::size_t column, T value) {
    reinterpret_cast<T*>(block_.data() + starts_[column])[filled_] = value;
  }
  /// Ends the row. Throws RunError when the disk is full.
  void end_row();
  /// Ends writing of rows.
  void finish();

  std::uint64_t rows() const { return rows_; }
  std::size_t blocks() const { return static_cast<std::size_t>((rows_ + block_rows_ - 1) / block_rows_); }
  std::size_t rows_of(std::size_t block) const;
  /// Bytes of a full block, all columns.
  std::size_t block_bytes() const { return block_.size(); }

  /// Values of a column in a block.
  template <class T>
  void read(std::size_t block, std::size_t column, std::vector<T>& values) const {
    values.resize(rows_of(block));
    read_bytes(block, starts_[column], values.data(), values.size() * sizeof(T));
  }
  /// Replaces them.
  template <class T>
  void write(std::size_t block, std::size_t column, const std::vector<T>& values) {
    write_bytes(block, starts_[column], values.data(), values.size() * sizeof(T));
  }

 private:
  void read_bytes(std::size_t block, std::size_t start, void* to, std::size_t size) const;
  void write_bytes(std::size_t block, std::size_t start, const void* from, std::size_t size);

  std::string folder_;
  int descriptor_;
  std::size_t block_rows_;
  std::vector<std::size_t> starts_;  ///< of each column in a block
  std::vector<char> block_;
  std::size_t filled_ = 0;
  std::uint64_t rows_ = 0;
};

}  // namespace c2al

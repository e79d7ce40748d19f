#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/tables/byte_stream.hpp"

struct gzFile_s;

namespace c2al {

/// Reads the lines of a gzip file one after the other. Every error is a RunError that names the file and how far
/// reading came: a missing file, something that is no gzip file, a truncated or damaged stream.
class GzipLines {
 public:
  explicit GzipLines(const std::filesystem::path& file);
  ~GzipLines();
  GzipLines(const GzipLines&) = delete;
  GzipLines& operator=(const GzipLines&) = delete;

  /// The next line without its line end (LF or CR LF); false at the end of a complete file.
  bool next(std::string& line);
  /// Lines read so far; the number, from 1, of the line next() gave last.
  std::uint64_t line_number() const { return line_number_; }

 private:
  bool fill();
  [[noreturn]] void fail(const std::string& what) const;

  std::filesystem::path file_;
  gzFile_s* stream_ = nullptr;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  std::uint64_t unpacked_ = 0, line_number_ = 0;
};

}  // namespace c2al

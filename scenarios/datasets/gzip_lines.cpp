#include "scenarios/datasets/gzip_lines.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <fstream>

#include "core/error.hpp"

namespace c2al {

GzipLines::GzipLines(const std::filesystem::path& file) : file_(file), buffer_(1 << 17) {
  // zlib passes through what is not gzip; a wrong file must not be read as text.
  std::ifstream raw(file, std::ios::binary);
  unsigned char magic[2] = {0, 0};
  raw.read(reinterpret_cast<char*>(magic), 2);
  if (!raw) fail("cannot be read, or is empty");
  if (magic[0] != 0x1f || magic[1] != 0x8b) fail("is not a gzip file");
  stream_ = gzopen(file.c_str(), "rb");
  if (stream_ == nullptr) fail("cannot be opened");
  gzbuffer(stream_, 1 << 17);
}

GzipLines::~GzipLines() {
  if (stream_ != nullptr) gzclose(stream_);
}

void GzipLines::fail(const std::string& what) const { throw RunError(fmt::format("{}: {}", file_.string(), what)); }

bool GzipLines::fill() {
  const int count = gzread(stream_, buffer_.data(), static_cast<unsigned>(buffer_.size()));
  int error = Z_OK;
  const char* text = gzerror(stream_, &error);
  if (error == Z_BUF_ERROR)
    fail(fmt::format(
        "the gzip stream ends too early, after {} unpacked bytes and {} complete lines: the file is truncated",
        unpacked_ + static_cast<std::uint64_t>(std::max(count, 0)), line_number_));
  if (count < 0 || error != Z_OK)
    fail(fmt::format("the gzip stream is damaged after {} unpacked bytes and {} complete lines ({})", unpacked_,
                     line_number_, text));
  unpacked_ += static_cast<std::uint64_t>(count);
  begin_ = 0;
  end_ = static_cast<std::size_t>(count);
  return count > 0;
}

bool GzipLines::next(std::string& line) {
  line.clear();
  bool any = false;
  for (;;) {
    if (begin_ == end_ && !fill()) {
      if (any) ++line_number_;
      return any;
    }
    any = true;
    const auto first = buffer_.begin() + static_cast<std::ptrdiff_t>(begin_);
    const auto last = buffer_.begin() + static_cast<std::ptrdiff_t>(end_);
    const auto newline = std::find(first, last, '\n');
    line.append(first, newline);
    begin_ = static_cast<std::size_t>(newline - buffer_.begin());
    if (newline == last) continue;
    ++begin_;
    ++line_number_;
    if (line.ends_with('\r')) line.pop_back();
    return true;
  }
}

}  // namespace c2al

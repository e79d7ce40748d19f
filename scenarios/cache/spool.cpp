#include "scenarios/cache/spool.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/error.hpp"

namespace c2al {

namespace {

[[noreturn]] void fail(const std::string& folder, const char* what) {
  throw RunError(fmt::format("{}: a temporary file {}: {}", folder, what, std::strerror(errno)));
}

}  // namespace

Spool::Spool(const std::filesystem::path& beside, std::vector<std::size_t> widths, std::size_t block_rows)
    : folder_(beside.has_parent_path() ? beside.parent_path().string() : "."), block_rows_(block_rows) {
  std::string name = folder_ + "/.c2al-prepare-XXXXXX";
  descriptor_ = mkstemp(name.data());
  if (descriptor_ < 0) fail(folder_, "cannot be made");
  unlink(name.c_str());
  std::size_t start = 0;
  for (const std::size_t width : widths) {
    starts_.push_back(start);
    // Columns begin at addresses that suit every type.
    start += (width * block_rows + 15) / 16 * 16;
  }
  block_.resize(start);
}

Spool::~Spool() { close(descriptor_); }

void Spool::end_row() {
  ++rows_;
  if (++filled_ < block_rows_) return;
  write_bytes(static_cast<std::size_t>((rows_ - 1) / block_rows_), 0, block_.data(), block_.size());
  filled_ = 0;
}

void Spool::finish() {
  if (filled_ > 0) write_bytes(blocks() - 1, 0, block_.data(), block_.size());
  filled_ = 0;
}

std::size_t Spool::rows_of(std::size_t block) const {
  const std::uint64_t left = rows_ - static_cast<std::uint64_t>(block) * block_rows_;
  return left < block_rows_ ? static_cast<std::size_t>(left) : block_rows_;
}

void Spool::read_bytes(std::size_t block, std::size_t start, void* to, std::size_t size) const {
  auto place = static_cast<off_t>(block * block_.size() + start);
  for (auto* at = static_cast<char*>(to); size > 0;) {
    const ssize_t got = pread(descriptor_, at, size, place);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail(folder_, "cannot be read");
    at += got;
    place += got;
    size -= static_cast<std::size_t>(got);
  }
}

void Spool::write_bytes(std::size_t block, std::size_t start, const void* from, std::size_t size) {
  auto place = static_cast<off_t>(block * block_.size() + start);
  for (auto* at = static_cast<const char*>(from); size > 0;) {
    const ssize_t done = pwrite(descriptor_, at, size, place);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) fail(folder_, "cannot be written");
    at += done;
    place += done;
    size -= static_cast<std::size_t>(done);
  }
}

}  // namespace c2al

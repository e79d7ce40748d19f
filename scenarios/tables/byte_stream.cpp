#include "scenarios/tables/byte_stream.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "scenarios/tables/unpack.hpp"

namespace c2al {

namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw RunError(fmt::format("{}: {}", file.string(), what));
}

/// The bytes as they lie on disk.
class FileBytes final : public ByteStream {
 public:
  explicit FileBytes(const std::filesystem::path& file)
      : file_(file), descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0)
      fail(file_,
           errno == ENOENT ? "there is no such file" : fmt::format("cannot be opened ({})", std::strerror(errno)));
    struct stat status {};
    if (::fstat(descriptor_, &status) == 0 && S_ISDIR(status.st_mode)) {
      ::close(descriptor_);
      fail(file_, "is a directory, expected a file");
    }
  }
  ~FileBytes() override { ::close(descriptor_); }
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  std::size_t read(char* to, std::size_t size) override {
    std::size_t count = std::min(size, begun_.size());
    if (count > 0) {
      std::memcpy(to, begun_.data(), count);
      begun_.remove_prefix(count);
    }
    while (count < size) {
      const ssize_t got = ::read(descriptor_, to + count, size - count);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail(file_, fmt::format("cannot be read behind byte {} ({})", position_, std::strerror(errno)));
      if (got == 0) break;
      count += static_cast<std::size_t>(got);
      position_ += static_cast<std::uint64_t>(got);
    }
    return count;
  }

  /// The first bytes, which read() will give again; before anything is read.
  std::string_view beginning() {
    const std::size_t count = read(first_.data(), first_.size());
    begun_ = {first_.data(), count};
    return begun_;
  }

 private:
  std::filesystem::path file_;
  int descriptor_;
  std::uint64_t position_ = 0;
  std::array<char, 16> first_{};
  std::string_view begun_;
};

/// Packings that are recognised only to say so.
void refuse_other_packings(const std::filesystem::path& file, std::string_view beginning) {
  using namespace std::string_view_literals;
  constexpr std::array<std::pair<std::string_view, const char*>, 4> others{{{"PK\3\4"sv, "a zip archive"},
                                                                            {"\xfd"
                                                                             "7zXZ\0"sv,
                                                                             "an xz archive"},
                                                                            {"7z\xbc\xaf\x27\x1c"sv, "a 7z archive"},
                                                                            {"\x89HDF\r\n\x1a\n"sv, "an HDF5 file"}}};
  for (const auto& [magic, name] : others)
    if (beginning.starts_with(magic))
      fail(file, fmt::format("is {}: expected text, plain or packed by gzip or zstd", name));
  if (beginning.starts_with("BZh"sv) && beginning.substr(4).starts_with("1AY&SY"sv))
    fail(file, "is a bzip2 archive: expected text, plain or packed by gzip or zstd");
}

}  // namespace

std::unique_ptr<ByteStream> open_bytes(const std::filesystem::path& file) {
  auto bytes = std::make_unique<FileBytes>(file);
  const std::string_view beginning = bytes->beginning();
  if (beginning.empty()) fail(file, "is empty");
  refuse_other_packings(file, beginning);
  if (is_gzip(beginning)) return unpack_gzip(std::move(bytes), file.string());
  if (is_zstd(beginning)) return unpack_zstd(std::move(bytes), file.string());
  return bytes;
}

std::string file_fingerprint(const std::filesystem::path& file) {
  FileBytes bytes(file);
  std::vector<char> buffer(1 << 17);
  uLong crc = crc32(0, nullptr, 0);
  std::uint64_t total = 0;
  while (const std::size_t count = bytes.read(buffer.data(), buffer.size())) {
    crc = crc32(crc, reinterpret_cast<const Bytef*>(buffer.data()), static_cast<uInt>(count));
    total += count;
  }
  return fmt::format("crc32 {:08x}, {} bytes", crc, total);
}

}  // namespace c2al

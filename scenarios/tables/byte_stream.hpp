#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace c2al {

/// The bytes of one file, unpacked. Every error is a RunError that names the file and how far reading came: a missing
/// file, a directory, an empty file, a truncated or damaged archive.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Reads up to `size` bytes; 0 at the end of a complete file.
  virtual std::size_t read(char* to, std::size_t size) = 0;
};

/// Opens a file as it is, or unpacks it where its first bytes say gzip (also of several members) or zstd.
std::unique_ptr<ByteStream> open_bytes(const std::filesystem::path& file);

/// CRC-32 (as gzip, PNG and zip use it) and length of a file's bytes as they lie on disk: "crc32 0a1b2c3d, 1234 bytes".
/// Throws RunError.
std::string file_fingerprint(const std::filesystem::path& file);

}  // namespace c2al

#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "scenarios/tables/byte_stream.hpp"

namespace c2al {

/// Whether a file that begins so is a gzip archive (RFC 1952).
bool is_gzip(std::string_view beginning);
/// Whether a file that begins so is a zstd archive (RFC 8878); it may begin with a skippable frame.
bool is_zstd(std::string_view beginning);

/// Unpacks all members of a gzip archive; zeros behind the last one (tapes) are ignored.
/// @param file  name for messages
std::unique_ptr<ByteStream> unpack_gzip(std::unique_ptr<ByteStream> packed, std::string file);
/// Unpacks all frames of a zstd archive.
std::unique_ptr<ByteStream> unpack_zstd(std::unique_ptr<ByteStream> packed, std::string file);

}  // namespace c2al

#include "scenarios/tables/unpacked_bytes.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace c2al {

UnpackedBytes::UnpackedBytes(std::unique_ptr<ByteStream> packed, std::string file, std::string packing)
    : packed_(std::move(packed)), file_(std::move(file)), packing_(std::move(packing)), block_(1 << 17) {}

std::size_t UnpackedBytes::read(char* to, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t count = error_.empty() ? unpack(to, size) : 0;
  unpacked_ += count;
  if (count > 0) return count;
  if (!error_.empty())
    throw RunError(fmt::format("{}: the {} archive {}, after {} unpacked bytes", file_, packing_, error_, unpacked_));
  if (unpacked_ == 0) throw RunError(fmt::format("{}: is empty: the {} archive unpacks to nothing", file_, packing_));
  return 0;
}

std::string_view UnpackedBytes::more() { return {block_.data(), packed_->read(block_.data(), block_.size())}; }

}  // namespace c2al

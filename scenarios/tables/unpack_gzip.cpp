#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>

#include "core/error.hpp"
#include "scenarios/tables/unpack.hpp"
#include "scenarios/tables/unpacked_bytes.hpp"

namespace c2al {

namespace {

class GzipBytes final : public UnpackedBytes {
 public:
  GzipBytes(std::unique_ptr<ByteStream> packed, std::string file)
      : UnpackedBytes(std::move(packed), std::move(file), "gzip") {
    constexpr int largest_window_with_gzip_header = 15 + 16;
    if (inflateInit2(&stream_, largest_window_with_gzip_header) != Z_OK) throw RunError("zlib cannot start");
  }
  ~GzipBytes() override { inflateEnd(&stream_); }
  GzipBytes(const GzipBytes&) = delete;
  GzipBytes& operator=(const GzipBytes&) = delete;

 private:
  std::size_t unpack(char* to, std::size_t size) override {
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(size, 1u << 30));
    const uInt wanted = stream_.avail_out;
    while (stream_.avail_out > 0) {
      if (stream_.avail_in == 0 && !refill()) {
        if (!between_members_) stop("ends too early: it is truncated");
        break;
      }
      if (between_members_ && !begin_member()) break;
      const int status = inflate(&stream_, Z_NO_FLUSH);
      if (status == Z_STREAM_END) {
        between_members_ = true;
      } else if (status != Z_OK) {
        stop(fmt::format("is damaged ({})", stream_.msg != nullptr ? stream_.msg : zError(status)));
        break;
      }
    }
    return wanted - stream_.avail_out;
  }

  bool refill() {
    const std::string_view block = more();
    stream_.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(block.data()));
    stream_.avail_in = static_cast<uInt>(block.size());
    return !block.empty();
  }

  /// Passes over padding. False at the end, and where something else follows.
  bool begin_member() {
    do {
      for (; stream_.avail_in > 0 && *stream_.next_in == 0; --stream_.avail_in, ++stream_.next_in) padded_ = !first_;
    } while (stream_.avail_in == 0 && refill());
    if (stream_.avail_in == 0) return false;
    if (!first_ && (padded_ || *stream_.next_in != 0x1f)) {
      stop("is followed by other bytes");
      return false;
    }
    if (!first_) inflateReset(&stream_);
    between_members_ = first_ = false;
    return true;
  }

  z_stream stream_{};
  bool first_ = true, between_members_ = true, padded_ = false;
};

}  // namespace

bool is_gzip(std::string_view beginning) { return beginning.starts_with("\x1f\x8b"); }

std::unique_ptr<ByteStream> unpack_gzip(std::unique_ptr<ByteStream> packed, std::string file) {
  return std::make_unique<GzipBytes>(std::move(packed), std::move(file));
}

}  // namespace c2al

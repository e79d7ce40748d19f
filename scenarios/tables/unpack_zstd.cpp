#include <fmt/format.h>
#include <zstd.h>

#include <memory>

#include "core/error.hpp"
#include "scenarios/tables/unpack.hpp"
#include "scenarios/tables/unpacked_bytes.hpp"

namespace c2al {

namespace {

struct FreeStream {
  void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

class ZstdBytes final : public UnpackedBytes {
 public:
  ZstdBytes(std::unique_ptr<ByteStream> packed, std::string file)
      : UnpackedBytes(std::move(packed), std::move(file), "zstd"), stream_(ZSTD_createDStream()) {
    if (!stream_) throw RunError("zstd cannot start");
  }

 private:
  std::size_t unpack(char* to, std::size_t size) override {
    ZSTD_outBuffer out{to, size, 0};
    while (out.pos < out.size) {
      if (in_.pos == in_.size && !flushing_) {
        const std::string_view block = more();
        in_ = {block.data(), block.size(), 0};
        if (block.empty()) {
          if (!between_frames_) stop("ends too early: it is truncated");
          break;
        }
      }
      const std::size_t status = ZSTD_decompressStream(stream_.get(), &out, &in_);
      if (ZSTD_isError(status)) {
        stop(fmt::format("is damaged ({})", ZSTD_getErrorName(status)));
        break;
      }
      between_frames_ = status == 0;
      flushing_ = !between_frames_ && out.pos == out.size;
    }
    return out.pos;
  }

  std::unique_ptr<ZSTD_DStream, FreeStream> stream_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool between_frames_ = true;
  bool flushing_ = false;  ///< unpacked bytes may wait inside for room
};

}  // namespace

bool is_zstd(std::string_view beginning) {
  if (beginning.size() < 4) return false;
  const bool skippable = (beginning[0] & '\xf0') == '\x50' && beginning.substr(1).starts_with("\x2a\x4d\x18");
  return skippable || beginning.starts_with("\x28\xb5\x2f\xfd");
}

std::unique_ptr<ByteStream> unpack_zstd(std::unique_ptr<ByteStream> packed, std::string file) {
  return std::make_unique<ZstdBytes>(std::move(packed), std::move(file));
}

}  // namespace c2al

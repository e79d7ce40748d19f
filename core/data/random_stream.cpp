#include "core/data/random_stream.hpp"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>

namespace c2al {

std::array<std::uint32_t, 4> random_block(std::uint64_t seed, StreamPurpose purpose, std::uint64_t substream,
                                          std::uint64_t block) noexcept {
  const r123::Philox4x32::ctr_type counter = {
      {static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(substream),
       static_cast<std::uint32_t>(substream >> 32),
       (static_cast<std::uint32_t>(purpose) << 16) | static_cast<std::uint32_t>((block >> 32) & 0xffffu)}};
  const r123::Philox4x32::key_type key = {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  const auto words = r123::Philox4x32()(counter, key);
  return {words[0], words[1], words[2], words[3]};
}

RandomStream::RandomStream(std::uint64_t seed, StreamPurpose purpose, std::uint64_t substream) noexcept
    : seed_(seed), substream_(substream), purpose_(purpose) {}

std::uint32_t RandomStream::bits32() noexcept {
  if (used_ == 4) {
    words_ = random_block(seed_, purpose_, substream_, block_++);
    used_ = 0;
  }
  return words_[static_cast<std::size_t>(used_++)];
}

std::uint64_t RandomStream::bits64() noexcept {
  const std::uint64_t low = bits32();
  return low | (static_cast<std::uint64_t>(bits32()) << 32);
}

double RandomStream::uniform() noexcept { return static_cast<double>(bits64() >> 11) * 0x1.0p-53; }

double RandomStream::normal() noexcept {
  if (has_spare_normal_) {
    has_spare_normal_ = false;
    return spare_normal_;
  }
  const double radius = std::sqrt(-2.0 * std::log1p(-uniform()));
  const double angle = 2.0 * std::numbers::pi * uniform();
  spare_normal_ = radius * std::sin(angle);
  has_spare_normal_ = true;
  return radius * std::cos(angle);
}

std::uint64_t RandomStream::below(std::uint64_t bound) noexcept {
  // Lemire's multiply-shift; a draw in the short first part of the range is rejected.
  const std::uint64_t threshold = (0 - bound) % bound;
  for (;;) {
    const unsigned __int128 product = static_cast<unsigned __int128>(bits64()) * bound;
    if (static_cast<std::uint64_t>(product) >= threshold) return static_cast<std::uint64_t>(product >> 64);
  }
}

}  // namespace c2al

#include "core/data/random_stream.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/data/philox.hpp"

namespace c2al {

namespace {

std::uint32_t low_word(std::uint64_t x) noexcept { return static_cast<std::uint32_t>(x); }
std::uint32_t high_word(std::uint64_t x) noexcept { return static_cast<std::uint32_t>(x >> 32); }

std::array<std::uint32_t, 4> counter(StreamPurpose purpose, std::uint64_t substream, std::uint64_t block) noexcept {
  return {low_word(block), low_word(substream), high_word(substream),
          (static_cast<std::uint32_t>(purpose) << 16) | (high_word(block) & 0xffffu)};
}

void set_lane(PhiloxLanes& lanes, std::size_t l, const std::array<std::uint32_t, 4>& words) noexcept {
  for (std::size_t w = 0; w < words.size(); ++w) lanes.word[w][l] = words[w];
}

}  // namespace

std::array<std::uint32_t, 4> random_block(std::uint64_t seed, StreamPurpose purpose, std::uint64_t substream,
                                          std::uint64_t block) noexcept {
  const auto [c0, c1, c2, c3] = counter(purpose, substream, block);
  const r123::Philox4x32::key_type key = {{low_word(seed), high_word(seed)}};
  const auto words = r123::Philox4x32()({{c0, c1, c2, c3}}, key);
  return {words[0], words[1], words[2], words[3]};
}

void random_blocks(std::uint64_t seed, StreamPurpose purpose, std::uint64_t first, std::size_t count,
                   std::uint64_t block, std::size_t stride, std::uint32_t* words) noexcept {
  PhiloxLanes lanes;
  for (std::size_t done = 0; done < count; done += PhiloxLanes::lanes) {
    for (std::size_t l = 0; l < PhiloxLanes::lanes; ++l) set_lane(lanes, l, counter(purpose, first + done + l, block));
    lanes.scramble(seed);
    const std::size_t used = std::min(PhiloxLanes::lanes, count - done);
    for (std::size_t w = 0; w < 4; ++w) std::copy_n(lanes.word[w], used, words + w * stride + done);
  }
}

RandomStream::RandomStream(std::uint64_t seed, StreamPurpose purpose, std::uint64_t substream) noexcept
    : seed_(seed), substream_(substream), purpose_(purpose) {}

void RandomStream::refill() noexcept {
  used_ = 0;
  // Many streams give but a draw or two; blocks side by side pay for those that go on.
  if (block_ == 0) {
    const auto words = random_block(seed_, purpose_, substream_, block_++);
    filled_ = static_cast<std::uint32_t>(words.size());
    std::copy(words.begin(), words.end(), words_.begin());
    return;
  }
  PhiloxLanes lanes;
  for (std::size_t l = 0; l < PhiloxLanes::lanes; ++l) set_lane(lanes, l, counter(purpose_, substream_, block_++));
  lanes.scramble(seed_);
  for (std::size_t l = 0; l < PhiloxLanes::lanes; ++l)
    for (std::size_t w = 0; w < 4; ++w) words_[4 * l + w] = lanes.word[w][l];
  filled_ = static_cast<std::uint32_t>(words_.size());
}

std::uint32_t RandomStream::bits32() noexcept {
  if (used_ == filled_) refill();
  return words_[used_++];
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
  // Lemire's multiply-shift; a draw in the short first part of the range is rejected. That part is shorter than the
  // bound, so that its length, a division, is rarely asked for.
  unsigned __int128 product = static_cast<unsigned __int128>(bits64()) * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    while (static_cast<std::uint64_t>(product) < threshold) product = static_cast<unsigned __int128>(bits64()) * bound;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace c2al

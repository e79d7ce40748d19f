#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace c2al {

/// What a random number is for. Streams of different purposes never overlap, so that methods of one seed share data,
/// order and the initialisation of everything they have in common.
enum class StreamPurpose : std::uint32_t {
  world = 1,    ///< vocabularies, latent vectors, interactions of a synthetic world
  samples = 2,  ///< the samples drawn from that world
  initialisation = 3,
  shuffling = 4,
  method = 5,       ///< a method's own draws (random cohorts, ...)
  splitting = 6,    ///< which row of a real data set goes to which split
  permutation = 7,  ///< null distributions of statistics
  probe = 8,        ///< choice of the observed samples
  resampling = 9,   ///< bootstrap draws of a report
};

/// One block of four 32-bit random words: Philox4x32-10 (Salmon et al. 2011, library Random123) with `seed` as key and
/// (purpose, substream, block) as counter. Stateless: any block can be computed at any time, in any order.
/// @param substream  anything that numbers a stream within its purpose (a field, an epoch, a hash of a name)
/// @param block      below 2^48
std::array<std::uint32_t, 4> random_block(std::uint64_t seed, StreamPurpose purpose, std::uint64_t substream,
                                          std::uint64_t block) noexcept;

/// random_block() of `count` successive substreams at once: word w of substream first + s goes to words[w * stride +
/// s].
/// @param words  (4, stride), stride >= count
void random_blocks(std::uint64_t seed, StreamPurpose purpose, std::uint64_t first, std::size_t count,
                   std::uint64_t block, std::size_t stride, std::uint32_t* words) noexcept;

/// A sequential reader of the counter-based stream (seed, purpose, substream).
/// Equal arguments give equal numbers on every machine; copying a stream forks it at its position.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, StreamPurpose purpose, std::uint64_t substream = 0) noexcept;

  std::uint32_t bits32() noexcept;
  std::uint64_t bits64() noexcept;
  /// Uniform in [0, 1) with 53 random bits.
  double uniform() noexcept;
  /// Standard normal (Box-Muller; uses two uniforms a pair and keeps the second value).
  double normal() noexcept;
  /// Uniform integer in [0, bound), bound >= 1, without modulo bias.
  std::uint64_t below(std::uint64_t bound) noexcept;

 private:
  void refill() noexcept;

  std::uint64_t seed_, substream_, block_ = 0;
  StreamPurpose purpose_;
  std::uint32_t used_ = 0, filled_ = 0;     ///< words of the buffer
  std::array<std::uint32_t, 128> words_{};  ///< the next blocks, computed ahead
  bool has_spare_normal_ = false;
  double spare_normal_ = 0;
};

/// Fisher-Yates permutation of a container with operator[] and size().
template <class C>
void shuffle(RandomStream& stream, C& values) {
  for (std::uint64_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[stream.below(i)]);
}

/// FNV-1a hash of a name, for use as a substream number.
constexpr std::uint64_t name_hash(const char* name) noexcept {
  std::uint64_t h = 14695981039346656037ull;
  for (; *name; ++name) h = (h ^ static_cast<unsigned char>(*name)) * 1099511628211ull;
  return h;
}

}  // namespace c2al

#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace c2al {

/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) on several counters side by side,
/// which vector units compute together; bit for bit what the library Random123 gives for each of them.
struct PhiloxLanes {
  static constexpr std::size_t lanes = 16;
  using Words = std::array<std::uint32_t, lanes>;

  std::array<Words, 4> word{};  ///< (4, lanes) the counters before, the random words after

  void scramble(std::uint64_t key) noexcept {
    auto k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
      for (std::size_t l = 0; l < lanes; ++l) {
        const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * word[0][l];
        const std::uint64_t p1 = std::uint64_t{0xCD9E8D57u} * word[2][l];
        word[0][l] = static_cast<std::uint32_t>(p1 >> 32) ^ word[1][l] ^ k0;
        word[2][l] = static_cast<std::uint32_t>(p0 >> 32) ^ word[3][l] ^ k1;
        word[1][l] = static_cast<std::uint32_t>(p1);
        word[3][l] = static_cast<std::uint32_t>(p0);
      }
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
  }
};

}  // namespace c2al

#pragma once
#include <cstddef>
#include <cstdint>

namespace c2al {

/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) on several counters side by side,
/// which vector units compute together; bit for bit what the library Random123 gives for each of them.
struct PhiloxLanes {
  static constexpr std::size_t lanes = 32;

  alignas(64) std::uint32_t word[4][lanes];  ///< the counters before, the random words after

  void scramble(std::uint64_t key) noexcept;
};

}  // namespace c2al

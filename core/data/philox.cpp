#include "core/data/philox.hpp"

namespace c2al {

void PhiloxLanes::scramble(std::uint64_t key) noexcept {
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

}  // namespace c2al

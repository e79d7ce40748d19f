#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace c2al {

/// Positions of the values by ascending value; equal values (0 and -0 among them) keep their order. Infinities are
/// values like others, NaN has no place. A radix sort: O(N). At most 2^32 values.
std::vector<std::uint32_t> ascending_order(std::span<const double> values);

}  // namespace c2al

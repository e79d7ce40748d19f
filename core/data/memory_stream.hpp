#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/data/data_source.hpp"
#include "core/data/random_stream.hpp"
#include "core/data/sample_table.hpp"

namespace c2al {

/// 0 .. size-1 in the order of a Fisher-Yates shuffle.
std::vector<std::uint32_t> shuffled_indices(std::size_t size, RandomStream& stream);

/// Number of the shuffling substream of an epoch and variant, which fill disjoint halves of it.
std::uint64_t shuffling_substream(const StreamOrder& order);

/// Batches of a table in its order, by pointers into the table; or, when `order` says so, in the order of a
/// Fisher-Yates permutation drawn from (seed, shuffling, epoch, variant), gathered into buffers of one batch.
/// Weights are 1 where the table has none. The table must outlive the stream and stay unchanged.
/// @param order       epoch and variant below 2^32
/// @param batch_size  >= 1
std::unique_ptr<BatchStream> open_table(const SampleTable& table, const StreamOrder& order, std::size_t batch_size);

}  // namespace c2al

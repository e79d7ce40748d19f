#pragma once
#include <memory>

#include "core/data/data_source.hpp"
#include "core/data/sample_table.hpp"

namespace c2al {

/// Batches of a table in its order, by pointers into the table; or, when `order` says so, in the order of a
/// Fisher-Yates permutation drawn from (seed, shuffling, epoch, variant), gathered into buffers of one batch.
/// Weights are 1 where the table has none. The table must outlive the stream and stay unchanged.
/// @param order       epoch and variant below 2^32
/// @param batch_size  >= 1
std::unique_ptr<BatchStream> open_table(const SampleTable& table, const StreamOrder& order, std::size_t batch_size);

}  // namespace c2al

#pragma once
#include <memory>

#include "core/data/data_source.hpp"
#include "scenarios/cache/cache_file.hpp"
#include "scenarios/cache/window_order.hpp"

namespace c2al::cache {

/// Batches of a split in the order of its windows, read ahead. Batches that lie in one window point into it; those that
/// cross a border are put together in a buffer.
/// @param batch_size  >= 1
std::unique_ptr<BatchStream> open_windows(std::shared_ptr<const CacheFile> file, Split split, WindowOrder order,
                                          std::size_t batch_size);

/// A whole split, in the order of the file.
void read_split(const CacheFile& file, Split split, Window& window);

}  // namespace c2al::cache

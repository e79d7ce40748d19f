#include "scenarios/cache/window_order.hpp"

#include <algorithm>
#include <numeric>

#include "core/data/memory_stream.hpp"
#include "core/data/random_stream.hpp"

namespace c2al::cache {

WindowOrder::WindowOrder(std::uint64_t rows, std::size_t chunk_rows, std::size_t window_rows, const StreamOrder& order)
    : order_(order), chunks_per_window_(order.shuffled ? std::max<std::size_t>(window_rows / chunk_rows, 1) : 1) {
  const auto chunks = static_cast<std::size_t>((rows + chunk_rows - 1) / chunk_rows);
  if (order.shuffled) {
    RandomStream stream(order.seed, StreamPurpose::shuffling, shuffling_substream(order));
    chunks_ = shuffled_indices(chunks, stream);
  } else {
    chunks_.resize(chunks);
    std::iota(chunks_.begin(), chunks_.end(), 0u);
  }
  std::uint64_t position = 0;
  for (std::size_t c = 0; c < chunks; ++c) {
    if (c % chunks_per_window_ == 0) starts_.push_back(position);
    position += std::min<std::uint64_t>(chunk_rows, rows - std::uint64_t{chunks_[c]} * chunk_rows);
  }
  starts_.push_back(position);
}

std::size_t WindowOrder::window_at(std::uint64_t position) const {
  return static_cast<std::size_t>(std::upper_bound(starts_.begin(), starts_.end(), position) - starts_.begin()) - 1;
}

std::vector<std::size_t> WindowOrder::chunks_of(std::size_t window) const {
  const std::size_t first = window * chunks_per_window_;
  const std::size_t end = std::min(first + chunks_per_window_, chunks_.size());
  return {chunks_.begin() + static_cast<std::ptrdiff_t>(first), chunks_.begin() + static_cast<std::ptrdiff_t>(end)};
}

std::vector<std::uint32_t> WindowOrder::places_of(std::size_t window) const {
  std::vector<std::uint32_t> places(rows_of(window));
  if (!order_.shuffled) {
    std::iota(places.begin(), places.end(), 0u);
    return places;
  }
  // Blocks beyond those that a sequential stream can reach give each window the seed of its own stream.
  const auto words = random_block(order_.seed, StreamPurpose::shuffling, shuffling_substream(order_),
                                  (std::uint64_t{1} << 47) + window);
  RandomStream stream((std::uint64_t{words[1]} << 32) | words[0], StreamPurpose::shuffling);
  const std::vector<std::uint32_t> picked = shuffled_indices(places.size(), stream);
  for (std::size_t i = 0; i < picked.size(); ++i) places[picked[i]] = static_cast<std::uint32_t>(i);
  return places;
}

}  // namespace c2al::cache

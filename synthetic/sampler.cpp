#include "synthetic/sampler.hpp"

#include <algorithm>

#include "core/data/random_stream.hpp"

namespace c2al::synthetic {
namespace {

constexpr std::size_t capacity = SampleBlock::capacity;

}  // namespace

Sampler::Sampler(const World& world, std::uint64_t series, bool stratified)
    : world_(world), series_(series), stratified_(stratified && !world.axes.empty()) {
  std::size_t draws = 1 + world.axes.size() + world.active_fields + (world.inert_field ? 1 : 0);
  for (const AxisEffect& axis : world.axes) draws += axis.proxies.size();
  random_blocks_ = (draws + 3) / 4;
  words_.resize(4 * random_blocks_ * capacity);
}

void Sampler::draw(std::uint64_t first, std::size_t size, SampleBlock& block) {
  for (std::size_t b = 0; b < random_blocks_; ++b)
    random_blocks(world_.seed, StreamPurpose::samples, (series_ << 56) | first, size, b, capacity,
                  words_.data() + 4 * b * capacity);

  block.size = size;
  const std::uint32_t* words = words_.data();
  std::copy_n(words, size, block.label_word.data());
  words += capacity;
  for (std::size_t a = 0; a < world_.axes.size(); ++a, words += capacity) {
    std::int32_t* cohort = block.cohort.data() + a * capacity;
    if (a == 0 && stratified_)
      for (std::size_t s = 0; s < size; ++s)
        cohort[s] = static_cast<std::int32_t>((first + s) % world_.axes[0].cohorts.size());
    else
      world_.axes[a].shares.select(words, size, cohort);
  }

  std::int32_t* id = block.id.data();
  for (const AliasTable& ids : world_.ids) {
    ids.select(words, size, id);
    words += capacity;
    id += capacity;
  }
  if (world_.inert_field) {
    world_.axes[0].shares.select(words, size, id);
    words += capacity;
    id += capacity;
  }
  for (std::size_t a = 0; a < world_.axes.size(); ++a) {
    if (!world_.axes[a].visible) continue;
    std::copy_n(block.cohort.data() + a * capacity, size, id);
    id += capacity;
  }
  for (std::size_t a = 0; a < world_.axes.size(); ++a)
    for (const Proxy& proxy : world_.axes[a].proxies) {
      const std::int32_t* cohort = block.cohort.data() + a * capacity;
      for (std::size_t s = 0; s < size; ++s) id[s] = proxy.given_cohort[static_cast<std::size_t>(cohort[s])](words[s]);
      words += capacity;
      id += capacity;
    }
}

}  // namespace c2al::synthetic

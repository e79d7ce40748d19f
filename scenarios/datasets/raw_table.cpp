#include "scenarios/datasets/raw_table.hpp"

#include "core/data/random_stream.hpp"

namespace c2al {

void CategoricalColumn::add(std::string_view text) {
  auto found = numbers_.find(text);
  if (found == numbers_.end()) {
    found = numbers_.emplace(std::string(text), static_cast<std::uint32_t>(texts_.size())).first;
    texts_.emplace_back(text);
  }
  codes_.push_back(found->second);
}

std::uint64_t hash_text(std::string_view text, std::uint64_t hash) {
  constexpr std::uint64_t prime = 1099511628211ull;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * prime;
  return (hash ^ 0xffu) * prime;
}

Split draw_split(const DatasetConfig& config, std::uint64_t group, bool with_test) {
  const double total = with_test ? 1.0 : config.train_share + config.discovery_share + config.validation_share;
  const double u = RandomStream(config.split_seed, StreamPurpose::splitting, group).uniform() * total;
  if (u < config.train_share) return Split::train;
  if (u < config.train_share + config.discovery_share) return Split::discovery;
  if (!with_test || u < config.train_share + config.discovery_share + config.validation_share) return Split::validation;
  return Split::test;
}

}  // namespace c2al

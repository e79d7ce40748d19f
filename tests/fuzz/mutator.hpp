#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/data/random_stream.hpp"

namespace c2al::fuzz {

/// Makes new inputs from a corpus: input number n depends on the corpus, the seed and n only.
class Mutator {
 public:
  /// @param corpus  not empty
  Mutator(std::vector<std::string> corpus, std::uint64_t seed) : corpus_(std::move(corpus)), seed_(seed) {}

  /// One of the corpus, changed in one to eight places: bits, bytes, ranges erased, copied, repeated or taken from
  /// another input, and texts that parsers stumble over.
  std::string input(std::uint64_t number) const;

 private:
  void change(std::string& text, RandomStream& random) const;

  std::vector<std::string> corpus_;
  std::uint64_t seed_;
};

}  // namespace c2al::fuzz

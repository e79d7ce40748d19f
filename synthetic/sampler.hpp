#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "synthetic/world.hpp"

namespace c2al::synthetic {

/// Samples of a world without their labels, one column after the other.
struct SampleBlock {
  static constexpr std::size_t capacity = 256;

  explicit SampleBlock(const World& world)
      : id(world.schema.fields.size() * capacity), cohort(world.axes.size() * capacity), label_word(capacity) {}

  std::size_t size = 0;
  std::vector<std::int32_t> id;           ///< (schema field, capacity)
  std::vector<std::int32_t> cohort;       ///< (world axis, capacity), without the control axis
  std::vector<std::uint32_t> label_word;  ///< (capacity) random words that decide the labels
};

/// Draws samples of a world by their number. A sample is a function of (seed, series, number) alone, so that any of
/// them can be drawn without those before it.
class Sampler {
 public:
  /// @param series      tells sets of samples apart (0 to 255): the splits, the calibration sample
  /// @param stratified  sample n has cohort n modulo cohorts on the first axis, instead of one drawn by shares
  Sampler(const World& world, std::uint64_t series, bool stratified);

  /// Draws samples first .. first + size - 1, with size <= SampleBlock::capacity.
  void draw(std::uint64_t first, std::size_t size, SampleBlock& block);

 private:
  const World& world_;
  std::uint64_t series_;
  bool stratified_;
  std::size_t random_blocks_;         ///< a sample uses
  std::vector<std::uint32_t> words_;  ///< (4 * random_blocks_, capacity)
};

}  // namespace c2al::synthetic

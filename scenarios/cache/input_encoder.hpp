#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/cache/numeric_transform.hpp"
#include "scenarios/cache/record_spooler.hpp"

namespace c2al {

/// Final ids of a categorical input: levels by how often the training rows have them, most often first, then by text,
/// from 1; 0 is every level that no training row has or fewer than minimum_count, and the missing value. Ids by hash
/// stay as they are.
class FieldIds {
 public:
  /// Counts the levels of the training rows. @param field  must outlive this
  FieldIds(const SpooledField& field, const TrainingBlocks& blocks);

  /// Ids, 0 included.
  std::uint32_t size() const;
  /// Provisional codes become ids.
  void apply(std::vector<std::uint32_t>& codes) const;
  /// Text of an id, from 1. Only without hash buckets.
  std::string_view text(std::uint32_t id) const { return field_.vocabulary.text(codes_[id - 1]); }
  bool hashed() const { return field_.column.hash_buckets > 0; }
  /// Different texts read; levels that got no id of their own among them.
  std::size_t levels_seen() const { return field_.vocabulary.size(); }

 private:
  const SpooledField& field_;
  std::vector<std::uint32_t> codes_;  ///< of each id from 1
  std::vector<std::uint32_t> ids_;    ///< of each code
};

/// A continuous input's transform, learned from the training rows.
class NumberTransform {
 public:
  /// @param number  must outlive this
  NumberTransform(const SpooledNumber& number, const TrainingBlocks& blocks, std::uint64_t training_rows);

  /// Missing values become 0.
  void apply(const std::vector<double>& raw, std::vector<float>& transformed) const;
  /// "standardised: mean 1.5, standard deviation 2, 3 missing", for the facts.
  std::string summary() const;

 private:
  NumericTransform kind_;
  RunningMoments moments_;
  RankSample ranks_;
  std::uint64_t missing_ = 0;
};

}  // namespace c2al

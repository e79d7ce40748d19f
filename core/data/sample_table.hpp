#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/data/batch.hpp"

namespace c2al {

/// Samples of one split held in memory, column groups as in BatchView (row-major within a group).
/// Empty vectors stand for absent groups (no dense features, unit weights, unknown truth).
struct SampleTable {
  std::size_t size = 0;
  std::size_t fields = 0, dense_features = 0, axes = 0;
  std::vector<std::int32_t> rows;     ///< (size, fields) rows of the concatenated table
  std::vector<float> dense;           ///< (size, dense_features)
  std::vector<float> label;           ///< (size)
  std::vector<float> weight;          ///< (size) or empty
  std::vector<std::uint16_t> cohort;  ///< (size, axes)
  std::vector<double> p_true;         ///< (size) or empty
  std::vector<double> p_bayes;        ///< (size) or empty
};

}  // namespace c2al

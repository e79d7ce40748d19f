#pragma once
#include <string>

namespace c2al {

/// Reorderings of the tasks under which a method's coefficients are reordered likewise, so that the direction stays.
enum class Permutation {
  full,         ///< any
  cyclic,       ///< a rotation of all tasks
  auxiliaries,  ///< any that leaves the primary task first
  none,
};

/// For which losses a small step along the combined gradient of shared parameters never goes uphill, to first order.
enum class Descent {
  every_task,
  primary,
  sum,  ///< of the weighted losses
  none,
};

/// What a method declares of itself at its default settings; the contract tests check each declared property, and want
/// a reason for each one that is missing.
struct MethodProperties {
  Permutation permutation = Permutation::none;
  std::string permutation_reason;        ///< why no more than that; empty when full
  bool zero_auxiliary_is_plain = false;  ///< auxiliary loss weights of 0 give plain's model, bit for bit
  std::string zero_auxiliary_reason;     ///< why not
  Descent descent = Descent::none;
  std::string descent_reason;  ///< why none
};

}  // namespace c2al

#pragma once
#include <span>

#include "core/evaluation/evaluation_table.hpp"

namespace c2al {

/// Two-parameter recalibration of a logit (Platt scaling): scale * logit + offset.
struct Recalibration {
  double scale = undefined_value, offset = undefined_value;
  /// False where the fit has no maximum: one class only, separable or non-finite logits.
  bool defined() const { return scale == scale; }
};

/// Fits the recalibration of least weighted log loss by Newton's method with halved steps. Constant logits get an
/// offset alone.
/// @param weight  (N), or empty for 1
Recalibration fit_recalibration(std::span<const double> logit, std::span<const float> label,
                                std::span<const float> weight);

}  // namespace c2al

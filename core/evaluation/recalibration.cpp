#include "core/evaluation/recalibration.hpp"

#include <cmath>
#include <vector>

#include "core/evaluation/cross_entropy.hpp"

namespace c2al {

namespace {

/// Weighted mean log loss of offset + scale * x, its gradient and Hessian.
struct Objective {
  double loss = 0, g0 = 0, g1 = 0, h00 = 0, h01 = 0, h11 = 0;
};

Objective objective(std::span<const double> x, std::span<const float> label, std::span<const float> weight,
                    double offset, double scale) {
  Objective o;
  double total = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double w = weight.empty() ? 1.0 : weight[i];
    const double z = offset + scale * x[i];
    const LogitTerms terms(z);
    const double p = terms.sigmoid();
    const double residual = p - label[i], curvature = w * p * (1 - p);
    o.loss += w * terms.cross_entropy(label[i]);
    o.g0 += w * residual;
    o.g1 += w * residual * x[i];
    o.h00 += curvature;
    o.h01 += curvature * x[i];
    o.h11 += curvature * x[i] * x[i];
    total += w;
  }
  for (double* value : {&o.loss, &o.g0, &o.g1, &o.h00, &o.h01, &o.h11}) *value /= total;
  return o;
}

constexpr int iteration_limit = 100;
constexpr double largest_scale = 1e4;  // of logits with unit variance: beyond it the classes are separable

}  // namespace

Recalibration fit_recalibration(std::span<const double> logit, std::span<const float> label,
                                std::span<const float> weight) {
  double total = 0, positives = 0, mean = 0;
  for (std::size_t i = 0; i < logit.size(); ++i) {
    const double w = weight.empty() ? 1.0 : weight[i];
    if (!std::isfinite(logit[i])) return {};
    total += w;
    positives += w * label[i];
    mean += w * logit[i];
  }
  if (!(positives > 0 && positives < total)) return {};
  mean /= total;
  double variance = 0;
  for (std::size_t i = 0; i < logit.size(); ++i)
    variance += (weight.empty() ? 1.0 : weight[i]) * (logit[i] - mean) * (logit[i] - mean);
  const double deviation = std::sqrt(variance / total);
  const double base = std::log(positives / (total - positives));
  // Deviations of rounding size carry no order of their own.
  if (deviation <= 1e-12 * (1 + std::abs(mean))) return {1.0, base - mean};

  std::vector<double> x(logit.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = (logit[i] - mean) / deviation;
  double offset = base, scale = 0;
  Objective now = objective(x, label, weight, offset, scale);
  for (int iteration = 0; iteration < iteration_limit; ++iteration) {
    const double determinant = now.h00 * now.h11 - now.h01 * now.h01;
    if (!(determinant > 0)) return {};
    const double step0 = (now.h11 * now.g0 - now.h01 * now.g1) / determinant;
    const double step1 = (now.h00 * now.g1 - now.h01 * now.g0) / determinant;
    // Where the predicted decrease is below what a sum over all samples resolves, the full step is the last one.
    const bool converged = now.g0 * step0 + now.g1 * step1 <= 1e-12 * now.loss;
    double factor = 1;
    Objective next = objective(x, label, weight, offset - step0, scale - step1);
    while (!converged && !(next.loss <= now.loss) && factor > 1e-10) {
      factor /= 2;
      next = objective(x, label, weight, offset - factor * step0, scale - factor * step1);
    }
    offset -= factor * step0;
    scale -= factor * step1;
    if (!(std::abs(scale) < largest_scale)) return {};
    now = next;
    if (converged) return {scale / deviation, offset - scale * mean / deviation};
  }
  return {};
}

}  // namespace c2al

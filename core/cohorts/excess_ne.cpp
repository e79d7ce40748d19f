#include "core/cohorts/excess_ne.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/data/random_stream.hpp"
#include "core/error.hpp"
#include "core/evaluation/cross_entropy.hpp"
#include "core/evaluation/evaluate.hpp"

namespace c2al {

namespace {

using Eigen::Index;
using Vector = Eigen::VectorXd;
/// Column-major, so that a feature is contiguous while it is standardised.
using Matrix = Eigen::MatrixXd;

/// One cohort's samples.
struct Regression {
  Matrix features;  ///< (n, h_width + 1) standardised h, then the constant 1
  Vector offset;    ///< (n) the baseline's logit
  Vector label;     ///< (n)
  Vector penalty;   ///< (h_width + 1) of the squared coefficients, halved
};

Regression gather(std::span<const std::uint32_t> members, std::span<const float> logit, std::span<const float> label,
                  std::span<const float> h, std::size_t h_width, double ridge) {
  const auto n = static_cast<Index>(members.size());
  const auto width = static_cast<Index>(h_width);
  Regression r{Matrix(n, width + 1), Vector(n), Vector(n), Vector(width + 1)};
  for (Index i = 0; i < n; ++i) {
    const std::size_t sample = members[static_cast<std::size_t>(i)];
    for (Index j = 0; j < width; ++j) r.features(i, j) = h[sample * h_width + static_cast<std::size_t>(j)];
    r.features(i, width) = 1;
    r.offset(i) = logit[sample];
    r.label(i) = label[sample];
  }
  double units = 0;
  for (Index j = 0; j < width; ++j) {
    auto feature = r.features.col(j);
    const double mean = feature.mean();
    feature.array() -= mean;
    const double deviation = std::sqrt(feature.squaredNorm() / static_cast<double>(n));
    // A unit that is constant in this cohort but for rounding tells nothing.
    if (deviation > 1e-9 * (1 + std::abs(mean))) {
      feature /= deviation;
      units += 1;
    } else {
      feature.setZero();
    }
  }
  r.penalty.setConstant(ridge * std::max(units, 1.0));
  r.penalty(width) = ridge;
  return r;
}

/// Penalised loss of the samples whose mask is 1.
double objective(const Regression& r, const Vector& mask, const Vector& head) {
  const Vector z = r.offset + r.features * head;
  double loss = 0.5 * head.dot(r.penalty.cwiseProduct(head));
  for (Index i = 0; i < z.size(); ++i)
    if (mask(i) != 0) loss += cross_entropy(r.label(i), z(i));
  return loss;
}

/// Newton's method with halved steps from the baseline's own head; the ridge makes the loss strictly convex.
Vector fit_head(const Regression& r, const Vector& mask) {
  constexpr int iteration_limit = 100;
  constexpr double tolerance = 1e-9;  // of the mean loss, nats
  const double samples = mask.sum();
  Vector head = Vector::Zero(r.features.cols());
  double loss = objective(r, mask, head);
  Matrix hessian(head.size(), head.size()), scaled(r.features.rows(), head.size());
  for (int iteration = 0; iteration < iteration_limit; ++iteration) {
    const Vector z = r.offset + r.features * head;
    const Vector p = z.unaryExpr([](double x) { return sigmoid(x); });
    const Vector gradient = r.features.transpose() * mask.cwiseProduct(p - r.label) + r.penalty.cwiseProduct(head);
    const Vector curvature = (mask.array() * p.array() * (1 - p.array())).sqrt();
    scaled.noalias() = curvature.asDiagonal() * r.features;
    hessian.setZero();
    hessian.diagonal() = r.penalty;
    hessian.selfadjointView<Eigen::Lower>().rankUpdate(scaled.transpose());
    const Vector step = hessian.selfadjointView<Eigen::Lower>().ldlt().solve(gradient);
    const double decrease = gradient.dot(step);
    if (decrease <= tolerance * (samples + 1)) return head;
    double factor = 1;
    Vector next = head - step;
    double next_loss = objective(r, mask, next);
    while (!(next_loss < loss) && factor > 1e-10) {
      factor /= 2;
      next = head - factor * step;
      next_loss = objective(r, mask, next);
    }
    if (!(next_loss < loss)) return head;  // the gain of any step is lost in rounding
    head = std::move(next);
    loss = next_loss;
  }
  throw RunError(fmt::format(
      "the refitted head of a cohort of {} samples did not converge in {} Newton steps (cohorts.ridge = {})",
      r.label.size(), iteration_limit, r.penalty(r.penalty.size() - 1)));
}

std::size_t fold_of(std::uint32_t sample, const RefitSettings& settings) {
  const std::uint32_t word =
      random_block(settings.seed, StreamPurpose::splitting, name_hash("discovery folds"), sample)[0];
  return static_cast<std::size_t>((static_cast<std::uint64_t>(word) * settings.folds) >> 32);
}

}  // namespace

double excess_ne(std::span<const std::uint32_t> members, std::span<const float> logit, std::span<const float> label,
                 std::span<const float> h, std::size_t h_width, const RefitSettings& settings) {
  double positives = 0;
  for (const std::uint32_t i : members) positives += label[i];
  const auto n = static_cast<double>(members.size());
  if (!(positives > 0 && positives < n)) return undefined_value;

  const Regression r = gather(members, logit, label, h, h_width, settings.ridge);
  double gain = 0;
  for (std::size_t fold = 0; fold < settings.folds; ++fold) {
    Vector mask(r.label.size());
    for (Index i = 0; i < mask.size(); ++i)
      mask(i) = fold_of(members[static_cast<std::size_t>(i)], settings) != fold ? 1.0 : 0.0;
    const Vector z = r.offset + r.features * fit_head(r, mask);
    for (Index i = 0; i < mask.size(); ++i)
      if (mask(i) == 0) gain += cross_entropy(r.label(i), r.offset(i)) - cross_entropy(r.label(i), z(i));
  }
  return gain / n / binary_entropy(positives / n);
}

}  // namespace c2al

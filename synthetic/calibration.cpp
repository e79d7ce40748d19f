#include "synthetic/calibration.hpp"

#include <algorithm>
#include <cmath>

#include "core/data/batch.hpp"
#include "synthetic/sampler.hpp"
#include "synthetic/truth.hpp"

namespace c2al::synthetic {
namespace {

/// Sums for a variance; the terms' means are close to 0, so that nothing cancels.
struct Spread {
  double count = 0, sum = 0, square = 0;

  void add(double value) {
    count += 1;
    sum += value;
    square += value * value;
  }
  double variance() const { return count > 0 ? square / count - (sum / count) * (sum / count) : std::nan(""); }
};

}  // namespace

double solve_intercept(const std::vector<double>& logits, double base_rate) {
  const auto [smallest, largest] = std::minmax_element(logits.begin(), logits.end());
  const double wanted = std::log(base_rate / (1 - base_rate));
  double low = wanted - *largest, high = wanted - *smallest;  // all samples below, above the base rate
  double b = wanted;
  // Newton's method, replaced by bisection where it leaves the bracket; the mean rises with b.
  for (int step = 0; step < 100; ++step) {
    double mean = 0, slope = 0;
    for (const double logit : logits) {
      const double p = sigmoid(b + logit);
      mean += p;
      slope += p * (1 - p);
    }
    mean /= static_cast<double>(logits.size());
    slope /= static_cast<double>(logits.size());
    (mean < base_rate ? low : high) = b;
    double next = b - (mean - base_rate) / slope;
    if (!(next > low && next < high)) next = (low + high) / 2;
    const double change = std::abs(next - b);
    b = next;
    if (change < 1e-10) break;
  }
  return b;
}

WorldSummary calibrate(const World& world, double base_rate) {
  Spread linear, global;
  std::vector<std::vector<Spread>> specific;
  for (const AxisEffect& axis : world.axes) specific.emplace_back(axis.cohorts.size());

  Sampler sampler(world, split_count, false);
  SampleBlock block(world);
  Truth truth(world);
  std::vector<double> logits;
  logits.reserve(calibration_samples);
  while (logits.size() < calibration_samples) {
    sampler.draw(logits.size(), std::min(SampleBlock::capacity, calibration_samples - logits.size()), block);
    truth.evaluate(block);
    logits.insert(logits.end(), truth.logit(), truth.logit() + block.size);
    for (std::size_t s = 0; s < block.size; ++s) {
      linear.add(truth.linear()[s]);
      global.add(truth.global()[s]);
      for (std::size_t a = 0; a < world.axes.size(); ++a) {
        const auto own = static_cast<std::size_t>(block.cohort[a * SampleBlock::capacity + s]);
        specific[a][own].add(truth.cohort_effect(a, own)[s] - world.axes[a].cohorts[own].bias);
      }
    }
  }

  WorldSummary summary;
  summary.intercept = solve_intercept(logits, base_rate);
  for (const Field& field : world.schema.fields) summary.vocabularies.push_back(field.vocabulary);
  summary.linear_variance = linear.variance();
  summary.global_variance = global.variance();
  for (const std::vector<Spread>& axis : specific) {
    std::vector<double>& variances = summary.specific_variance.emplace_back();
    for (const Spread& spread : axis) variances.push_back(spread.variance());
  }
  return summary;
}

}  // namespace c2al::synthetic

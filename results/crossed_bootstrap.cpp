#include "results/crossed_bootstrap.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <vector>

#include "core/data/random_stream.hpp"

namespace c2al {

namespace {

/// How often each of n things is drawn in n draws with replacement.
template <class T>
void draw_counts(RandomStream& stream, std::vector<T>& counts) {
  std::fill(counts.begin(), counts.end(), T(0));
  for (std::size_t i = 0; i < counts.size(); ++i) counts[stream.below(counts.size())] += T(1);
}

double weighted_sum(std::span<const float> loss, const std::vector<float>& count) {
  // Eight partial sums in double: the order is fixed, and the loop vectorises.
  double part[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= loss.size(); i += 8)
    for (std::size_t j = 0; j < 8; ++j) part[j] += static_cast<double>(loss[i + j]) * static_cast<double>(count[i + j]);
  for (; i < loss.size(); ++i) part[0] += static_cast<double>(loss[i]) * static_cast<double>(count[i]);
  return ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
}

/// Relative change of each seed's summed loss, percent.
std::vector<double> changes(const FixedSetLosses& losses, const std::vector<float>& count) {
  std::vector<double> change(losses.seeds);
  for (std::size_t s = 0; s < losses.seeds; ++s) {
    const double reference = weighted_sum(losses.reference.subspan(s * losses.rows, losses.rows), count);
    change[s] =
        100 * (weighted_sum(losses.method.subspan(s * losses.rows, losses.rows), count) - reference) / reference;
  }
  return change;
}

/// Linear interpolation between the order statistics.
double quantile(const std::vector<double>& sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

PairedDifference crossed_bootstrap(const FixedSetLosses& losses, std::size_t replicates, std::uint64_t seed) {
  std::vector<float> row_count(losses.rows, 1.0f);
  PairedDifference result = paired_difference(changes(losses, row_count));
  if (result.n < 2 || result.n < losses.seeds || losses.rows < 2 || replicates < 2) return result;

  RandomStream stream(seed, StreamPurpose::resampling);
  std::vector<double> seed_count(losses.seeds), values;
  for (std::size_t b = 0; b < replicates; ++b) {
    draw_counts(stream, row_count);
    draw_counts(stream, seed_count);
    const std::vector<double> change = changes(losses, row_count);
    double sum = 0;
    for (std::size_t s = 0; s < losses.seeds; ++s) sum += seed_count[s] * change[s];
    values.push_back(sum / static_cast<double>(losses.seeds));
  }
  double mean = 0, squares = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  for (const double value : values) squares += (value - mean) * (value - mean);
  result.standard_error = std::sqrt(squares / static_cast<double>(values.size() - 1));
  std::sort(values.begin(), values.end());
  result.low = quantile(values, 0.025);
  result.high = quantile(values, 0.975);
  const boost::math::normal normal;
  result.smallest_resolvable =
      (boost::math::quantile(normal, 0.975) + boost::math::quantile(normal, 0.8)) * result.standard_error;
  const bool resolved = std::abs(result.mean) >= result.smallest_resolvable && std::isfinite(result.standard_error);
  result.reading = resolved && result.high < 0  ? Reading::gain
                   : resolved && result.low > 0 ? Reading::harm
                                                : Reading::unresolved;
  result.t_test_p = result.standard_error > 0
                        ? 2 * boost::math::cdf(normal, -std::abs(result.mean) / result.standard_error)
                        : std::nan("");
  return result;
}

}  // namespace c2al

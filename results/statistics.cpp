#include "results/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

namespace c2al {

namespace {

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

double two_sided_t_p(double mean, double standard_error, double degrees) {
  if (standard_error == 0) return mean == 0 ? 1.0 : 0.0;
  const boost::math::students_t distribution(degrees);
  return 2 * boost::math::cdf(boost::math::complement(distribution, std::abs(mean / standard_error)));
}

}  // namespace

const char* to_string(Reading reading) noexcept {
  switch (reading) {
    case Reading::gain:
      return "gain";
    case Reading::harm:
      return "harm";
    default:
      return "unresolved";
  }
}

double t_quantile(double probability, double degrees) {
  return boost::math::quantile(boost::math::students_t(degrees), probability);
}

double sign_test(std::size_t negative, std::size_t positive) {
  const std::size_t n = negative + positive;
  if (n == 0) return std::numeric_limits<double>::quiet_NaN();
  const boost::math::binomial distribution(static_cast<double>(n), 0.5);
  return std::min(1.0, 2 * boost::math::cdf(distribution, static_cast<double>(std::min(negative, positive))));
}

PairedDifference paired_difference(std::span<const double> differences) {
  PairedDifference result;
  std::vector<double> defined;
  for (double difference : differences) {
    if (std::isnan(difference)) {
      ++result.undefined;
      continue;
    }
    defined.push_back(difference);
    ++(difference < 0 ? result.negative : difference > 0 ? result.positive : result.zero);
  }
  result.n = defined.size();
  if (defined.empty()) return result;
  const double n = static_cast<double>(result.n);
  result.mean = std::accumulate(defined.begin(), defined.end(), 0.0) / n;
  result.median = median_of(defined);
  result.sign_test_p = sign_test(result.negative, result.positive);
  // An infinite difference (a prediction of exactly 0 that came true) has a sign but no spread.
  if (result.n < 2 || !std::isfinite(result.mean)) return result;

  double squares = 0;
  for (double difference : defined) squares += (difference - result.mean) * (difference - result.mean);
  result.standard_error = std::sqrt(squares / (n - 1) / n);
  const double t = t_quantile(0.975, n - 1);
  result.low = result.mean - t * result.standard_error;
  result.high = result.mean + t * result.standard_error;
  result.smallest_resolvable = (t + t_quantile(0.80, n - 1)) * result.standard_error;
  result.t_test_p = two_sided_t_p(result.mean, result.standard_error, n - 1);
  if (result.high < 0) result.reading = Reading::gain;
  if (result.low > 0) result.reading = Reading::harm;
  return result;
}

std::vector<double> holm_adjusted(std::span<const double> p) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (!std::isnan(p[i])) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.begin(), p.end());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double factor = static_cast<double>(order.size() - rank);
    largest = std::max(largest, std::min(1.0, factor * p[order[rank]]));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

}  // namespace c2al

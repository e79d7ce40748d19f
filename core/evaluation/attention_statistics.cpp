#include "core/evaluation/attention_statistics.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "core/evaluation/evaluation_table.hpp"

namespace c2al {

namespace {

constexpr double near_zero = 0.1;

/// G = (2 sum_i i a_i) / (n sum_i a_i) - (n + 1) / n over a = |x| sorted ascending, i from 1.
double gini(std::vector<double> magnitude, double sum) {
  std::sort(magnitude.begin(), magnitude.end());
  double ranked = 0;
  for (std::size_t i = 0; i < magnitude.size(); ++i) ranked += static_cast<double>(i + 1) * magnitude[i];
  const auto n = static_cast<double>(magnitude.size());
  return 2 * ranked / (n * sum) - (n + 1) / n;
}

/// exp of the entropy of the normalised singular values, taken from the smaller Gram matrix.
double effective_rank(std::span<const double> x, std::size_t rows, std::size_t columns) {
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const Matrix> a(x.data(), static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
  const Matrix gram = rows < columns ? Matrix(a * a.transpose()) : Matrix(a.transpose() * a);
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(gram, Eigen::EigenvaluesOnly);
  const Eigen::VectorXd singular = solver.eigenvalues().cwiseMax(0.0).cwiseSqrt();
  const double sum = singular.sum();
  double entropy = 0;
  for (const double s : singular)
    if (s > 0) entropy -= s / sum * std::log(s / sum);
  return std::exp(entropy);
}

/// Members in one place, so that means over samples treat them alike.
constexpr double ConcentrationStatistics::*members[] = {&ConcentrationStatistics::gini,
                                                        &ConcentrationStatistics::entropy,
                                                        &ConcentrationStatistics::hoyer,
                                                        &ConcentrationStatistics::excess_kurtosis,
                                                        &ConcentrationStatistics::near_zero_share,
                                                        &ConcentrationStatistics::rms,
                                                        &ConcentrationStatistics::effective_rank};

ConcentrationStatistics undefined() {
  ConcentrationStatistics s;
  for (const auto member : members) s.*member = undefined_value;
  return s;
}

}  // namespace

ConcentrationStatistics concentration(std::span<const double> x, std::size_t rows, std::size_t columns) {
  ConcentrationStatistics s = undefined();
  const auto n = static_cast<double>(x.size());
  std::vector<double> magnitude(x.size());
  double sum = 0, squares = 0, mean = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    magnitude[i] = std::abs(x[i]);
    sum += magnitude[i];
    squares += x[i] * x[i];
    mean += x[i] / n;
  }
  // Denormal squares would make ratios of rounding errors.
  if (x.empty() || !(squares > 0) || !std::isfinite(squares)) return s;

  const double rms = std::sqrt(squares / n);
  double second = 0, fourth = 0, entropy = 0, small = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double d2 = (x[i] - mean) * (x[i] - mean);
    second += d2 / n;
    fourth += d2 * d2 / n;
    if (magnitude[i] > 0) entropy -= magnitude[i] / sum * std::log(magnitude[i] / sum);
    small += magnitude[i] < near_zero * rms;
  }
  s.near_zero_share = small / n;
  s.rms = rms;
  if (x.size() > 1) {
    s.entropy = entropy / std::log(n);
    s.hoyer = (std::sqrt(n) - sum / std::sqrt(squares)) / (std::sqrt(n) - 1);
    s.gini = gini(std::move(magnitude), sum);
  }
  if (second > 1e-24 * squares / n) s.excess_kurtosis = fourth / (second * second) - 3;
  if (rows > 0 && columns > 0) s.effective_rank = effective_rank(x, rows, columns);
  return s;
}

ConcentrationStatistics mean_concentration(std::span<const double> x, std::size_t samples, std::size_t rows,
                                           std::size_t columns) {
  ConcentrationStatistics mean;
  std::vector<double> counts(std::size(members), 0.0);
  const std::size_t size = rows * columns;
  for (std::size_t b = 0; b < samples; ++b) {
    const ConcentrationStatistics s = concentration(x.subspan(b * size, size), rows, columns);
    for (std::size_t m = 0; m < std::size(members); ++m) {
      if (std::isnan(s.*members[m])) continue;
      mean.*members[m] += s.*members[m];
      counts[m] += 1;
    }
  }
  for (std::size_t m = 0; m < std::size(members); ++m)
    mean.*members[m] = counts[m] > 0 ? mean.*members[m] / counts[m] : undefined_value;
  return mean;
}

double dead_share(std::span<const double> x, std::size_t samples, std::size_t units) {
  if (samples == 0 || units == 0) return undefined_value;
  std::vector<bool> alive(units, false);
  for (std::size_t b = 0; b < samples; ++b)
    for (std::size_t u = 0; u < units; ++u)
      if (x[b * units + u] != 0) alive[u] = true;
  return static_cast<double>(std::count(alive.begin(), alive.end(), false)) / static_cast<double>(units);
}

}  // namespace c2al

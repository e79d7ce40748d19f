#pragma once
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace c2al {

/// Statistics of the concentration of a set of numbers, scale-free but for rms (entries of Y, of a layer, of an
/// activation). All are NaN for an empty set or one that is zero throughout; gini, entropy and hoyer also for a single
/// number, the kurtosis also for equal numbers.
struct ConcentrationStatistics {
  double gini = 0;             ///< of |x|; 0 even, -> 1 concentrated; a Gaussian has 0.414. Primary statistic
  double entropy = 0;          ///< of |x| / sum |x|, divided by log(n): 1 even, 0 concentrated
  double hoyer = 0;            ///< (sqrt(n) - |x|_1/|x|_2) / (sqrt(n) - 1)
  double excess_kurtosis = 0;  ///< of x
  double near_zero_share = 0;  ///< share of |x| < 0.1 rms(x)
  double rms = 0;              ///< root mean square of x: the scale, which the others are free of
  double effective_rank = 0;   ///< exp of the entropy of normalised singular values; NaN where x is no matrix
};

/// @param x  values; @param rows, columns  of the matrix for the effective rank, 0 for none (rows * columns = x.size())
ConcentrationStatistics concentration(std::span<const double> x, std::size_t rows = 0, std::size_t columns = 0);

/// Mean over samples of concentration(), each sample a matrix of rows x columns; x is (samples, rows, columns). Samples
/// on which a statistic is undefined do not enter its mean.
ConcentrationStatistics mean_concentration(std::span<const double> x, std::size_t samples, std::size_t rows,
                                           std::size_t columns);

/// Share of units (columns) of a ReLU activation (samples, units) that are zero on every sample.
double dead_share(std::span<const double> x, std::size_t samples, std::size_t units);

}  // namespace c2al

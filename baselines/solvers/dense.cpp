#include "baselines/solvers/dense.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>

namespace c2al::baselines {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const Matrix> square(std::span<const double> values, std::size_t n) {
  return {values.data(), static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n)};
}

Eigen::Map<const Eigen::VectorXd> column(std::span<const double> values) {
  return {values.data(), static_cast<Eigen::Index>(values.size())};
}

}  // namespace

std::vector<double> least_norm_solution(std::span<const double> matrix, std::span<const double> right_side) {
  if (right_side.empty()) return {};
  Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> decomposition;
  decomposition.setThreshold(1e-12);
  decomposition.compute(square(matrix, right_side.size()));
  const Eigen::VectorXd x = decomposition.solve(column(right_side));
  return {x.begin(), x.end()};
}

std::vector<double> positive_definite_solution(std::span<const double> matrix, std::span<const double> right_side) {
  const Eigen::MatrixXd copy = square(matrix, right_side.size());
  const Eigen::VectorXd x = copy.ldlt().solve(column(right_side));
  return {x.begin(), x.end()};
}

Spectrum spectrum(std::span<const double> matrix, std::size_t n) {
  const Eigen::MatrixXd copy = square(matrix, n);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(copy);
  Spectrum result;
  result.values.assign(solver.eigenvalues().begin(), solver.eigenvalues().end());
  const Matrix vectors = solver.eigenvectors();
  result.vectors.assign(vectors.data(), vectors.data() + vectors.size());
  return result;
}

}  // namespace c2al::baselines

#pragma once
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "core/training/catalogue.hpp"

namespace c2al::testing {

using Vector = std::vector<double>;
/// Rows are task gradients.
using Jacobian = std::vector<Vector>;

inline double dot(const Vector& a, const Vector& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }
inline double norm(const Vector& a) { return std::sqrt(dot(a, a)); }

/// Row-major (T, T).
inline Vector gram_of(const Jacobian& jacobian) {
  Vector gram;
  for (const Vector& a : jacobian)
    for (const Vector& b : jacobian) gram.push_back(dot(a, b));
  return gram;
}

inline Jacobian scaled(Jacobian jacobian, double factor) {
  for (Vector& row : jacobian)
    for (double& entry : row) entry *= factor;
  return jacobian;
}

inline Vector combine(const Jacobian& jacobian, const Vector& weights) {
  Vector sum(jacobian[0].size(), 0.0);
  for (std::size_t t = 0; t < jacobian.size(); ++t)
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += weights[t] * jacobian[t][k];
  return sum;
}

inline std::unique_ptr<Aggregator> make_rule(const std::string& name,
                                             std::map<std::string, Settings::Value> settings = {}) {
  return find_method(name).describe().make_aggregator(7, Settings("test", std::move(settings)));
}

inline Vector weigh(Aggregator& rule, const Jacobian& jacobian, std::uint64_t step = 0) {
  const Vector gram = gram_of(jacobian);
  Vector weights(jacobian.size(), 1.0);
  rule.weigh({jacobian.size(), gram, step}, weights);
  return weights;
}

/// Weights of a freshly made rule at step 0.
inline Vector weigh(const std::string& name, const Jacobian& jacobian,
                    std::map<std::string, Settings::Value> settings = {}) {
  return weigh(*make_rule(name, std::move(settings)), jacobian);
}

}  // namespace c2al::testing

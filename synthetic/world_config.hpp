#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace c2al::synthetic {

/// One cohort of an axis.
struct CohortConfig {
  std::string name;
  double share = 0;              ///< of the population; shares of an axis sum to 1
  double bias = 0;               ///< added to the logit
  double global_multiplier = 1;  ///< factor on the global pair interactions; -1 flips their sign
  double specific_strength = 0;  ///< s_spec: strength of the cohort-only pair interactions; 0: none are drawn
};

/// A division of the population into cohorts.
struct AxisConfig {
  std::string name;
  std::vector<CohortConfig> cohorts;
  bool visible = true;        ///< the cohort is an input field; otherwise only its proxies are
  std::size_t proxies = 0;    ///< proxy fields of a hidden axis
  double proxy_fidelity = 0;  ///< rho: probability that a proxy's id follows the cohort's own permutation
  std::uint32_t proxy_vocabulary = 0;
  std::size_t specific_pairs = 4;  ///< field pairs of the cohort-only interactions
  bool private_latents = false;    ///< cohort-only interactions use latent vectors of their own
  /// Names of two cohorts; the interactions of the second are minus those of the first. Both empty: no conflict.
  std::string conflict_of, conflict_with;
};

/// A heterogeneous-cohort world with known p(y|x). Each seed draws a new world of this description:
///   logit = b + linear_strength * linear + global_strength * global * product over axes of global_multiplier[cohort]
///             + sum over axes of (bias[cohort] + specific_strength[cohort] * specific[cohort]).
/// linear is a sum of one effect an id; global and specific are sums of u_i^T A_ij u_j over random field pairs. Each
/// has mean 0 and variance 1 in the population before its strength. b meets the base rate. Fields are independent of
/// each other and, but for proxies, of the cohorts.
struct WorldConfig {
  std::string objective = "click";
  std::size_t fields = 8;  ///< m: categorical fields that are neither cohort nor proxy, the inert one included
  std::uint32_t vocabulary_min = 10, vocabulary_max = 60;  ///< sizes are log-uniform in between, both included
  double zipf_exponent = 1;     ///< id k has probability proportional to (k + 1)^-zipf_exponent
  std::size_t latent_rank = 2;  ///< r: length of the latent vectors u
  double base_rate = 0.1;       ///< mean of p(y|x)
  double linear_strength = 0.6;
  double global_strength = 0.8;
  std::size_t global_pairs = 5;
  std::vector<AxisConfig> axes;
  /// The last field is inert: it enters no term, has one id a cohort of the first axis with that axis's shares, and
  /// makes a control axis named "sham". It is counted in `fields`.
  bool inert_field = true;
};

/// Samples of each split. With test_stratified, every cohort of the first axis gets an equal part of the test split and
/// samples are weighted back to the population; p(y|x) does not change.
struct SplitSizes {
  std::size_t train = 300000, discovery = 60000, validation = 60000, test = 60000;
  bool test_stratified = true;
};

}  // namespace c2al::synthetic

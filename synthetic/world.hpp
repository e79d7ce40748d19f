#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/data/schema.hpp"
#include "synthetic/distribution.hpp"
#include "synthetic/interaction.hpp"
#include "synthetic/world_config.hpp"

namespace c2al::synthetic {

/// Ids of one proxy field of a hidden axis. P(id | cohort) = rho * zipf(rank of id in the cohort's own permutation)
/// + (1 - rho) * zipf(id).
struct Proxy {
  std::vector<AliasTable> given_cohort;
  std::vector<std::vector<double>> log_probability;  ///< (cohort, vocabulary) log P(id | cohort)
};

/// What a cohort does to the logit.
struct CohortEffect {
  double log_share = 0;
  double bias = 0;
  double global_multiplier = 1;
  double specific_strength = 0;             ///< negative where a conflict turns another cohort's interactions round
  std::optional<std::size_t> interactions;  ///< index into AxisEffect::interactions; none without strength
};

struct AxisEffect {
  bool visible = true;
  std::vector<CohortEffect> cohorts;
  AliasTable shares;
  std::vector<PairInteractions> interactions;
  std::vector<Proxy> proxies;  ///< of a hidden axis
};

/// A drawn world: the distribution of x and the logit
///   b + s_lin * linear + s_g * global * product over axes of the cohort's multiplier
///     + sum over axes of (bias + s_spec * specific),
/// where linear, global and specific have mean 0 and variance 1 in the population.
struct World {
  std::uint64_t seed = 0;
  std::size_t active_fields = 0;
  bool inert_field = false;
  std::vector<std::vector<double>> id_probability;  ///< (active field, vocabulary)
  std::vector<AliasTable> ids;                      ///< of the active fields
  std::vector<std::vector<double>> linear;          ///< (active field, vocabulary) effects, summed to variance 1
  double linear_offset = 0;                         ///< makes their mean 0
  double linear_strength = 0, global_strength = 0;
  std::optional<PairInteractions> global;  ///< none without strength
  std::vector<AxisEffect> axes;
  Schema schema;
};

/// Draws the world of `seed`; `config` has passed validate(). The schema's fields are the active fields f0, f1, ...,
/// the inert field "sham", the visible axes by their names, then the proxies AXIS_proxy0, AXIS_proxy1, ...; its axes
/// are those of the description, then the control axis "sham".
World draw_world(const WorldConfig& config, std::uint64_t seed);

}  // namespace c2al::synthetic

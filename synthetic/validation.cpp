#include "synthetic/validation.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <set>

#include "core/error.hpp"

namespace c2al::synthetic {
namespace {

template <typename T>
[[noreturn]] void refuse(const std::string& key, const T& found, const std::string& expected) {
  throw UsageError(fmt::format("{} = {}: expected {}", key, found, expected));
}

void require_strength(const std::string& key, double value) {
  if (!(value >= 0 && std::isfinite(value))) refuse(key, value, "a finite number that is not negative");
}

void require_finite(const std::string& key, double value) {
  if (!std::isfinite(value)) refuse(key, value, "a finite number");
}

std::size_t active_fields(const WorldConfig& world) { return world.fields - (world.inert_field ? 1 : 0); }

void require_pairs(const std::string& key, std::size_t pairs, std::size_t fields) {
  const std::size_t most = fields * (fields - 1) / 2;
  if (pairs < 1 || pairs > most)
    refuse(key, pairs,
           fmt::format("1 to {}, the pairs that {} active fields have, as its strength is not 0", most, fields));
}

void check_fields(const WorldConfig& world) {
  const std::size_t least = world.inert_field ? 2 : 1;
  if (world.fields < least)
    refuse("world.fields", world.fields,
           fmt::format("at least {}{}", least, world.inert_field ? ", one of them inert" : ""));
  if (world.vocabulary_min < 2) refuse("world.vocabulary[0]", world.vocabulary_min, "at least 2");
  if (world.vocabulary_max < world.vocabulary_min)
    refuse("world.vocabulary[1]", world.vocabulary_max, fmt::format("at least {}", world.vocabulary_min));
  // Beyond 10 all but the first id have practically no probability, and no term has a variance to standardise.
  if (!(world.zipf_exponent >= 0 && world.zipf_exponent <= 10))
    refuse("world.zipf_exponent", world.zipf_exponent, "0 to 10");
  if (world.latent_rank < 1) refuse("world.latent_rank", world.latent_rank, "at least 1");
}

void check_strengths(const WorldConfig& world) {
  if (!(world.base_rate > 0 && world.base_rate < 1))
    refuse("world.base_rate", world.base_rate, "more than 0 and less than 1");
  require_strength("world.linear_strength", world.linear_strength);
  require_strength("world.global_strength", world.global_strength);
  if (world.global_strength != 0) require_pairs("world.global_pairs", world.global_pairs, active_fields(world));
}

void check_conflict(const AxisConfig& axis, const std::string& key, const std::set<std::string>& cohorts) {
  if (axis.conflict_of.empty() && axis.conflict_with.empty()) return;
  const std::string found = fmt::format("[\"{}\", \"{}\"]", axis.conflict_of, axis.conflict_with);
  if (axis.conflict_of == axis.conflict_with || !cohorts.contains(axis.conflict_of) ||
      !cohorts.contains(axis.conflict_with))
    refuse(key + ".conflict", found, "two different cohorts of this axis");
}

void check_proxies(const AxisConfig& axis, const std::string& key) {
  if (axis.proxies == 0) return;
  if (axis.visible) refuse(key + ".proxies", axis.proxies, "0, as the axis is visible");
  if (!(axis.proxy_fidelity >= 0 && axis.proxy_fidelity <= 1))
    refuse(key + ".proxy_fidelity", axis.proxy_fidelity, "0 to 1");
  if (axis.proxy_vocabulary < 2) refuse(key + ".proxy_vocabulary", axis.proxy_vocabulary, "at least 2");
}

void check_axis(const WorldConfig& world, const AxisConfig& axis, const std::string& key) {
  if (axis.cohorts.size() < 2 || axis.cohorts.size() > std::numeric_limits<std::uint16_t>::max())
    refuse(key + ".cohorts", fmt::format("{} cohorts", axis.cohorts.size()), "2 to 65535");
  std::set<std::string> names;
  double sum = 0;
  bool interacts = false;
  for (std::size_t c = 0; c < axis.cohorts.size(); ++c) {
    const CohortConfig& cohort = axis.cohorts[c];
    const std::string at = fmt::format("{}.cohorts[{}]", key, c);
    if (cohort.name.empty() || !names.insert(cohort.name).second)
      refuse(at + ".name", fmt::format("\"{}\"", cohort.name), "a name no other cohort of the axis has");
    if (!(cohort.share > 0 && cohort.share < 1)) refuse(at + ".share", cohort.share, "more than 0 and less than 1");
    require_finite(at + ".bias", cohort.bias);
    require_finite(at + ".global_multiplier", cohort.global_multiplier);
    require_strength(at + ".specific_strength", cohort.specific_strength);
    sum += cohort.share;
    interacts = interacts || cohort.specific_strength != 0;
  }
  if (std::abs(sum - 1) > 1e-9) throw UsageError(fmt::format("{}.cohorts: the shares sum to {}: expected 1", key, sum));
  if (interacts) require_pairs(key + ".specific_pairs", axis.specific_pairs, active_fields(world));
  check_conflict(axis, key, names);
  check_proxies(axis, key);
}

void check_axes(const WorldConfig& world) {
  if (world.inert_field && world.axes.empty())
    refuse("world.inert_field", true, "false, as there is no world.axes whose shares the inert field could take");
  std::set<std::string> names;
  for (std::size_t f = 0; f < active_fields(world); ++f) names.insert(fmt::format("f{}", f));
  if (world.inert_field) names.insert("sham");
  for (std::size_t a = 0; a < world.axes.size(); ++a) {
    const AxisConfig& axis = world.axes[a];
    const std::string key = fmt::format("world.axes[{}]", a);
    bool is_new = !axis.name.empty() && names.insert(axis.name).second;
    for (std::size_t p = 0; p < axis.proxies; ++p)
      is_new = names.insert(fmt::format("{}_proxy{}", axis.name, p)).second && is_new;
    if (!is_new)
      refuse(key + ".name", fmt::format("\"{}\"", axis.name),
             "a name of no other axis or field (fields are f0, f1, ..., the inert one \"sham\", proxies AXIS_proxy0, "
             "...)");
    check_axis(world, axis, key);
  }
}

/// Batches number the rows of the concatenated table with 32 bits.
void check_table_rows(const WorldConfig& world) {
  double rows = static_cast<double>(world.fields) * world.vocabulary_max;
  for (const AxisConfig& axis : world.axes)
    rows += static_cast<double>(axis.cohorts.size()) + static_cast<double>(axis.proxies) * axis.proxy_vocabulary;
  if (rows > std::numeric_limits<std::int32_t>::max())
    throw UsageError(
        fmt::format("world.fields, world.vocabulary and proxy_vocabulary allow {} rows: expected at most {}", rows,
                    std::numeric_limits<std::int32_t>::max()));
}

void check_splits(const WorldConfig& world, const SplitSizes& splits) {
  if (!splits.test_stratified || world.axes.empty() || splits.test == 0) return;
  const std::size_t cohorts = world.axes.front().cohorts.size();
  if (splits.test < cohorts)
    refuse("splits.test", splits.test,
           fmt::format("at least {}, one sample for each stratum of axis \"{}\"", cohorts, world.axes.front().name));
}

}  // namespace

void validate(const WorldConfig& world, const SplitSizes& splits) {
  check_fields(world);
  check_strengths(world);
  check_axes(world);
  check_table_rows(world);
  check_splits(world, splits);
}

}  // namespace c2al::synthetic

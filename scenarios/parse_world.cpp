#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "scenarios/sections.hpp"

namespace c2al {

namespace {

constexpr std::int64_t largest_count = 1'000'000'000;

synthetic::CohortConfig parse_cohort(TableReader reader) {
  synthetic::CohortConfig cohort;
  reader.require("name");
  reader.read_name("name", cohort.name);
  reader.require("share");
  reader.read("share", cohort.share, Range{0, 1, true, true});
  reader.read("bias", cohort.bias, Range{-30, 30});
  reader.read("global_multiplier", cohort.global_multiplier, Range{-100, 100});
  reader.read("specific_strength", cohort.specific_strength, Range{0, 100});
  reader.finish();
  return cohort;
}

void parse_conflict(TableReader& reader, synthetic::AxisConfig& axis) {
  if (!reader.has("conflict")) return;
  std::vector<std::string> names;
  for (const synthetic::CohortConfig& cohort : axis.cohorts) names.push_back(cohort.name);
  std::vector<std::string> pair;
  reader.read("conflict", pair);
  const auto known = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (pair.size() != 2 || pair[0] == pair[1] || !known(pair[0]) || !known(pair[1]))
    reader.fail("conflict", fmt::format("two different cohorts of this axis ({})", fmt::join(names, ", ")));
  axis.conflict_of = pair[0];
  axis.conflict_with = pair[1];
}

void parse_proxies(TableReader& reader, synthetic::AxisConfig& axis) {
  reader.read("visible", axis.visible);
  reader.read("proxies", axis.proxies, 0, 64);
  reader.read("proxy_fidelity", axis.proxy_fidelity, Range{0, 1});
  reader.read("proxy_vocabulary", axis.proxy_vocabulary, 2, 10'000'000);
  if (axis.visible && axis.proxies > 0) reader.fail("proxies", "0 on a visible axis (set visible = false to hide it)");
  if (axis.proxies > 0) {
    reader.require("proxy_fidelity");
    reader.require("proxy_vocabulary");
  }
}

synthetic::AxisConfig parse_axis(TableReader reader) {
  synthetic::AxisConfig axis;
  reader.require("name");
  reader.read_name("name", axis.name);
  reader.require("cohorts");
  std::vector<double> shares;
  for (TableReader& cohort : reader.tables("cohorts")) {
    axis.cohorts.push_back(parse_cohort(cohort));
    shares.push_back(axis.cohorts.back().share);
    for (std::size_t c = 0; c + 1 < axis.cohorts.size(); ++c)
      if (axis.cohorts[c].name == axis.cohorts.back().name)
        cohort.fail("name", "a name no other cohort of the axis has");
  }
  if (axis.cohorts.size() < 2) reader.fail("cohorts", "at least two cohorts");
  check_shares(reader, "cohorts", shares);
  parse_proxies(reader, axis);
  reader.read("specific_pairs", axis.specific_pairs, 0, largest_count);
  reader.read("latents", axis.private_latents, latents_words);
  parse_conflict(reader, axis);
  reader.finish();
  return axis;
}

void parse_vocabulary(TableReader& reader, synthetic::WorldConfig& world) {
  if (!reader.has("vocabulary")) return;
  std::vector<std::uint32_t> bounds;
  reader.read("vocabulary", bounds, 2, 10'000'000);
  if (bounds.size() != 2 || bounds[0] > bounds[1])
    reader.fail("vocabulary", "the smallest and the largest size, [10, 60]");
  world.vocabulary_min = bounds[0];
  world.vocabulary_max = bounds[1];
}

/// Interactions that have a strength need distinct pairs of fields that are not inert.
void check_pairs(const TableReader& reader, const std::string& key, std::size_t pairs, std::size_t active_fields) {
  const std::size_t possible = active_fields * (active_fields - 1) / 2;
  if (pairs < 1 || pairs > possible)
    reader.fail(
        key, fmt::format("1 to {}, the pairs of {} active fields, as its strength is not 0", possible, active_fields));
}

}  // namespace

void check_shares(const TableReader& reader, const std::string& key, const std::vector<double>& shares) {
  double sum = 0;
  for (const double share : shares) sum += share;
  if (!(std::abs(sum - 1) <= 1e-9))
    throw UsageError(fmt::format("{}: {} {}: the shares {} sum to {:.12g}: expected 1", reader.where(), reader.name(),
                                 key, fmt::join(shares, " + "), sum));
}

synthetic::WorldConfig parse_world(TableReader reader) {
  synthetic::WorldConfig world;
  reader.read_name("objective", world.objective);
  reader.read("inert_field", world.inert_field);
  reader.read("fields", world.fields, world.inert_field ? 2 : 1, 10000);
  parse_vocabulary(reader, world);
  reader.read("zipf_exponent", world.zipf_exponent, Range{0, 10});
  reader.read("latent_rank", world.latent_rank, 1, 64);
  reader.read("base_rate", world.base_rate, Range{0, 1, true, true});
  reader.read("linear_strength", world.linear_strength, Range{0, 100});
  reader.read("global_strength", world.global_strength, Range{0, 100});
  reader.read("global_pairs", world.global_pairs, 0, largest_count);
  const std::size_t active_fields = world.fields - (world.inert_field ? 1 : 0);
  if (world.global_strength > 0) check_pairs(reader, "global_pairs", world.global_pairs, active_fields);

  reader.require("axes");
  for (TableReader& axis_reader : reader.tables("axes")) {
    const synthetic::AxisConfig axis = parse_axis(axis_reader);
    for (const synthetic::CohortConfig& cohort : axis.cohorts)
      if (cohort.specific_strength > 0) check_pairs(axis_reader, "specific_pairs", axis.specific_pairs, active_fields);
    if (axis.name == "sham" && world.inert_field)
      axis_reader.fail("name", "another name: 'sham' is the control axis of the inert field");
    for (const synthetic::AxisConfig& other : world.axes)
      if (other.name == axis.name) axis_reader.fail("name", "a name no other axis has");
    world.axes.push_back(axis);
  }
  if (world.axes.empty()) reader.fail("axes", "at least one axis");
  reader.finish();
  return world;
}

synthetic::SplitSizes parse_splits(TableReader reader) {
  synthetic::SplitSizes splits;
  reader.read("train", splits.train, 1, largest_count);
  reader.read("discovery", splits.discovery, 1, largest_count);
  reader.read("validation", splits.validation, 1, largest_count);
  reader.read("test", splits.test, 1, largest_count);
  reader.read("test_stratified", splits.test_stratified);
  reader.finish();
  return splits;
}

}  // namespace c2al

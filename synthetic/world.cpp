#include "synthetic/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace c2al::synthetic {
namespace {

std::uint32_t draw_vocabulary(const WorldConfig& config, std::uint64_t seed, std::size_t field) {
  RandomStream stream = world_stream(seed, fmt::format("vocabulary/{}", field));
  const double low = std::log(config.vocabulary_min), high = std::log(config.vocabulary_max + 1.0);
  const auto size = static_cast<std::uint32_t>(std::exp(low + (high - low) * stream.uniform()));
  return std::clamp(size, config.vocabulary_min, config.vocabulary_max);
}

void draw_linear(World& world) {
  double mean = 0, variance = 0;
  for (std::size_t f = 0; f < world.active_fields; ++f) {
    RandomStream stream = world_stream(world.seed, fmt::format("linear/{}", f));
    const std::vector<double>& probability = world.id_probability[f];
    std::vector<double>& effects = world.linear.emplace_back(probability.size());
    double first = 0, second = 0;
    for (std::size_t id = 0; id < effects.size(); ++id) {
      effects[id] = stream.normal();
      first += probability[id] * effects[id];
      second += probability[id] * effects[id] * effects[id];
    }
    mean += first;
    variance += second - first * first;
  }
  const double scale = 1 / std::sqrt(variance);
  for (std::vector<double>& effects : world.linear)
    for (double& effect : effects) effect *= scale;
  world.linear_offset = -mean * scale;
}

std::vector<std::uint32_t> vocabularies(const World& world) {
  std::vector<std::uint32_t> sizes;
  for (const auto& probability : world.id_probability) sizes.push_back(static_cast<std::uint32_t>(probability.size()));
  return sizes;
}

Proxy draw_proxy(const AxisConfig& axis, std::uint64_t seed, std::size_t number) {
  const std::vector<double> common = zipf(axis.proxy_vocabulary, 1);
  Proxy proxy;
  for (const CohortConfig& cohort : axis.cohorts) {
    RandomStream stream = world_stream(seed, fmt::format("proxy/{}/{}/{}", axis.name, cohort.name, number));
    std::vector<std::size_t> rank(common.size());
    std::iota(rank.begin(), rank.end(), std::size_t{0});
    for (std::size_t k = rank.size(); k > 1; --k) std::swap(rank[k - 1], rank[stream.below(k)]);
    std::vector<double> probability(common.size());
    for (std::size_t id = 0; id < common.size(); ++id)
      probability[id] = axis.proxy_fidelity * common[rank[id]] + (1 - axis.proxy_fidelity) * common[id];
    proxy.given_cohort.emplace_back(probability);
    std::vector<double>& log_probability = proxy.log_probability.emplace_back();
    for (const double p : probability) log_probability.push_back(std::log(p));
  }
  return proxy;
}

AxisEffect draw_axis(const WorldConfig& config, const AxisConfig& axis, const World& world, const Latents& shared) {
  AxisEffect effect;
  effect.visible = axis.visible;
  std::vector<double> shares;
  std::map<std::string, std::size_t> drawn;  // interactions by the cohort they were drawn for
  for (const CohortConfig& cohort : axis.cohorts) {
    shares.push_back(cohort.share);
    CohortEffect& c = effect.cohorts.emplace_back();
    c.log_share = std::log(cohort.share);
    c.bias = cohort.bias;
    c.global_multiplier = cohort.global_multiplier;
    if (cohort.specific_strength == 0) continue;
    const bool turned = !axis.conflict_with.empty() && cohort.name == axis.conflict_with;
    const std::string& owner = turned ? axis.conflict_of : cohort.name;
    c.specific_strength = turned ? -cohort.specific_strength : cohort.specific_strength;
    const auto [entry, is_new] = drawn.emplace(owner, effect.interactions.size());
    c.interactions = entry->second;
    if (!is_new) continue;
    const std::string name = fmt::format("specific/{}/{}", axis.name, owner);
    RandomStream stream = world_stream(world.seed, name);
    const Latents& latents =
        axis.private_latents ? draw_latents(world.seed, name, vocabularies(world), config.latent_rank) : shared;
    effect.interactions.emplace_back(latents, world.id_probability, axis.specific_pairs, stream);
  }
  effect.shares = AliasTable(shares);
  for (std::size_t p = 0; p < axis.proxies; ++p) effect.proxies.push_back(draw_proxy(axis, world.seed, p));
  return effect;
}

Schema describe(const WorldConfig& config, const World& world) {
  Schema schema;
  schema.objective = config.objective;
  schema.has_truth = true;
  for (std::size_t f = 0; f < world.active_fields; ++f)
    schema.fields.push_back({fmt::format("f{}", f), static_cast<std::uint32_t>(world.id_probability[f].size())});
  std::vector<Field> visible, proxies;
  for (const AxisConfig& axis : config.axes) {
    CohortAxis& described = schema.axes.emplace_back();
    described.name = axis.name;
    described.is_input = axis.visible;
    for (const CohortConfig& cohort : axis.cohorts) described.cohorts.push_back(cohort.name);
    if (axis.visible) visible.push_back({axis.name, static_cast<std::uint32_t>(axis.cohorts.size())});
    for (std::size_t p = 0; p < axis.proxies; ++p)
      proxies.push_back({fmt::format("{}_proxy{}", axis.name, p), axis.proxy_vocabulary});
  }
  if (world.inert_field) {
    CohortAxis sham = schema.axes.front();
    sham.name = "sham";
    sham.is_input = sham.is_control = true;
    schema.fields.push_back({sham.name, static_cast<std::uint32_t>(sham.cohorts.size())});
    schema.axes.push_back(std::move(sham));
  }
  schema.fields.insert(schema.fields.end(), visible.begin(), visible.end());
  schema.fields.insert(schema.fields.end(), proxies.begin(), proxies.end());
  return schema;
}

}  // namespace

World draw_world(const WorldConfig& config, std::uint64_t seed) {
  World world;
  world.seed = seed;
  world.inert_field = config.inert_field;
  world.active_fields = config.fields - (config.inert_field ? 1 : 0);
  world.linear_strength = config.linear_strength;
  world.global_strength = config.global_strength;
  for (std::size_t f = 0; f < world.active_fields; ++f) {
    world.id_probability.push_back(zipf(draw_vocabulary(config, seed, f), config.zipf_exponent));
    world.ids.emplace_back(world.id_probability.back());
  }
  draw_linear(world);
  const Latents shared = draw_latents(seed, "global", vocabularies(world), config.latent_rank);
  if (config.global_strength != 0) {
    RandomStream stream = world_stream(seed, "global");
    world.global.emplace(shared, world.id_probability, config.global_pairs, stream);
  }
  for (const AxisConfig& axis : config.axes) world.axes.push_back(draw_axis(config, axis, world, shared));
  world.schema = describe(config, world);
  return world;
}

}  // namespace c2al::synthetic

#include "synthetic/truth.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace c2al::synthetic {
namespace {

constexpr std::size_t capacity = SampleBlock::capacity;

/// P(cohort | proxies of the axis) of one sample, by Bayes' rule.
/// @param id  of the sample in the axis's first proxy field; the next proxy's is `capacity` further
void posterior(const AxisEffect& axis, const std::int32_t* id, std::vector<double>& probability) {
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c < axis.cohorts.size(); ++c) {
    double log_joint = axis.cohorts[c].log_share;
    for (std::size_t p = 0; p < axis.proxies.size(); ++p)
      log_joint += axis.proxies[p].log_probability[c][static_cast<std::size_t>(id[p * capacity])];
    probability[c] = log_joint;
    largest = std::max(largest, log_joint);
  }
  double sum = 0;
  for (double& p : probability) sum += p = std::exp(p - largest);
  for (double& p : probability) p /= sum;
}

}  // namespace

double sigmoid(double x) noexcept { return 1 / (1 + std::exp(-x)); }

Truth::Truth(const World& world)
    : world_(world),
      linear_(capacity),
      unmultiplied_(capacity),
      global_(capacity),
      logit_(capacity),
      specific_(capacity) {
  for (std::size_t a = 0; a < world.axes.size(); ++a) {
    effect_.emplace_back(world.axes[a].cohorts.size() * capacity);
    if (world.axes[a].visible) continue;
    hidden_.push_back(a);
    posterior_.emplace_back(world.axes[a].cohorts.size());
  }
  combination_.resize(hidden_.size());
}

void Truth::evaluate(const SampleBlock& block) {
  const std::size_t size = block.size;
  std::fill_n(linear_.data(), size, world_.linear_offset);
  for (std::size_t f = 0; f < world_.active_fields; ++f) {
    const std::int32_t* id = block.id.data() + f * capacity;
    const double* effects = world_.linear[f].data();
    for (std::size_t s = 0; s < size; ++s) linear_[s] += effects[id[s]];
  }
  for (std::size_t s = 0; s < size; ++s) linear_[s] *= world_.linear_strength;

  std::fill_n(unmultiplied_.data(), size, 0.0);
  if (world_.global) world_.global->evaluate(block.id.data(), capacity, size, unmultiplied_.data());
  for (std::size_t s = 0; s < size; ++s) unmultiplied_[s] *= world_.global_strength;
  std::copy_n(unmultiplied_.data(), size, global_.data());

  std::copy_n(linear_.data(), size, logit_.data());
  for (std::size_t a = 0; a < world_.axes.size(); ++a) {
    const AxisEffect& axis = world_.axes[a];
    for (std::size_t c = 0; c < axis.cohorts.size(); ++c)
      std::fill_n(effect_[a].data() + c * capacity, size, axis.cohorts[c].bias);
    for (std::size_t k = 0; k < axis.interactions.size(); ++k) {
      axis.interactions[k].evaluate(block.id.data(), capacity, size, specific_.data());
      for (std::size_t c = 0; c < axis.cohorts.size(); ++c) {
        if (axis.cohorts[c].interactions != k) continue;
        double* effect = effect_[a].data() + c * capacity;
        for (std::size_t s = 0; s < size; ++s) effect[s] += axis.cohorts[c].specific_strength * specific_[s];
      }
    }
    for (std::size_t s = 0; s < size; ++s) {
      const auto own = static_cast<std::size_t>(block.cohort[a * capacity + s]);
      logit_[s] += effect_[a][own * capacity + s];
      global_[s] *= axis.cohorts[own].global_multiplier;
    }
  }
  for (std::size_t s = 0; s < size; ++s) logit_[s] += global_[s];
}

void Truth::probabilities(const SampleBlock& block, double intercept, double* p_true, double* p_bayes) {
  for (std::size_t s = 0; s < block.size; ++s) p_true[s] = sigmoid(intercept + logit_[s]);
  if (hidden_.empty())
    std::copy_n(p_true, block.size, p_bayes);
  else
    for (std::size_t s = 0; s < block.size; ++s) p_bayes[s] = marginalised(block, s, intercept);
}

double Truth::marginalised(const SampleBlock& block, std::size_t sample, double intercept) {
  double base = intercept + linear_[sample], global = unmultiplied_[sample];
  const std::int32_t* proxy = block.id.data() + (world_.schema.fields.size() * capacity) + sample;
  for (const std::size_t a : hidden_) proxy -= world_.axes[a].proxies.size() * capacity;
  for (std::size_t h = 0; h < hidden_.size(); ++h) {
    const AxisEffect& axis = world_.axes[hidden_[h]];
    posterior(axis, proxy, posterior_[h]);
    proxy += axis.proxies.size() * capacity;
  }
  for (std::size_t a = 0; a < world_.axes.size(); ++a) {
    if (!world_.axes[a].visible) continue;
    const auto own = static_cast<std::size_t>(block.cohort[a * capacity + sample]);
    base += effect_[a][own * capacity + sample];
    global *= world_.axes[a].cohorts[own].global_multiplier;
  }

  double probability = 0;
  std::fill(combination_.begin(), combination_.end(), 0u);
  for (;;) {
    double weight = 1, logit = base, multiplier = 1;
    for (std::size_t h = 0; h < hidden_.size(); ++h) {
      const std::size_t a = hidden_[h], c = combination_[h];
      weight *= posterior_[h][c];
      logit += effect_[a][c * capacity + sample];
      multiplier *= world_.axes[a].cohorts[c].global_multiplier;
    }
    probability += weight * sigmoid(logit + multiplier * global);
    std::size_t h = 0;
    while (h < hidden_.size() && ++combination_[h] == posterior_[h].size()) combination_[h++] = 0;
    if (h == hidden_.size()) return probability;
  }
}

}  // namespace c2al::synthetic

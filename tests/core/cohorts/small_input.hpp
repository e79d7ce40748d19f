#pragma once
#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/cohorts/discovery.hpp"
#include "core/data/random_stream.hpp"

namespace c2al::testing {

/// Discovery inputs made by hand: samples with two standard normal units h, to which axes are added.
struct SmallInput {
  Schema schema;
  DiscoveryInput input;
  std::vector<std::vector<std::uint16_t>> membership;  ///< by axis

  explicit SmallInput(std::size_t size) {
    RandomStream stream(1, StreamPurpose::samples);
    input.size = size;
    input.h_width = 2;
    for (std::size_t i = 0; i < 2 * size; ++i) input.h.push_back(static_cast<float>(stream.normal()));
    input.logit.assign(size, 0.0f);
    input.label.assign(size, 0.0f);
    input.seed = 7;
  }

  /// Adds an axis whose members are drawn at random with the given shares; returns its index.
  std::size_t add_axis(const std::string& name, const std::vector<double>& shares, bool is_control = false) {
    RandomStream stream(2, StreamPurpose::samples, name_hash(name.c_str()));
    CohortAxis axis{name, {}, false, is_control};
    for (std::size_t c = 0; c < shares.size(); ++c) axis.cohorts.push_back(fmt::format("c{}", c));
    schema.axes.push_back(axis);
    std::vector<std::uint16_t> members(input.size);
    for (std::uint16_t& cohort : members) {
      double u = stream.uniform();
      for (cohort = 0; cohort + 1u < shares.size() && u >= shares[cohort]; ++cohort) u -= shares[cohort];
    }
    membership.push_back(std::move(members));
    return membership.size() - 1;
  }

  float h(std::size_t sample, std::size_t unit) const { return input.h[2 * sample + unit]; }

  /// Sets the baseline's logits to logit(i) and the truth, from which labels are drawn, to truth(i).
  template <class Logit, class Truth>
  void set_predictions(Logit logit, Truth truth) {
    RandomStream stream(3, StreamPurpose::samples);
    input.p_true.clear();
    for (std::size_t i = 0; i < input.size; ++i) {
      input.logit[i] = static_cast<float>(logit(i));
      input.p_true.push_back(1 / (1 + std::exp(-truth(i))));
      input.label[i] = stream.uniform() < input.p_true[i] ? 1.0f : 0.0f;
    }
    input.p_bayes = input.p_true;
  }

  DiscoveryTable discover(const DiscoverySettings& settings = {}) {
    input.schema = &schema;
    input.cohort.clear();
    for (std::size_t i = 0; i < input.size; ++i)
      for (const auto& axis : membership) input.cohort.push_back(axis[i]);
    return c2al::discover(input, settings);
  }
};

}  // namespace c2al::testing

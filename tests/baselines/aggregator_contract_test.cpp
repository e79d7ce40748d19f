// What every rule of the catalogue that knows only the Gram matrix promises, whoever wrote it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>

#include "core/data/random_stream.hpp"
#include "core/error.hpp"
#include "tests/baselines/aggregators.hpp"

namespace c2al {
namespace {

using testing::combine;
using testing::dot;
using testing::gram_of;
using testing::Jacobian;
using testing::make_rule;
using testing::norm;
using testing::scaled;
using testing::Vector;
using testing::weigh;
using Order = std::vector<std::size_t>;

Jacobian random_jacobian(RandomStream& stream, std::size_t tasks, std::size_t size) {
  Jacobian jacobian(tasks, Vector(size));
  for (Vector& row : jacobian)
    for (double& entry : row) entry = stream.normal();
  return jacobian;
}

/// Random gradients of 2 to 5 tasks, in so few dimensions that they often depend on one another, or many; some of
/// lengths that differ by powers of ten.
std::vector<Jacobian> random_jacobians(std::size_t count) {
  RandomStream stream(11, StreamPurpose::method);
  std::vector<Jacobian> all;
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(random_jacobian(stream, 2 + i % 4, i % 3 == 0 ? 2 : 8));
    if (i % 5 != 4) continue;
    for (Vector& row : all.back()) {
      const double length = std::pow(10.0, 2 * stream.normal());
      for (double& entry : row) entry *= length;
    }
  }
  return all;
}

/// Gradients that break careless rules, by what is wrong with them.
std::map<std::string, Jacobian> hostile_jacobians() {
  const Jacobian ordinary = {{2, -1, -0.5, 0.3}, {-1, 1.5, -0.2, 0.4}, {-0.6, -0.3, 1, 0.2}};
  return {{"zero", {{0, 0}, {0, 0}, {0, 0}}},
          {"zero_auxiliaries", {{3, 1}, {0, 0}, {0, 0}}},
          {"zero_primary", {{0, 0}, {1, 2}, {-2, 1}}},
          {"one_zero_auxiliary", {{3, 1}, {0, 0}, {-2, 1}}},
          {"equal", {{1, 2, 3}, {1, 2, 3}, {1, 2, 3}}},
          {"two_equal", {{1, 2, 3}, {-1, 1, 0}, {-1, 1, 0}}},
          {"parallel", {{1, 2, 3}, {2, 4, 6}, {0.1, 0.2, 0.3}}},
          {"dependent", {{1, 2, 0}, {-1, 1, 1}, {0, 3, 1}}},
          {"opposing", {{1, 2}, {-1, -2}}},
          {"opposing_unequal", {{1, 2}, {-3, -6}}},
          {"opposing_and_another", {{1, 2, 0}, {-1, -2, 0}, {0, 0, 1}}},
          {"nearly_opposing", {{1, 2}, {-1, -2 + 1e-9}}},
          {"origin_in_the_hull", {{1, 0}, {-1, 1}, {-1, -1}}},
          {"large", scaled(ordinary, 1e15)},
          {"small", scaled(ordinary, 1e-15)},
          {"large_primary", {{2e15, -1e15, 0}, {-1, 1.5, 1}, {-0.6, -0.3, 1}}},
          {"large_auxiliary", {{2, -1, 0}, {-1e15, 1.5e15, 1e15}, {-0.6, -0.3, 1}}},
          {"one_task", {{1, 2}}},
          {"five_tasks", {{1, 0}, {0, 1}, {-1, 0}, {0, -1}, {1, 1}}}};
}

Jacobian reordered(const Jacobian& jacobian, const Order& order) {
  Jacobian result;
  for (const std::size_t t : order) result.push_back(jacobian[t]);
  return result;
}

std::vector<Order> all_orders(std::size_t tasks) {
  Order order(tasks);
  std::iota(order.begin(), order.end(), 0u);
  std::vector<Order> orders;
  do orders.push_back(order);
  while (std::next_permutation(order.begin(), order.end()));
  return orders;
}

bool is_rotation(const Order& order) {
  for (std::size_t t = 0; t < order.size(); ++t)
    if (order[t] != (order[0] + t) % order.size()) return false;
  return true;
}

/// Whether a property covers a reordering.
bool covers(Permutation property, const Order& order) {
  switch (property) {
    case Permutation::full:
      return true;
    case Permutation::cyclic:
      return is_rotation(order);
    case Permutation::auxiliaries:
      return order[0] == 0;
    case Permutation::none:
      return false;
  }
  return false;
}

/// How far the direction moves when the tasks are reordered, relative to max(1, |d|).
double direction_moves(const std::string& name, const Jacobian& jacobian, const Order& order) {
  const Jacobian other = reordered(jacobian, order);
  const Vector d = combine(jacobian, weigh(name, jacobian)), e = combine(other, weigh(name, other));
  double largest = 0;
  for (std::size_t k = 0; k < d.size(); ++k) largest = std::max(largest, std::abs(d[k] - e[k]));
  return largest / std::max(1.0, norm(d));
}

double length_without_cancellation(const Jacobian& jacobian, const Vector& weights) {
  double length = 0;
  for (std::size_t t = 0; t < jacobian.size(); ++t) length += std::abs(weights[t]) * norm(jacobian[t]);
  return length;
}

class AggregatorContract : public ::testing::TestWithParam<std::string> {
 protected:
  static MethodProperties properties() { return find_method(GetParam()).describe().properties; }
};

TEST_P(AggregatorContract, IsFiniteOnHostileGradients) {
  for (const auto& [what, jacobian] : hostile_jacobians()) {
    const auto rule = make_rule(GetParam());
    for (std::uint64_t step = 0; step < 3; ++step)
      for (const double weight : weigh(*rule, jacobian, step)) EXPECT_TRUE(std::isfinite(weight)) << what;
  }
}

// A rule may fix the direction's length (Nash-MTL), so directions are compared without it.
TEST_P(AggregatorContract, ScalingAllGradientsScalesTheDirectionOnly) {
  for (const Jacobian& jacobian : random_jacobians(40)) {
    const Vector weights = weigh(GetParam(), jacobian), d = combine(jacobian, weights);
    // What all but cancels has no direction.
    if (norm(d) <= 1e-6 * length_without_cancellation(jacobian, weights)) continue;
    for (const double factor : {1e-15, 1e-3, 1e15}) {
      const Jacobian other = scaled(jacobian, factor);
      const Vector e = combine(other, weigh(GetParam(), other));
      for (std::size_t k = 0; k < d.size(); ++k) EXPECT_NEAR(e[k] / norm(e), d[k] / norm(d), 1e-5) << factor;
    }
  }
}

TEST_P(AggregatorContract, DirectionKeepsUnderTheDeclaredReorderings) {
  const Permutation declared = properties().permutation;
  std::vector<Jacobian> jacobians = random_jacobians(60);
  for (const auto& [what, jacobian] : hostile_jacobians())
    if (norm(gram_of(jacobian)) < 1e10) jacobians.push_back(jacobian);
  for (const Jacobian& jacobian : jacobians)
    for (const Order& order : all_orders(jacobian.size()))
      if (covers(declared, order)) {
        EXPECT_LE(direction_moves(GetParam(), jacobian, order), 1e-4) << ::testing::PrintToString(jacobian);
      }
}

// In general position the weights are unique and move along with their tasks.
TEST_P(AggregatorContract, WeightsFollowTheirTasksUnderTheDeclaredReorderings) {
  const Permutation declared = properties().permutation;
  RandomStream stream(12, StreamPurpose::method);
  for (std::size_t i = 0; i < 60; ++i) {
    const Jacobian jacobian = random_jacobian(stream, 2 + i % 4, 8);
    const Vector weights = weigh(GetParam(), jacobian);
    for (const Order& order : all_orders(jacobian.size())) {
      if (!covers(declared, order)) continue;
      const Vector moved = weigh(GetParam(), reordered(jacobian, order));
      for (std::size_t t = 0; t < order.size(); ++t)
        EXPECT_NEAR(moved[t], weights[order[t]], 1e-4 * std::max(1.0, std::abs(moved[t])));
    }
  }
}

TEST_P(AggregatorContract, APermutationNotDeclaredHasAReasonAndDoesFail) {
  const MethodProperties p = properties();
  EXPECT_EQ(p.permutation == Permutation::full, p.permutation_reason.empty());
  for (const Permutation stronger : {Permutation::full, Permutation::cyclic, Permutation::auxiliaries}) {
    // Nothing to be shown for what the declared property implies; full stands for all orders.
    if (p.permutation == Permutation::full || p.permutation == stronger) continue;
    double worst = 0;
    for (const Jacobian& jacobian : random_jacobians(60))
      for (const Order& order : all_orders(jacobian.size()))
        if (covers(stronger, order)) worst = std::max(worst, direction_moves(GetParam(), jacobian, order));
    EXPECT_GT(worst, 1e-3) << "a stronger property than the declared one seems to hold";
  }
}

// The tolerance is relative to the lengths that are multiplied.
TEST_P(AggregatorContract, GoesUphillForNothingItPromisesToLower) {
  const MethodProperties p = properties();
  EXPECT_EQ(p.descent == Descent::none, !p.descent_reason.empty());
  std::vector<Jacobian> jacobians = random_jacobians(200);
  for (const auto& [what, jacobian] : hostile_jacobians()) jacobians.push_back(jacobian);
  double worst = 0;
  for (const Jacobian& jacobian : jacobians) {
    const Vector weights = weigh(GetParam(), jacobian);
    const Vector d = combine(jacobian, weights);
    const Vector sum = combine(jacobian, Vector(jacobian.size(), 1.0));
    const double length = length_without_cancellation(jacobian, weights);
    const auto uphill = [&](const Vector& gradient) {
      return -dot(d, gradient) / std::max(length * norm(gradient), 1e-300);
    };
    const Jacobian promised = p.descent == Descent::sum       ? Jacobian{sum}
                              : p.descent == Descent::primary ? Jacobian{jacobian[0]}
                                                              : jacobian;
    for (const Vector& gradient : promised) worst = std::max(worst, uphill(gradient));
    if (p.descent != Descent::none) {
      EXPECT_LE(worst, 1e-6) << ::testing::PrintToString(jacobian);
    }
  }
  if (p.descent == Descent::none) {
    EXPECT_GT(worst, 1e-3) << "descent seems to hold and is not declared";
  }
}

TEST_P(AggregatorContract, ZeroAuxiliaryGradientsLeaveThePrimaryItsOrReasonsWhy) {
  const MethodProperties p = properties();
  EXPECT_EQ(p.zero_auxiliary_is_plain, p.zero_auxiliary_reason.empty());
  const double weight = weigh(GetParam(), {{0.3, -0.7}, {0, 0}, {0, 0}})[0];
  EXPECT_EQ(weight == 1.0, p.zero_auxiliary_is_plain) << weight;
}

TEST_P(AggregatorContract, StateSurvivesAResume) {
  const std::vector<Jacobian> steps = {{{1, 2}, {-3, 1}, {0.5, -0.1}}, {{2, 2}, {-1, 1}, {5, 0.3}}};
  const Jacobian next = {{1, -1}, {-2, 0.5}, {0.2, 4}};
  const auto whole = make_rule(GetParam()), before = make_rule(GetParam()), after = make_rule(GetParam());
  for (std::size_t s = 0; s < steps.size(); ++s) {
    weigh(*whole, steps[s], s);
    weigh(*before, steps[s], s);
  }
  StateWriter writer;
  before->save(writer);
  StateReader reader(writer);
  after->load(reader);
  EXPECT_EQ(weigh(*after, next, steps.size()), weigh(*whole, next, steps.size()));
}

std::vector<std::string> rules() {
  std::vector<std::string> names;
  for (const CatalogueEntry& entry : method_catalogue())
    if (entry.describe().make_aggregator != nullptr) names.push_back(entry.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, AggregatorContract, ::testing::ValuesIn(rules()),
                         [](const auto& test) { return test.param; });

TEST(AggregatorCatalogue, TheCatalogueHoldsTheRulesOfTheField) {
  EXPECT_THAT(rules(), ::testing::IsSupersetOf({"aligned_mtl", "cagrad", "cosine_gating", "imtl_g", "metabalance",
                                                "mgda", "nash_mtl", "pcgrad", "upgrad"}));
}

// Not so opposed that CAGrad's ball is too small to stay near the average: like MGDA it then brings all g_t . d to one
// value, which in three dimensions is one direction.
TEST(AggregatorCatalogue, NoTwoRulesAreTheSame) {
  const Jacobian opposing = {{3, -0.3, -0.2}, {-0.2, 1, -0.2}, {-0.1, -0.1, 0.6}};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < i; ++j) ASSERT_LT(dot(opposing[i], opposing[j]), 0);
  std::map<std::string, Vector> directions = {{"the plain sum", combine(opposing, {1, 1, 1})}};
  for (const std::string& name : rules()) directions[name] = combine(opposing, weigh(name, opposing));
  for (const auto& [a, d] : directions) {
    for (const auto& [b, e] : directions) {
      if (a >= b) continue;
      double difference = 0;
      for (std::size_t k = 0; k < d.size(); ++k)
        difference = std::max(difference, std::abs(d[k] / norm(d) - e[k] / norm(e)));
      EXPECT_GT(difference, 1e-3) << a << " and " << b << " point the same way";
    }
  }
}

// The shortest point d of a hull: every vertex is at least as far along d, those with weight exactly as far.
TEST(AggregatorCatalogue, MgdaMeetsItsOptimalityConditions) {
  std::vector<Jacobian> jacobians = random_jacobians(200);
  for (const auto& [what, jacobian] : hostile_jacobians()) jacobians.push_back(jacobian);
  for (const Jacobian& jacobian : jacobians) {
    const Vector weights = weigh("mgda", jacobian), d = combine(jacobian, weights);
    double sum = 0;
    for (std::size_t t = 0; t < jacobian.size(); ++t) {
      const double tolerance = 1e-7 * norm(jacobian[t]) * std::max(norm(d), norm(jacobian[0]));
      EXPECT_GE(dot(d, jacobian[t]), dot(d, d) - tolerance) << ::testing::PrintToString(jacobian);
      EXPECT_GE(weights[t], 0);
      if (weights[t] > 1e-9) {
        EXPECT_NEAR(dot(d, jacobian[t]), dot(d, d), tolerance) << ::testing::PrintToString(jacobian);
      }
      sum += weights[t];
    }
    EXPECT_NEAR(sum, 1, 1e-12);
  }
}

// Sufficient conditions of its convex problem: d = g0 + J^T u with u >= 0 and |d - g0| <= c |g0|; a task whose u is
// positive is among the worst served; a ball that is not used up leaves the worst task at zero.
TEST(AggregatorCatalogue, CagradMeetsItsOptimalityConditions) {
  constexpr double c = 0.5;
  std::size_t used_up = 0;
  for (const Jacobian& jacobian : random_jacobians(200)) {
    const std::size_t tasks = jacobian.size();
    Vector u = weigh("cagrad", jacobian);
    const Vector d = combine(jacobian, u), g0 = combine(jacobian, Vector(tasks, 1.0 / static_cast<double>(tasks)));
    double worst = std::numeric_limits<double>::infinity();
    for (std::size_t t = 0; t < tasks; ++t) {
      u[t] -= 1.0 / static_cast<double>(tasks);
      worst = std::min(worst, dot(d, jacobian[t]));
    }
    const double radius = c * norm(g0), away = norm(combine(jacobian, u));
    EXPECT_LE(away, radius * (1 + 1e-8));
    for (std::size_t t = 0; t < tasks; ++t) {
      const double tolerance = 1e-6 * norm(jacobian[t]) * norm(g0);
      EXPECT_GE(u[t], -1e-12);
      if (u[t] * norm(jacobian[t]) > 1e-6 * norm(g0)) {
        EXPECT_NEAR(dot(d, jacobian[t]), worst, tolerance) << ::testing::PrintToString(jacobian);
      }
    }
    if (away > radius * (1 - 1e-6)) {
      ++used_up;
    } else {
      EXPECT_NEAR(worst, 0, 1e-6 * norm(g0) * norm(g0)) << ::testing::PrintToString(jacobian);
    }
  }
  EXPECT_GT(used_up, 100u);
}

TEST(AggregatorVariants, AreFiniteOnHostileGradients) {
  const std::pair<std::string, std::map<std::string, Settings::Value>> variants[] = {
      {"pcgrad", {{"order", std::string("cyclic")}}},
      {"pcgrad", {{"preserve_primary", true}, {"reduction", std::string("mean")}}},
      {"cagrad", {{"center", std::string("primary")}}},
      {"cagrad", {{"c", 2.0}, {"rescale", std::string("one_plus_c")}}},
      {"cagrad", {{"c", 0.0}}},
      {"mgda", {{"normalization", std::string("l2")}}},
      {"mgda", {{"normalization", std::string("l2_step")}}},
      {"cosine_gating", {{"mode", std::string("weighted")}}},
      {"aligned_mtl", {{"scale_mode", std::string("median")}, {"reduction", std::string("sum")}}},
      {"aligned_mtl", {{"scale_mode", std::string("rmse")}}},
      {"nash_mtl", {{"max_norm", 1.0}}},
      {"upgrad", {{"norm_eps", 1e-4}, {"reg_eps", 1e-4}}},
      {"metabalance", {{"strategy", std::string("A")}}},
      {"metabalance", {{"strategy", std::string("B")}, {"relax_factor", 1.0}}}};
  for (const auto& [name, settings] : variants) {
    const std::string first = settings.begin()->first;
    for (const auto& [kind, jacobian] : hostile_jacobians())
      for (const double weight : weigh(name, jacobian, settings))
        EXPECT_TRUE(std::isfinite(weight)) << name << " with " << first << ", " << kind << " gradients";
  }
}

TEST(AggregatorVariants, PrimaryPreservingFormsKeepThePrimarysPlace) {
  for (const Jacobian& jacobian : random_jacobians(60)) {
    // Only auxiliaries are projected: the primary's own share stays 1, and what conflicts with it is taken away.
    if (jacobian.size() == 2) {
      const Vector d = combine(jacobian, weigh("pcgrad", jacobian, {{"preserve_primary", true}}));
      EXPECT_GE(dot(d, jacobian[0]), dot(jacobian[0], jacobian[0]) * (1 - 1e-9));
    }
    const Vector d = combine(jacobian, weigh("cagrad", jacobian, {{"center", std::string("primary")}}));
    const double radius = 0.5 * norm(jacobian[0]);
    Vector away = d;
    for (std::size_t k = 0; k < away.size(); ++k) away[k] -= jacobian[0][k];
    EXPECT_LE(norm(away), radius * (1 + 1e-6)) << "outside CAGrad's ball around the primary";
  }
}

TEST(AggregatorVariants, CyclicPcgradFollowsARotationOfTheTasks) {
  for (const Jacobian& jacobian : random_jacobians(60)) {
    const Vector straight = weigh("pcgrad", jacobian, {{"order", std::string("cyclic")}});
    Order rotation;
    for (std::size_t t = 0; t < jacobian.size(); ++t) rotation.push_back((t + 1) % jacobian.size());
    const Vector rotated = weigh("pcgrad", reordered(jacobian, rotation), {{"order", std::string("cyclic")}});
    for (std::size_t t = 0; t < rotated.size(); ++t)
      EXPECT_NEAR(rotated[t], straight[rotation[t]], 1e-4 * std::max(1.0, std::abs(straight[rotation[t]])));
  }
}

TEST(AggregatorCatalogue, ExactSolversNameTheirLimit) {
  for (const char* name : {"mgda", "cagrad", "upgrad"}) {
    EXPECT_THROW(weigh(name, Jacobian(13, {1.0, 2.0})), UsageError) << name;
    for (const double weight : weigh(name, Jacobian(6, {1.0, 2.0}))) EXPECT_TRUE(std::isfinite(weight)) << name;
  }
}

}  // namespace
}  // namespace c2al

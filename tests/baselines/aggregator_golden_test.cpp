// Aggregation rules against numbers worked elsewhere, and against searches that know only what a rule optimises.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "tests/baselines/aggregators.hpp"

namespace c2al {
namespace {

using testing::combine;
using testing::dot;
using testing::Jacobian;
using testing::norm;
using testing::scaled;
using testing::Vector;
using testing::weigh;

void expect_near(const Vector& found, const Vector& expected, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], tolerance) << "entry " << i;
}

// TorchJD, tests/unit/aggregation/test_values.py, J_base, absolute tolerance 1e-4.
const Jacobian torchjd = {{-4, 1, 1}, {6, 1, 1}};

struct Golden {
  std::string name;
  std::map<std::string, Settings::Value> settings;
  Vector weights;  ///< empty where TorchJD states the gradient only
  Vector gradient;
};

class TorchJd : public ::testing::TestWithParam<Golden> {};

TEST_P(TorchJd, GivesItsWeightsAndItsGradient) {
  const Golden& golden = GetParam();
  const Vector weights = weigh(golden.name, torchjd, golden.settings);
  if (!golden.weights.empty()) expect_near(weights, golden.weights, 1e-4);
  expect_near(combine(torchjd, weights), golden.gradient, 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Values, TorchJd,
                         ::testing::Values(Golden{"pcgrad", {}, {2.2222, 1.5789}, {0.5848, 3.8012, 3.8012}},
                                           Golden{"mgda", {}, {0.6, 0.4}, {0, 1, 1}},
                                           Golden{"cagrad", {{"c", 0.5}}, {0.7041, 0.5}, {0.1835, 1.2041, 1.2041}},
                                           Golden{"aligned_mtl", {}, {0.5591, 0.4083}, {0.2133, 0.9673, 0.9673}},
                                           Golden{"imtl_g", {}, {0.5923, 0.4077}, {0.0767, 1, 1}},
                                           Golden{"nash_mtl", {{"max_norm", 1.0}}, {}, {0.0542, 0.7061, 0.7061}},
                                           Golden{"upgrad",
                                                  {{"norm_eps", 1e-4}, {"reg_eps", 1e-4}},
                                                  {1.1109, 0.7894},
                                                  {0.2929, 1.9004, 1.9004}}),
                         [](const auto& test) { return test.param.name; });

// Three gradients of which each two conflict, independent; and three in a plane whose hull does not hold the origin.
const Jacobian conflicting = {{2, -1, -0.5, 0.3}, {-1, 1.5, -0.2, 0.4}, {-0.6, -0.3, 1, 0.2}};
const Jacobian in_a_plane = {{1, 0.2}, {-0.5, 1}, {0.3, 2}};
const Jacobian unequal = {{30, 1, 0}, {-0.4, 0.1, 0.2}, {-1, -2, 3}};
const std::vector<Jacobian> three_tasks = {conflicting, in_a_plane, unequal};

/// Least value of f over the simplex of three weights: a grid, refined around its best point.
Vector search_simplex(const std::function<double(const Vector&)>& f) {
  Vector best = {1.0 / 3, 1.0 / 3, 1.0 / 3};
  double least = f(best);
  for (double step = 0.02; step > 1e-10; step *= 0.5) {
    const Vector around = best;
    for (int i = -50; i <= 50; ++i) {
      for (int j = -50; j <= 50; ++j) {
        const Vector w = {around[0] + i * step, around[1] + j * step, 1 - around[0] - around[1] - (i + j) * step};
        if (*std::min_element(w.begin(), w.end()) < 0) continue;
        if (const double value = f(w); value < least) {
          least = value;
          best = w;
        }
      }
    }
  }
  return best;
}

TEST(AggregatorGolden, MgdaIsTheShortestPointThatASearchFinds) {
  for (const Jacobian& jacobian : three_tasks) {
    const Vector found = search_simplex([&](const Vector& w) { return norm(combine(jacobian, w)); });
    expect_near(combine(jacobian, weigh("mgda", jacobian)), combine(jacobian, found), 1e-6);
  }
}

TEST(AggregatorGolden, CagradIsTheDirectionThatASearchOfTheSimplexGives) {
  for (const Jacobian& jacobian : three_tasks) {
    for (const bool primary : {false, true}) {
      for (const double c : {0.2, 0.5, 0.9}) {
        const Vector center = primary ? Vector{1, 0, 0} : Vector{1.0 / 3, 1.0 / 3, 1.0 / 3};
        const Vector g0 = combine(jacobian, center);
        const Vector w = search_simplex([&](const Vector& w) {
          const Vector gw = combine(jacobian, w);
          return dot(g0, gw) + c * norm(g0) * norm(gw);
        });
        Vector expected = g0;
        const Vector gw = combine(jacobian, w);
        for (std::size_t k = 0; k < g0.size(); ++k) expected[k] += c * norm(g0) / norm(gw) * gw[k];
        const auto settings = [&](const char* rescale) {
          return std::map<std::string, Settings::Value>{
              {"c", c}, {"center", std::string(primary ? "primary" : "average")}, {"rescale", std::string(rescale)}};
        };
        expect_near(combine(jacobian, weigh("cagrad", jacobian, settings("none"))), expected, 1e-5 * norm(expected));
        const Vector toy = combine(jacobian, weigh("cagrad", jacobian, settings("one_plus_c")));
        const Vector libmtl = combine(jacobian, weigh("cagrad", jacobian, settings("one_plus_c_squared")));
        for (std::size_t k = 0; k < g0.size(); ++k) {
          EXPECT_NEAR(toy[k], expected[k] / (1 + c), 1e-5 * norm(expected));
          EXPECT_NEAR(libmtl[k], expected[k] / (1 + c * c), 1e-5 * norm(expected));
        }
      }
    }
  }
}

TEST(AggregatorGolden, UpgradIsTheMeanOfProjectionsFoundByDykstra) {
  for (const Jacobian& jacobian : three_tasks) {
    Vector expected(jacobian[0].size(), 0.0);
    for (const Vector& gradient : jacobian) {
      // Dykstra's alternating projections on the half-spaces d . g_t >= 0.
      Vector d = gradient;
      std::vector<Vector> correction(3, Vector(d.size(), 0.0));
      for (int round = 0; round < 20000; ++round) {
        for (std::size_t t = 0; t < 3; ++t) {
          Vector y = d;
          for (std::size_t k = 0; k < d.size(); ++k) y[k] += correction[t][k];
          const double factor = std::min(dot(y, jacobian[t]), 0.0) / dot(jacobian[t], jacobian[t]);
          for (std::size_t k = 0; k < d.size(); ++k) d[k] = y[k] - factor * jacobian[t][k];
          for (std::size_t k = 0; k < d.size(); ++k) correction[t][k] = y[k] - d[k];
        }
      }
      for (std::size_t k = 0; k < d.size(); ++k) expected[k] += d[k] / 3;
    }
    expect_near(combine(jacobian, weigh("upgrad", jacobian)), expected, 1e-5 * norm(expected));
  }
}

TEST(AggregatorGolden, NashMtlSolvesItsEquation) {
  for (const double factor : {1e-15, 1.0, 1e15}) {
    for (const Jacobian& original : three_tasks) {
      const Jacobian jacobian = scaled(original, factor);
      const Vector a = weigh("nash_mtl", jacobian);
      const Vector d = combine(jacobian, a);
      for (std::size_t t = 0; t < 3; ++t) EXPECT_NEAR(dot(d, jacobian[t]) * a[t], 1, 1e-8);
      EXPECT_NEAR(norm(d), std::sqrt(3.0), 1e-8);
      EXPECT_NEAR(norm(combine(jacobian, weigh("nash_mtl", jacobian, {{"max_norm", 0.5}}))), 0.5, 1e-8);
    }
  }
}

TEST(AggregatorGolden, ImtlGHasEqualProjectionsAndWeightsThatSumToOne) {
  for (const Jacobian& jacobian : {conflicting, unequal}) {
    const Vector weights = weigh("imtl_g", jacobian);
    EXPECT_NEAR(weights[0] + weights[1] + weights[2], 1, 1e-12);
    const Vector d = combine(jacobian, weights);
    const double projection = dot(d, jacobian[0]) / norm(jacobian[0]);
    for (const Vector& gradient : jacobian) EXPECT_NEAR(dot(d, gradient) / norm(gradient), projection, 1e-9);
  }
}

// Orthogonal gradients of lengths 1, 2 and 4 are their own principal components: eigenvalues 1, 4 and 16.
TEST(AggregatorGolden, AlignedMtlBringsOrthogonalGradientsToOneLength) {
  const Jacobian orthogonal = {{1, 0, 0}, {0, 2, 0}, {0, 0, 4}};
  const std::map<std::string, double> lengths = {{"min", 1}, {"median", 2}, {"rmse", std::sqrt(7.0)}};
  for (const auto& [mode, length] : lengths) {
    expect_near(combine(orthogonal, weigh("aligned_mtl", orthogonal, {{"scale_mode", mode}})),
                {length / 3, length / 3, length / 3}, 1e-12);
    expect_near(combine(orthogonal,
                        weigh("aligned_mtl", orthogonal, {{"scale_mode", mode}, {"reduction", std::string("sum")}})),
                {length, length, length}, 1e-12);
  }
}

// By hand: the hull of unit vectors at a right angle is nearest to the origin in its middle.
TEST(AggregatorGolden, MgdaNormalisesAsItIsTold) {
  const Jacobian right_angle = {{3, 0}, {0, 4}};
  expect_near(weigh("mgda", right_angle), {16.0 / 25, 9.0 / 25}, 1e-12);
  expect_near(weigh("mgda", right_angle, {{"normalization", std::string("l2")}}), {0.5, 0.5}, 1e-12);
  expect_near(weigh("mgda", right_angle, {{"normalization", std::string("l2_step")}}), {0.5 / 3, 0.5 / 4}, 1e-12);
}

// By hand: cosines with the primary are 1/sqrt(2), -1/sqrt(2) and, in the second case, 0.
TEST(AggregatorGolden, CosineGatingKeepsWhatAgrees) {
  const Jacobian jacobian = {{2, 0}, {3, 3}, {-1, 1}};
  EXPECT_EQ(weigh("cosine_gating", jacobian), Vector({1, 1, 0}));
  expect_near(weigh("cosine_gating", jacobian, {{"mode", std::string("weighted")}}), {1, std::sqrt(0.5), 0}, 1e-12);
  EXPECT_EQ(weigh("cosine_gating", {{2, 0}, {0, 5}}), Vector({1, 0}));
}

// By hand: norms 2, 8, 1 in step 0 and 4, 8, 1 in step 1; with beta = 0.5 the averages are 1, 4, 0.5, then 2.5, 6,
// 0.75.
TEST(AggregatorGolden, MetabalancePullsMagnitudesByItsStrategy) {
  const Jacobian first = {{2, 0}, {0, 8}, {1, 0}}, second = {{4, 0}, {0, 8}, {1, 0}};
  for (const std::string strategy : {"A", "B", "C"}) {
    const auto rule = testing::make_rule("metabalance", {{"beta", 0.5}, {"strategy", strategy}});
    const bool down = strategy != "B", up = strategy != "A";
    expect_near(weigh(*rule, first), {1, down ? 0.7 * 1 / 4 + 0.3 : 1, up ? 0.7 * 2 + 0.3 : 1}, 1e-12);
    expect_near(weigh(*rule, second, 1), {1, down ? 0.7 * 2.5 / 6 + 0.3 : 1, up ? 0.7 * 2.5 / 0.75 + 0.3 : 1}, 1e-12);
  }
  EXPECT_EQ(weigh("metabalance", first, {{"relax_factor", 0.0}}), Vector({1, 1, 1}));
}

// By hand, for g1 = (1, 0), g2 = (-1, 1), g3 = (-1, -1): in the order 1, 2, 3, 1 the projections are (0.5, 0.5) then
// (0, 0); (-1, 1) meets g3 (no conflict) and g1: (0, 1); (-1, -1) meets g1: (0, -1), then g2: (-0.5, -0.5).
TEST(AggregatorGolden, PcgradProjectsInCyclicOrder) {
  const Jacobian jacobian = {{1, 0}, {-1, 1}, {-1, -1}};
  const std::map<std::string, Settings::Value> cyclic = {{"order", std::string("cyclic")}};
  expect_near(combine(jacobian, weigh("pcgrad", jacobian, cyclic)), {-0.5, 0.5}, 1e-12);
  expect_near(combine(jacobian, weigh("pcgrad", jacobian,
                                      {{"order", std::string("cyclic")}, {"reduction", std::string("mean")}})),
              {-0.5 / 3, 0.5 / 3}, 1e-12);
  expect_near(
      combine(jacobian, weigh("pcgrad", jacobian, {{"order", std::string("cyclic")}, {"preserve_primary", true}})),
      {0.5, 0.5}, 1e-12);
}

}  // namespace
}  // namespace c2al

// Gradients of MMoE, PLE and towers under all kinds of coefficients; what a task owns; names, initial values, sizes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "core/error.hpp"
#include "tests/core/model/expert_samples.hpp"

namespace c2al::testing {
namespace {

using ::testing::HasSubstr;
using Vector = std::vector<double>;

class ExpertModel : public ::testing::TestWithParam<ExpertCase> {
 protected:
  std::size_t tasks() const { return GetParam().heads.tasks; }
  /// More chunks than lanes, the last one shorter.
  std::unique_ptr<Model> model() const {
    auto made = make_model(full_model(), GetParam().heads, small_input(), "float64", {3, 2});
    made->initialise(3, 0);
    randomise(*made, 7);
    return made;
  }
  Vector first(std::initializer_list<double> values) const {
    return {values.begin(), values.begin() + static_cast<std::ptrdiff_t>(tasks())};
  }
  std::map<std::string, Vector> gradients(Model& model, const TaskCoefficients& coefficients) const {
    pass(model, samples_, coefficients, true);
    std::map<std::string, Vector> all;
    for (const std::string& name : parameter_names(model)) all[name] = model.gradient(name);
    return all;
  }
  TaskCoefficients one_task(std::size_t task) const {
    TaskCoefficients one{Vector(tasks(), 0.0), Vector(tasks(), 0.0)};
    one.trunk[task] = one.heads[task] = 1;
    return one;
  }

  Samples samples_{14, GetParam().heads.tasks, small_input()};
};

INSTANTIATE_TEST_SUITE_P(Heads, ExpertModel, ::testing::ValuesIn(expert_cases()),
                         [](const auto& info) { return info.param.name; });

TEST_P(ExpertModel, ALossReachesWhatIsSharedAndItsOwnAlone) {
  const auto model = this->model();
  for (std::size_t t = 0; t < tasks(); ++t) {
    const auto all = gradients(*model, one_task(t));
    for (const Parameter& parameter : model->layout().parameters) {
      const Vector& gradient = all.at(parameter.name);
      double shared = 0, own = 0;
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        const std::size_t offset = parameter.offset + i;
        if (offset < first_own(*model)) {
          shared += std::abs(gradient[i]);
        } else if (owner(*model, offset) == t) {
          own += std::abs(gradient[i]);
        } else {
          EXPECT_EQ(gradient[i], 0.0) << parameter.name << " " << i << " under task " << t;
        }
      }
      // Where the layout says that a loss reaches a parameter, it does.
      if (parameter.offset < first_own(*model)) {
        EXPECT_GT(shared, 0) << parameter.name << " under task " << t;
      } else if (owner(*model, parameter.offset) == t) {
        EXPECT_GT(own, 0) << parameter.name << " under task " << t;
      }
    }
  }
}

TEST_P(ExpertModel, GradientIsTheCoefficientsCombinationOfTheTaskGradients) {
  const auto model = this->model();
  std::vector<std::map<std::string, Vector>> terms;
  for (std::size_t t = 0; t < tasks(); ++t) terms.push_back(gradients(*model, one_task(t)));
  Vector gram(tasks() * tasks()), ones(tasks(), 1.0), losses(tasks());
  for (const auto& [trunk, heads] :
       {std::pair{first({1, 0, 0.5}), first({0, 2, 3})}, std::pair{first({0, -0.5, 0}), first({1, 0, 0})},
        std::pair{first({0, 0, 0}), first({1, 2, 0})}}) {
    for (const bool combined : {false, true}) {
      if (combined) {
        model->forward(samples_.view());
        model->losses(samples_.task_targets(true), losses);
        model->gram(GradientScope::shared_parameters, ones, gram);
        model->combine({trunk, heads});
      } else {
        pass(*model, samples_, {trunk, heads}, true);
      }
      for (const std::string& name : parameter_names(*model)) {
        const std::size_t offset = name == "embedding" ? 0 : model->layout().find(name).offset;
        const Vector found = model->gradient(name);
        for (std::size_t i = 0; i < found.size(); ++i) {
          const bool shared = offset + i < first_own(*model) || name == "embedding";
          double expected = 0, size = 0;
          for (std::size_t t = 0; t < tasks(); ++t) {
            const double term = (shared ? trunk[t] : heads[t]) * terms[t].at(name)[i];
            expected += term;
            size += std::abs(term);
          }
          ASSERT_NEAR(found[i], expected, 1e-15 + 1e-11 * size) << name << " " << i << (combined ? " combined" : "");
        }
      }
    }
  }
}

TEST_P(ExpertModel, GradientDoesNotDependOnChunksAndLanes) {
  const auto whole = make_model(full_model(), GetParam().heads, small_input(), "float64");
  const TaskCoefficients coefficients{first({1, 0.5, 0.2}), first({0.3, 1, 2})};
  whole->initialise(6, 0);
  const auto expected = gradients(*whole, coefficients);
  for (const ChunkConfig chunk : {ChunkConfig{1, 1}, ChunkConfig{5, 3}, ChunkConfig{16, 64}}) {
    const auto cut = make_model(full_model(), GetParam().heads, small_input(), "float64", chunk);
    cut->initialise(6, 0);
    for (const auto& [name, gradient] : gradients(*cut, coefficients))
      EXPECT_LT(relative_difference(expected.at(name), gradient), 1e-13) << name;
  }
}

TEST_P(ExpertModel, AStepCountOfZeroLeavesAllThatATaskOwnsAlone) {
  const Vector ones(tasks(), 1.0);
  const auto model = this->model();
  const auto flat = [&] {
    std::vector<double> all;
    for (const Parameter& parameter : model->layout().parameters) {
      const std::vector<double> values = model->parameter(parameter.name);
      all.insert(all.end(), values.begin(), values.end());
    }
    return all;
  };
  pass(*model, samples_, {ones, ones});
  UpdateRule rule;
  std::vector<std::uint64_t> steps(tasks(), 1);
  steps.back() = 0;
  rule.own_steps = steps;
  const std::vector<double> before = flat();
  model->update(rule);
  const std::vector<double> after = flat();
  for (const ParameterSpan& span : model->layout().spans) {
    const auto same = std::equal(before.begin() + static_cast<std::ptrdiff_t>(span.offset),
                                 before.begin() + static_cast<std::ptrdiff_t>(span.offset + span.size),
                                 after.begin() + static_cast<std::ptrdiff_t>(span.offset));
    EXPECT_EQ(same, span.offset > 0 && span.tasks.front() + 1 == tasks()) << span.offset;
  }
}

TEST_P(ExpertModel, TheFirstTensorThatIsNotFiniteIsNamed) {
  const auto model = this->model();
  const Vector ones(tasks(), 1.0);
  pass(*model, samples_, {ones, ones});
  EXPECT_EQ(model->first_non_finite(), "");
  const auto spoil = [&](const std::string& name) {
    std::vector<double> values = model->parameter(name), spoilt = values;
    spoilt.back() = std::numeric_limits<double>::quiet_NaN();
    model->set_parameter(name, spoilt);
    const std::string before = model->first_non_finite();
    pass(*model, samples_, {ones, ones});
    const std::string after = model->first_non_finite();
    model->set_parameter(name, values);
    pass(*model, samples_, {ones, ones});
    return std::pair(before, after);
  };
  for (const Parameter& parameter : model->layout().parameters) {
    if (parameter.group != ParameterGroup::expert && parameter.group != ParameterGroup::gate) continue;
    const std::string level =
        parameter.name.starts_with("ple.") ? "level" + parameter.name.substr(4, 1) : std::string("level0");
    const auto [before, after] = spoil(parameter.name);
    EXPECT_EQ(before, parameter.name);
    EXPECT_EQ(after, level + (parameter.group == ParameterGroup::expert ? "/experts" : "/gates")) << parameter.name;
  }
}

TEST(ExpertNames, AreThePeersForMmoeAndByLevelAndOwnerForPle) {
  const auto names = [](const HeadConfig& heads) {
    std::set<std::string> found;
    const auto model = make_model(full_model(), heads, small_input(), "float32");
    for (const Parameter& parameter : model->layout().parameters)
      if (!parameter.name.starts_with("layers.") && !parameter.name.starts_with("bottom")) found.insert(parameter.name);
    return found;
  };
  EXPECT_EQ(names(expert_heads(HeadKind::mmoe, 3)),
            (std::set<std::string>{"mmoe.w1.weight", "mmoe.w1.bias", "mmoe.w2", "mmoe.b2", "mmoe.gate.weight",
                                   "mmoe.gate.bias", "mmoe.head_w", "mmoe.head_b"}));
  const auto ple = names(expert_heads(HeadKind::ple, 2, 2));
  for (const char* name : {"ple.0.shared.w1.weight", "ple.0.task1.w2", "ple.0.gate.task1.weight",
                           "ple.0.gate.shared.bias", "ple.1.task0.b2", "ple.1.gate.task0.weight", "ple.head_w"})
    EXPECT_EQ(ple.count(name), 1u) << name;
  EXPECT_EQ(ple.count("ple.1.gate.shared.weight"), 0u) << "the last level has no shared gate";
  EXPECT_EQ(names(expert_heads(HeadKind::towers, 1)),
            (std::set<std::string>{"towers.task0.w1.weight", "towers.task0.w1.bias", "towers.task0.w2",
                                   "towers.task0.b2", "towers.head_w", "towers.head_b"}));
}

TEST(ExpertInitialisation, HasTheFanInOfTheInputOrTheHiddenLayer) {
  const HeadConfig heads = expert_heads(HeadKind::mmoe, 3);
  const auto model = make_model(full_model(), heads, small_input(), "float64");
  const auto fan_in = [&](const char* name) { return model->layout().find(name).fan_in; };
  EXPECT_EQ(fan_in("mmoe.w1.weight"), 20u);
  EXPECT_EQ(fan_in("mmoe.w1.bias"), 20u);
  EXPECT_EQ(fan_in("mmoe.w2"), heads.hidden);
  EXPECT_EQ(fan_in("mmoe.b2"), heads.hidden);
  EXPECT_EQ(fan_in("mmoe.gate.weight"), 20u);
  EXPECT_EQ(fan_in("mmoe.gate.bias"), 20u);
  EXPECT_EQ(fan_in("mmoe.head_w"), heads.width);
  EXPECT_EQ(fan_in("mmoe.head_b"), heads.width);
}

TEST(ExpertCost, CountsOnlyWhatTheServedTasksNeed) {
  const ModelConfig model = full_model();
  const InputShape input = small_input();
  const auto served = [&](const HeadConfig& heads, const std::vector<std::size_t>& tasks) {
    return model_cost(model, heads, input, tasks);
  };
  // A shared bottom serves k tasks at the cost of a model with k heads.
  for (std::size_t k = 1; k <= 3; ++k) {
    std::vector<std::size_t> tasks;
    for (std::size_t t = 0; t < k; ++t) tasks.push_back(t);
    EXPECT_EQ(served(HeadConfig{3}, tasks).dense_parameters, model_cost(model, HeadConfig{k}, input).dense_parameters);
    EXPECT_EQ(served(HeadConfig{3}, tasks).forward_flop, model_cost(model, HeadConfig{k}, input).forward_flop);
    EXPECT_EQ(served(HeadConfig{3}, tasks).step_flop, model_cost(model, HeadConfig{k}, input).step_flop);
  }
  // One tower is what a model with one tower has.
  const ModelCost tower = served(expert_heads(HeadKind::towers, 3), {1});
  EXPECT_EQ(tower.dense_parameters, model_cost(model, expert_heads(HeadKind::towers, 1), input).dense_parameters);
  EXPECT_EQ(tower.forward_flop, model_cost(model, expert_heads(HeadKind::towers, 1), input).forward_flop);
  // MMoE needs all experts and one gate, CGC the shared experts and the task's own.
  EXPECT_EQ(served(expert_heads(HeadKind::mmoe, 3), {0}).dense_parameters,
            model_cost(model, expert_heads(HeadKind::mmoe, 1), input).dense_parameters);
  EXPECT_EQ(served(expert_heads(HeadKind::ple, 3), {2}).dense_parameters,
            model_cost(model, expert_heads(HeadKind::ple, 1), input).dense_parameters);
  // With two levels the shared gate of the first needs every expert of it, but not the other tasks' gates.
  const std::size_t x = 20, hidden = 4, width = 3;
  const std::size_t above = hidden * (width + 1) + width * (hidden + 1);
  const std::size_t all = served(expert_heads(HeadKind::ple, 3, 2), {}).dense_parameters;
  const std::size_t gates_below = 2 * 4 * (x + 1), gates_above = 2 * 4 * (width + 1);
  EXPECT_EQ(all - served(expert_heads(HeadKind::ple, 3, 2), {1}).dense_parameters,
            gates_below + gates_above + 2 * 2 * above + 2 * (width + 1));
}

TEST(ExpertSizes, BeyondAnyMachineAreNamed) {
  const auto message = [](HeadKind kind, auto&& change) {
    HeadConfig heads = expert_heads(kind, 3);
    change(heads);
    try {
      make_model(full_model(), heads, small_input(), "float32");
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_THAT(message(HeadKind::towers, [](HeadConfig& h) { h.hidden = std::size_t{1} << 21; }),
              HasSubstr("expert_hidden = 2097152"));
  EXPECT_THAT(message(HeadKind::towers, [](HeadConfig& h) { h.width = std::size_t{1} << 21; }),
              HasSubstr("expert_width = 2097152"));
  EXPECT_THAT(message(HeadKind::mmoe, [](HeadConfig& h) { h.experts = h.hidden = std::size_t{1} << 19; }),
              HasSubstr("experts of a level times expert_hidden = 274877906944"));
}

}  // namespace
}  // namespace c2al::testing

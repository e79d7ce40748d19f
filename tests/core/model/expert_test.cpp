// Heads made of experts: MMoE, PLE and one tower a task.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/error.hpp"
#include "core/training/state.hpp"
#include "tests/core/model/model_samples.hpp"

namespace c2al::testing {
namespace {

using Vector = std::vector<double>;

struct Architecture {
  std::string name;
  HeadConfig heads;
};

HeadConfig heads_of(HeadKind kind, std::size_t tasks, std::size_t levels = 1) {
  HeadConfig heads;
  heads.kind = kind;
  heads.tasks = tasks;
  heads.experts = 3;
  heads.task_experts = 2;
  heads.levels = levels;
  heads.hidden = 5;
  heads.width = 4;
  return heads;
}

std::vector<Architecture> architectures() {
  std::vector<Architecture> all;
  for (std::size_t tasks = 1; tasks <= 3; ++tasks) {
    all.push_back({fmt::format("towers_{}_tasks", tasks), heads_of(HeadKind::towers, tasks)});
    all.push_back({fmt::format("mmoe_{}_tasks", tasks), heads_of(HeadKind::mmoe, tasks)});
    for (std::size_t levels = 1; levels <= 3; ++levels)
      all.push_back({fmt::format("ple_{}_levels_{}_tasks", levels, tasks), heads_of(HeadKind::ple, tasks, levels)});
  }
  return all;
}

/// The task that owns each number of the flat buffer; empty where it is shared.
std::vector<std::optional<std::size_t>> owners(const Model& model) {
  std::vector<std::optional<std::size_t>> owner(model.layout().size);
  const auto& spans = model.layout().spans;
  for (std::size_t s = 1; s < spans.size(); ++s)
    for (std::size_t i = 0; i < spans[s].size; ++i) owner[spans[s].offset + i] = spans[s].tasks.front();
  return owner;
}

class Experts : public ::testing::TestWithParam<Architecture> {
 protected:
  Experts() : tasks_(GetParam().heads.tasks), model_(make()), samples_(14, tasks_, small_input()) {
    randomise(*model_, 7);
  }
  /// More chunks than lanes, the last one shorter.
  std::unique_ptr<Model> make() const {
    auto model = make_model(full_model(), GetParam().heads, small_input(), "float64", {3, 2});
    model->initialise(3, 0);
    return model;
  }
  Vector losses() {
    Vector losses(tasks_);
    model_->forward(samples_.view());
    model_->losses(samples_.task_targets(true), losses);
    return losses;
  }
  TaskCoefficients one_task(std::size_t task) const {
    TaskCoefficients one{Vector(tasks_, 0.0), Vector(tasks_, 0.0)};
    one.trunk[task] = one.heads[task] = 1;
    return one;
  }

  std::size_t tasks_;
  std::unique_ptr<Model> model_;
  Samples samples_;
};

INSTANTIATE_TEST_SUITE_P(Architectures, Experts, ::testing::ValuesIn(architectures()),
                         [](const auto& info) { return info.param.name; });

TEST_P(Experts, CoverTheBufferSharedPartFirst) {
  const ParameterLayout& layout = model_->layout();
  std::size_t next = 0;
  for (const Parameter& parameter : layout.parameters) {
    EXPECT_EQ(parameter.offset, next) << parameter.name;
    next += parameter.size;
  }
  EXPECT_EQ(next, layout.size);
  next = 0;
  for (const ParameterSpan& span : layout.spans) {
    EXPECT_EQ(span.offset, next);
    EXPECT_EQ(span.tasks.size(), next == 0 ? tasks_ : 1u);
    next += span.size;
  }
  EXPECT_EQ(next, layout.size);
  EXPECT_EQ(layout.size, model_cost(full_model(), GetParam().heads, small_input()).dense_parameters);
}

TEST_P(Experts, GradientsEqualCentralDifferencesUnderCoefficientsOfTheirOwn) {
  const auto owner = owners(*model_);
  const Vector trunk = Vector{0.7, 0.0, -0.4}, heads = Vector{0.3, 2.0, 0.0};
  pass(*model_, samples_,
       {Vector(trunk.begin(), trunk.begin() + static_cast<std::ptrdiff_t>(tasks_)),
        Vector(heads.begin(), heads.begin() + static_cast<std::ptrdiff_t>(tasks_))},
       true);
  std::map<std::string, Vector> gradients;
  for (const std::string& name : parameter_names(*model_)) gradients[name] = model_->gradient(name);
  RandomStream random(11, StreamPurpose::method);
  for (const auto& [name, gradient] : gradients) {
    Vector values = model_->parameter(name);
    for (int trial = 0; trial < 6; ++trial) {
      const std::size_t i = random.below(values.size());
      const double original = values[i], step = 1e-6;
      values[i] = original + step;
      model_->set_parameter(name, values);
      const Vector above = losses();
      values[i] = original - step;
      model_->set_parameter(name, values);
      const Vector below = losses();
      values[i] = original;
      model_->set_parameter(name, values);
      double expected = 0;
      for (std::size_t t = 0; t < tasks_; ++t) {
        const double slope = (above[t] - below[t]) / (2 * step);
        const auto own = name == "embedding" ? std::nullopt : owner[model_->layout().find(name).offset + i];
        if (own && *own != t) {
          EXPECT_EQ(slope, 0) << name << " moves the loss of task " << t;
        }
        expected += own ? (*own == t ? heads[t] : 0.0) * slope : trunk[t] * slope;
      }
      EXPECT_NEAR(gradient[i], expected, 1e-8 + 1e-6 * std::abs(gradient[i])) << name << " " << i;
    }
  }
}

TEST_P(Experts, GramIsThatOfTheTaskGradientsAndCombineEqualsBackward) {
  const auto owner = owners(*model_);
  std::vector<Vector> dense(tasks_), rows(tasks_), last(tasks_);
  const HeadConfig& heads = GetParam().heads;
  const std::string last_name = heads.kind == HeadKind::mmoe  ? "mmoe.w2"
                                : heads.kind == HeadKind::ple ? fmt::format("ple.{}.shared.w2", heads.levels - 1)
                                                              : "layers.1.short.weight";
  for (std::size_t t = 0; t < tasks_; ++t) {
    pass(*model_, samples_, one_task(t), true);
    for (const Parameter& parameter : model_->layout().parameters) {
      const Vector gradient = model_->gradient(parameter.name);
      for (std::size_t i = 0; i < parameter.size; ++i) {
        if (!owner[parameter.offset + i]) dense[t].push_back(gradient[i]);
        if (owner[parameter.offset + i] && *owner[parameter.offset + i] != t) {
          EXPECT_EQ(gradient[i], 0) << parameter.name;
        }
      }
    }
    rows[t] = model_->gradient("embedding");
    last[t] = model_->gradient(last_name);
  }
  const auto dot = [](const Vector& a, const Vector& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
  };
  const TaskCoefficients coefficients{Vector{1, -0.4, 0}, Vector{0.5, 0, 3}};
  TaskCoefficients cut;
  cut.trunk.assign(coefficients.trunk.begin(), coefficients.trunk.begin() + static_cast<std::ptrdiff_t>(tasks_));
  cut.heads.assign(coefficients.heads.begin(), coefficients.heads.begin() + static_cast<std::ptrdiff_t>(tasks_));
  pass(*model_, samples_, cut, true);
  std::map<std::string, Vector> expected;
  for (const std::string& name : parameter_names(*model_)) expected[name] = model_->gradient(name);

  for (const GradientScope scope : {GradientScope::shared_parameters, GradientScope::dense_shared,
                                    GradientScope::last_shared_layer, GradientScope::representation}) {
    losses();
    Vector gram(tasks_ * tasks_);
    model_->gram(scope, Vector(tasks_, 2.0), gram);
    for (std::size_t i = 0; i < tasks_; ++i)
      for (std::size_t j = 0; j < tasks_; ++j) {
        if (scope == GradientScope::representation) {
          EXPECT_GT(gram[i * tasks_ + i], 0);
          continue;
        }
        const double product =
            scope == GradientScope::last_shared_layer
                ? dot(last[i], last[j])
                : dot(dense[i], dense[j]) + (scope == GradientScope::shared_parameters ? dot(rows[i], rows[j]) : 0.0);
        EXPECT_NEAR(gram[i * tasks_ + j], 4 * product, 1e-10 * (1 + std::abs(product))) << i << " " << j;
      }
    model_->combine(cut);
    for (const auto& [name, gradient] : expected)
      EXPECT_LT(relative_difference(gradient, model_->gradient(name)), 1e-12) << name;
  }
}

TEST_P(Experts, RepresentationGramIsThatOfTheTrunksOutput) {
  // x_L is the layer norm's output: the gradients of its bias are x_L's, summed over the batch. With one sample they
  // are x_L's.
  const Samples one(1, tasks_, small_input());
  std::vector<Vector> dx(tasks_);
  for (std::size_t t = 0; t < tasks_; ++t) {
    pass(*model_, one, one_task(t));
    dx[t] = model_->gradient("layers.1.norm.bias");
  }
  Vector loss(tasks_), gram(tasks_ * tasks_);
  model_->forward(one.view());
  model_->losses(one.task_targets(), loss);
  model_->gram(GradientScope::representation, Vector(tasks_, 1.0), gram);
  for (std::size_t i = 0; i < tasks_; ++i)
    for (std::size_t j = 0; j < tasks_; ++j) {
      double expected = 0;
      for (std::size_t e = 0; e < dx[i].size(); ++e) expected += dx[i][e] * dx[j][e];
      EXPECT_NEAR(gram[i * tasks_ + j], expected, 1e-12 * (1 + std::abs(expected)));
    }
}

TEST_P(Experts, GatesAreSharesOfTheExpertsTheySee) {
  const Observations seen = model_->observe(samples_.view());
  EXPECT_EQ(seen.count("h"), 0u);
  const std::size_t levels = GetParam().heads.kind == HeadKind::ple ? GetParam().heads.levels : 1;
  for (std::size_t l = 0; l < levels; ++l) {
    const ObservedTensor& gates = seen.at(fmt::format("level{}/gates", l));
    const ObservedTensor& experts = seen.at(fmt::format("level{}/experts", l));
    ASSERT_EQ(gates.shape[2], experts.shape[1]);
    for (std::size_t row = 0; row < gates.shape[0] * gates.shape[1]; ++row) {
      double sum = 0;
      for (std::size_t e = 0; e < gates.shape[2]; ++e) sum += gates.values[row * gates.shape[2] + e];
      EXPECT_NEAR(sum, 1, 1e-12);
    }
    if (GetParam().heads.kind != HeadKind::ple) continue;
    // Behind the three shared experts come two of each task; the shared gate sees all of them.
    for (std::size_t g = 0; g < gates.shape[1]; ++g)
      for (std::size_t e = 0; e < gates.shape[2]; ++e) {
        const bool sees = g == tasks_ || e < 3 || (e - 3) / 2 == g;
        EXPECT_EQ(gates.values[g * gates.shape[2] + e] > 0, sees) << "gate " << g << ", expert " << e;
      }
    EXPECT_EQ(gates.shape[1], tasks_ + (l + 1 < levels ? 1 : 0));
  }
}

TEST_P(Experts, PredictionIsTheForwardPass) {
  std::vector<float> logits(samples_.size * tasks_), h;
  model_->predict(samples_.view(), logits, &h);
  const Observations seen = model_->observe(samples_.view());
  const Vector &expected = seen.at("logits").values, &h_task = seen.at("h_task").values;
  for (std::size_t i = 0; i < logits.size(); ++i) EXPECT_EQ(logits[i], static_cast<float>(expected[i]));
  ASSERT_EQ(model_->head_width(), 4u);
  for (std::size_t b = 0; b < samples_.size; ++b)
    for (std::size_t j = 0; j < 4; ++j) EXPECT_EQ(h[b * 4 + j], static_cast<float>(h_task[b * tasks_ * 4 + j]));
}

TEST_P(Experts, ContinueFromASavedStateToTheBit) {
  const TaskCoefficients all{Vector(tasks_, 1.0), Vector(tasks_, 1.0)};
  UpdateRule rule;
  const auto step = [&](Model& model) {
    pass(model, samples_, all);
    model.update(rule);
  };
  step(*model_);
  StateWriter state;
  model_->save(state);
  const auto resumed = make();
  StateReader reader(state);
  resumed->load(reader);
  rule.step = 2;
  step(*model_);
  step(*resumed);
  for (const std::string& name : parameter_names(*model_))
    EXPECT_EQ(model_->parameter(name), resumed->parameter(name)) << name;
}

TEST_P(Experts, CannotBeExportedAsAPlainModel) { EXPECT_THROW(export_served(*model_, 0), UsageError); }

ModelConfig peer_model() {
  ModelConfig config;
  const LayerConfig layer{FmAttentionConfig{}, CrossConfig{}, MlpConfig{}};
  config.layers = {layer, layer};
  config.top = {256, 128, 64};
  return config;
}

TEST(ExpertCost, IsThePeersAtItsDefaultSize) {
  const InputShape input{26, 13, 1'000'000};
  HeadConfig mmoe;
  mmoe.kind = HeadKind::mmoe;
  mmoe.tasks = 3;
  const ModelCost cost = model_cost(peer_model(), mmoe, input);
  EXPECT_EQ(cost.dense_parameters, 1'446'815u);
  EXPECT_NEAR(cost.forward_flop, 2.939e6, 0.0005e6);
  EXPECT_NEAR(cost.step_flop, 8.816e6, 0.0005e6);
  // Served are the primary's gate and head: two gates of 4 experts and two heads less.
  const ModelCost served = model_cost(peer_model(), mmoe, input, {0});
  EXPECT_EQ(cost.dense_parameters - served.dense_parameters, 2u * 4 * 433 + 2 * 65);
}

TEST(ExpertCost, CountsWhatServingOneTaskOfPleNeeds) {
  const InputShape input = small_input();
  const ModelCost one_level = model_cost(full_model(), heads_of(HeadKind::ple, 3, 1), input);
  const ModelCost served = model_cost(full_model(), heads_of(HeadKind::ple, 3, 1), input, {0});
  // Without the other two tasks' two experts, gates of five experts, heads. x_L has 20 numbers.
  const std::size_t expert = 5 * 21 + 4 * 6, gate = 5 * 21, head = 5;
  EXPECT_EQ(one_level.dense_parameters - served.dense_parameters, 2 * (2 * expert + gate + head));
  // Below the last level the shared gate needs every expert, though not the other tasks' gates.
  const ModelCost two = model_cost(full_model(), heads_of(HeadKind::ple, 3, 2), input);
  const ModelCost two_served = model_cost(full_model(), heads_of(HeadKind::ple, 3, 2), input, {0});
  const std::size_t upper_expert = 5 * 5 + 4 * 6, upper_gate = 5 * 5;
  EXPECT_EQ(two.dense_parameters - two_served.dense_parameters, 2 * (2 * upper_expert + upper_gate + head) + 2 * gate);
}

TEST(ExpertSizes, FollowTheTopMlpWhereNotGiven) {
  const InputShape input = small_input();
  HeadConfig heads;
  heads.kind = HeadKind::mmoe;
  ModelConfig model = full_model();
  EXPECT_EQ(resolve_heads(model, heads, input).hidden, 8u);
  EXPECT_EQ(resolve_heads(model, heads, input).width, 7u);
  model.top = {6};
  EXPECT_EQ(resolve_heads(model, heads, input).hidden, 6u);
  EXPECT_EQ(resolve_heads(model, heads, input).width, 6u);
  model.top.clear();
  EXPECT_EQ(resolve_heads(model, heads, input).hidden, 20u);
  EXPECT_EQ(resolve_heads(model, heads, input).width, 20u);
}

TEST(ExpertSizes, MatchTheParametersOfSharedBottomHeads) {
  const InputShape input{26, 13, 1000};
  const std::size_t plain = model_cost(peer_model(), HeadConfig{3}, input).dense_parameters;
  for (const HeadKind kind : {HeadKind::towers, HeadKind::mmoe, HeadKind::ple}) {
    HeadConfig heads;
    heads.kind = kind;
    heads.tasks = 3;
    heads.match = ParameterMatch::trained;
    const HeadConfig resolved = resolve_heads(peer_model(), heads, input);
    EXPECT_LE(model_cost(peer_model(), resolved, input).dense_parameters, plain);
    HeadConfig larger = resolved;
    ++larger.hidden;
    EXPECT_GT(model_cost(peer_model(), larger, input).dense_parameters, plain);
    EXPECT_EQ(make_model(peer_model(), heads, input, "float32")->heads().hidden, resolved.hidden);
  }
}

TEST(ExpertSizes, SayWhenNoHiddenWidthMatches) {
  HeadConfig heads = heads_of(HeadKind::mmoe, 3);
  heads.experts = 1000;
  heads.match = ParameterMatch::trained;
  EXPECT_THAT([&] { resolve_heads(full_model(), heads, small_input()); },
              ::testing::ThrowsMessage<UsageError>(::testing::HasSubstr("match_parameters")));
}

TEST(ExpertSizes, OutOfRangeAreNamed) {
  const auto rejects = [](HeadConfig heads, const std::string& key) {
    EXPECT_THAT([&] { make_model(full_model(), heads, small_input(), "float32"); },
                ::testing::ThrowsMessage<UsageError>(::testing::HasSubstr(key)));
  };
  HeadConfig heads = heads_of(HeadKind::ple, 2);
  heads.experts = 0;
  rejects(heads, "experts = 0");
  heads = heads_of(HeadKind::ple, 2);
  heads.task_experts = 0;
  rejects(heads, "task_experts = 0");
  heads.task_experts = 1;
  heads.levels = 0;
  rejects(heads, "levels = 0");
}

}  // namespace
}  // namespace c2al::testing

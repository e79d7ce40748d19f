// What every method of the catalogue promises, whoever wrote it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>

#include "core/error.hpp"
#include "core/training/trainer.hpp"
#include "tests/baselines/world.hpp"

namespace c2al {
namespace {

using testing::contract_context;
using testing::contract_model;
using testing::contract_training;
using testing::contract_world;

class MethodContract : public ::testing::TestWithParam<std::string> {
 protected:
  static const MemorySource& source() {
    static const synthetic::GeneratedData data = contract_world();
    return *data.source;
  }
  static MethodDescription description() { return find_method(GetParam()).describe(); }
  static Settings settings(std::map<std::string, Settings::Value> values) {
    return Settings("test", std::move(values));
  }
  /// Settings under which adaptive methods change their minds within the few steps of a test.
  static Settings quick() {
    std::map<std::string, Settings::Value> values;
    for (const SettingDescription& s : description().settings) {
      if (s.key == "warm_up") values[s.key] = std::int64_t{4};
      if (s.key == "grouping") values[s.key] = std::string("preference");
      if (s.key == "period") values[s.key] = std::int64_t{2};
      if (s.key == "lambda_match") values[s.key] = std::string("gradient_norm");
    }
    return settings(values);
  }
  static BatchView first_batch(std::unique_ptr<BatchStream>& stream) {
    stream = source().open(Split::train, {true, 3, 0, 0}, 256);
    BatchView batch;
    EXPECT_TRUE(stream->next(batch));
    return batch;
  }
};

TEST_P(MethodContract, DescribesItself) {
  const MethodDescription d = description();
  EXPECT_FALSE(d.summary.empty());
  EXPECT_FALSE(d.paper.empty());
  EXPECT_FALSE(d.cost.empty());
  ASSERT_NE(d.make, nullptr);
  std::set<std::string> keys;
  for (const SettingDescription& s : d.settings) {
    EXPECT_FALSE(s.fallback.empty()) << s.key;
    EXPECT_FALSE(s.meaning.empty()) << s.key;
    EXPECT_FALSE(s.unit.empty()) << s.key << ": a unit, \"factor\", \"steps\" or the choices";
    EXPECT_TRUE(keys.insert(s.key).second) << s.key << " is described twice";
  }
}

TEST_P(MethodContract, GivesAReasonForEachPropertyItLacks) {
  const MethodProperties p = description().properties;
  EXPECT_EQ(p.permutation == Permutation::full, p.permutation_reason.empty());
  EXPECT_EQ(p.zero_auxiliary_is_plain, p.zero_auxiliary_reason.empty());
  EXPECT_EQ(p.descent != Descent::none, p.descent_reason.empty());
}

TEST_P(MethodContract, RejectsAnUnknownSettingByName) {
  try {
    make_method(GetParam(), contract_context(source()), settings({{"no_such_setting", 1.0}}));
    FAIL() << "an unknown setting was accepted";
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find("no_such_setting"), std::string::npos) << error.what();
  }
}

TEST_P(MethodContract, RejectsASettingOfTheWrongType) {
  for (const SettingDescription& s : description().settings) {
    try {
      make_method(GetParam(), contract_context(source()), settings({{s.key, std::string("?!")}}));
      FAIL() << s.key << " took \"?!\"";
    } catch (const UsageError& error) {
      EXPECT_EQ(std::string(error.what()).find("unknown key"), std::string::npos) << error.what();
    }
  }
}

TEST_P(MethodContract, DescribesTheSettingsItTakesAndTheirDefaults) {
  const Settings taken = settings({});
  make_method(GetParam(), contract_context(source()), taken);
  std::set<std::string> described;
  for (const SettingDescription& s : description().settings) {
    described.insert(s.key);
    ASSERT_TRUE(taken.taken().contains(s.key)) << s.key << " is described and never read";
    if (s.fallback.starts_with("the scenario")) continue;
    const Settings::Value& value = taken.taken().at(s.key);
    const auto* word = std::get_if<std::string>(&value);
    const std::string found = word != nullptr ? *word : to_string(value);
    EXPECT_TRUE(found == s.fallback || found == s.fallback + ".0") << s.key << ": " << found << ", not " << s.fallback;
  }
  for (const auto& [key, value] : taken.taken()) EXPECT_TRUE(described.contains(key)) << key << " is not described";
}

TEST_P(MethodContract, LeavesThePrimaryTaskAlone) {
  const auto method = make_method(GetParam(), contract_context(source()));
  std::unique_ptr<BatchStream> stream;
  const BatchView batch = first_batch(stream);
  for (std::size_t m = 0; m < method->models(); ++m) {
    const std::size_t tasks = method->tasks(m).size();
    ASSERT_GE(tasks, 1u);
    std::vector<float> target(tasks * batch.size), weight(tasks * batch.size, 1.0f);
    for (std::size_t t = 0; t < tasks; ++t)
      std::copy_n(batch.label, batch.size, target.begin() + static_cast<std::ptrdiff_t>(t * batch.size));
    method->make_targets(m, batch, target, weight);
    for (std::size_t b = 0; b < batch.size; ++b) EXPECT_EQ(target[b], batch.label[b]);
    for (const float y : target) EXPECT_TRUE(y == 0.0f || y == 1.0f);
    for (const float w : weight) EXPECT_TRUE(std::isfinite(w) && w >= 0);
  }
}

TEST_P(MethodContract, TrainsAndRepeatsItselfToTheBit) {
  std::vector<float> served[2];
  for (auto& logits : served) {
    const auto method = make_method(GetParam(), contract_context(source()));
    Trainer trainer(source(), contract_model(), contract_training(), *method, 3);
    ASSERT_TRUE(trainer.train());
    logits = trainer.served_logits(Split::test);
  }
  ASSERT_EQ(served[0].size(), source().size(Split::test));
  for (const float z : served[0]) ASSERT_TRUE(std::isfinite(z));
  EXPECT_EQ(served[0], served[1]);
}

TEST_P(MethodContract, ResumesToTheBit) {
  std::vector<float> served[2];
  for (const bool interrupted : {false, true}) {
    auto method = make_method(GetParam(), contract_context(source()), quick());
    auto trainer = std::make_unique<Trainer>(source(), contract_model(), contract_training(), *method, 3);
    if (interrupted) {
      trainer->train([](std::uint64_t done, std::uint64_t, std::uint64_t) { return done < 13; });
      StateWriter state;
      trainer->save(state);
      trainer.reset();
      method = make_method(GetParam(), contract_context(source()), quick());
      trainer = std::make_unique<Trainer>(source(), contract_model(), contract_training(), *method, 3);
      StateReader saved(state);
      trainer->load(saved);
    }
    ASSERT_TRUE(trainer->train());
    served[interrupted] = trainer->served_logits(Split::test);
  }
  EXPECT_EQ(served[0], served[1]);
}

TEST_P(MethodContract, AuxiliaryWeightZeroIsPlainToTheBit) {
  if (!description().properties.zero_auxiliary_is_plain) GTEST_SKIP() << "not declared";
  std::map<std::string, Settings::Value> zero;
  std::set<std::string> keys;
  for (const SettingDescription& s : description().settings) {
    keys.insert(s.key);
    if (s.key.rfind("lambda_", 0) == 0 && s.key != "lambda_match") zero[s.key] = 0.0;
  }
  std::vector<std::map<std::string, Settings::Value>> variants = {zero};
  const auto add = [&](const std::string& key, const Settings::Value& value) {
    if (keys.count(key) == 0) return;
    variants.push_back(zero);
    variants.back()[key] = value;
  };
  add("masked", true);
  add("lambda_match", std::string("gradient_norm"));
  for (const char* scope : {"attention_only", "all_but_attention", "embeddings_only", "head_only"})
    add("aux_gradient_scope", std::string(scope));
  for (const char* scope : {"dense_shared", "representation"}) add("gradient_scope", std::string(scope));

  const auto plain = make_method("plain", contract_context(source()));
  Trainer b(source(), contract_model(), contract_training(), *plain, 3);
  b.train();
  const std::vector<float> plain_logits = b.served_logits(Split::test);
  for (const auto& variant : variants) {
    const auto method = make_method(GetParam(), contract_context(source()), settings(variant));
    Trainer a(source(), contract_model(), contract_training(), *method, 3);
    a.train();
    EXPECT_EQ(a.served_logits(Split::test), plain_logits);
    for (const Parameter& parameter : b.model(0).layout().parameters) {
      if (parameter.group == ParameterGroup::task_head) continue;
      EXPECT_EQ(a.model(0).parameter(parameter.name), b.model(0).parameter(parameter.name)) << parameter.name;
    }
    EXPECT_EQ(a.model(0).parameter("embedding"), b.model(0).parameter("embedding"));
  }
}

/// Some steps of made-up losses and Gram matrices of `tasks` gradients in a few dimensions, in which gradients
/// conflict.
struct Steps {
  std::size_t tasks;
  std::vector<std::vector<double>> losses, grams;

  Steps(std::size_t tasks_, std::size_t count, unsigned seed) : tasks(tasks_) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    for (std::size_t step = 0; step < count; ++step) {
      constexpr std::size_t dimensions = 4;
      std::vector<double> jacobian(tasks * dimensions), loss(tasks), gram(tasks * tasks);
      for (double& g : jacobian) g = normal(random);
      for (double& l : loss) l = 0.1 + std::abs(normal(random));
      for (std::size_t i = 0; i < tasks; ++i)
        for (std::size_t j = 0; j < tasks; ++j)
          gram[i * tasks + j] = std::inner_product(jacobian.begin() + static_cast<std::ptrdiff_t>(i * dimensions),
                                                   jacobian.begin() + static_cast<std::ptrdiff_t>((i + 1) * dimensions),
                                                   jacobian.begin() + static_cast<std::ptrdiff_t>(j * dimensions), 0.0);
      losses.push_back(loss);
      grams.push_back(gram);
    }
  }

  /// The same with task order[i] in place i.
  Steps reordered(const std::vector<std::size_t>& order) const {
    Steps other = *this;
    for (std::size_t step = 0; step < losses.size(); ++step)
      for (std::size_t i = 0; i < tasks; ++i) {
        other.losses[step][i] = losses[step][order[i]];
        for (std::size_t j = 0; j < tasks; ++j)
          other.grams[step][i * tasks + j] = grams[step][order[i] * tasks + order[j]];
      }
    return other;
  }
};

/// Trunk coefficients of each step. The Gram matrix is shown where the method asks for it.
std::vector<std::vector<double>> coefficients_of(Method& method, const Steps& steps) {
  std::vector<std::vector<double>> all;
  for (std::size_t step = 0; step < steps.losses.size(); ++step) {
    std::vector<double> trunk(steps.tasks, 1.0), heads(steps.tasks, 1.0);
    const auto plan = method.plan(step);
    const std::size_t updates = std::max<std::size_t>(1, plan.size());
    for (std::size_t update = 0; update < updates; ++update) {
      trunk.assign(steps.tasks, 1.0);
      heads.assign(steps.tasks, 1.0);
      const bool gram = method.needs(step).gram.has_value();
      method.coefficients({step, 0, update, steps.losses[step],
                           gram ? std::span<const double>(steps.grams[step]) : std::span<const double>()},
                          trunk, heads);
    }
    all.push_back(trunk);
  }
  return all;
}

/// Whether the method weighs the primary's own parameters.
bool weighs_heads(Method& method, const Steps& steps) {
  for (std::size_t step = 0; step < steps.losses.size(); ++step) {
    std::vector<double> trunk(steps.tasks, 1.0), heads(steps.tasks, 1.0);
    method.plan(step);
    method.coefficients({step, 0, 0, steps.losses[step], steps.grams[step]}, trunk, heads);
    if (heads[0] != 1.0) return true;
  }
  return false;
}

TEST_P(MethodContract, HeadOnlyIsPlainToTheBit) {
  std::map<std::string, Settings::Value> head_only;
  for (const SettingDescription& s : description().settings)
    if (s.key == "aux_gradient_scope") head_only[s.key] = std::string("head_only");
  const auto method = make_method(GetParam(), contract_context(source()), settings(head_only));
  if (head_only.empty() || method->heads(0).kind != HeadKind::shared_bottom)
    GTEST_SKIP() << "no auxiliary tasks on plain's model";
  const auto plain = make_method("plain", contract_context(source()));
  const auto probe = make_method(GetParam(), contract_context(source()), settings(head_only));
  if (weighs_heads(*probe, Steps(method->tasks(0).size(), 6, 5))) GTEST_SKIP() << "it weighs the primary's own head";
  Trainer a(source(), contract_model(), contract_training(), *method, 3);
  Trainer b(source(), contract_model(), contract_training(), *plain, 3);
  a.train();
  b.train();
  EXPECT_EQ(a.model(0).parameter("embedding"), b.model(0).parameter("embedding"));
  for (const Parameter& parameter : b.model(0).layout().parameters) {
    if (parameter.group == ParameterGroup::task_head) continue;
    EXPECT_EQ(a.model(0).parameter(parameter.name), b.model(0).parameter(parameter.name)) << parameter.name;
  }
}

/// The method with equal loss weights, where it has any: which task is which is then a matter of order alone.
std::unique_ptr<Method> with_equal_weights(const std::string& name, const MethodContext& context,
                                           const MethodDescription& description) {
  std::map<std::string, Settings::Value> equal;
  for (const SettingDescription& s : description.settings) {
    if (s.key == "lambda_head" || s.key == "lambda_tail") equal[s.key] = 1.0;
    if (s.key == "period") equal[s.key] = std::int64_t{2};
  }
  return make_method(name, context, Settings("test", equal));
}

TEST_P(MethodContract, PermutingTasksPermutesItsCoefficients) {
  const auto count = make_method(GetParam(), contract_context(source()))->tasks(0).size();
  std::vector<std::vector<std::size_t>> orders;
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const Permutation declared = description().properties.permutation;
  std::vector<std::size_t> rotation = order;
  do {
    bool rotated = true;
    for (std::size_t i = 0; i < count; ++i) rotated = rotated && order[i] == (order[0] + i) % count;
    if (declared == Permutation::full || (declared == Permutation::cyclic && rotated) ||
        (declared == Permutation::auxiliaries && order[0] == 0))
      orders.push_back(order);
  } while (std::next_permutation(order.begin(), order.end()) && orders.size() < 24);
  if (orders.empty()) GTEST_SKIP() << "not declared";
  const Steps steps(count, 6, 5);
  const auto straight =
      coefficients_of(*with_equal_weights(GetParam(), contract_context(source()), description()), steps);
  for (const auto& permutation : orders) {
    const auto permuted = coefficients_of(*with_equal_weights(GetParam(), contract_context(source()), description()),
                                          steps.reordered(permutation));
    for (std::size_t step = 0; step < straight.size(); ++step)
      for (std::size_t i = 0; i < count; ++i)
        EXPECT_NEAR(permuted[step][i], straight[step][permutation[i]],
                    1e-4 * std::max(1.0, std::abs(straight[step][permutation[i]])));
  }
}

TEST_P(MethodContract, DescendsWhereItSaysSo) {
  const Descent declared = description().properties.descent;
  if (declared == Descent::none) GTEST_SKIP() << "not declared";
  const auto method = make_method(GetParam(), contract_context(source()));
  const std::size_t count = method->tasks(0).size();
  for (unsigned seed = 0; seed < 40; ++seed) {
    const Steps steps(count, 1, seed);
    const std::vector<double> trunk =
        coefficients_of(*make_method(GetParam(), contract_context(source())), steps).front();
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
      double along = 0, size = 0;
      for (std::size_t j = 0; j < count; ++j) {
        along += trunk[j] * steps.grams[0][i * count + j];
        size += std::abs(trunk[j] * steps.grams[0][i * count + j]);
      }
      sum += along;
      if (declared == Descent::every_task || (declared == Descent::primary && i == 0)) {
        EXPECT_GE(along, -1e-4 * std::max(1.0, size)) << "task " << i << ", seed " << seed;
      }
    }
    if (declared == Descent::sum) {
      EXPECT_GE(sum, -1e-4) << "seed " << seed;
    }
  }
}

TEST_P(MethodContract, StaysFiniteOnHostileStepInputs) {
  const auto first = make_method(GetParam(), contract_context(source()));
  const std::size_t count = first->tasks(0).size();
  for (const double scale : {0.0, 1.0, 1e15, 1e-15}) {
    for (const char* kind : {"equal", "opposing", "independent", "one_alive"}) {
      Steps steps(count, 3, 1);
      for (std::size_t step = 0; step < 3; ++step) {
        for (double& loss : steps.losses[step]) loss = step == 1 ? 0.0 : scale;
        for (std::size_t i = 0; i < count; ++i)
          for (std::size_t j = 0; j < count; ++j) {
            const double sign = (i + j) % 2 == 0 ? 1 : -1;
            const std::string which = kind;
            steps.grams[step][i * count + j] = scale * (which == "equal"         ? 1
                                                        : which == "opposing"    ? sign
                                                        : which == "independent" ? (i == j ? 1 : 0)
                                                                                 : (i == j && i + 1 == count ? 1 : 0));
          }
      }
      const auto method = make_method(GetParam(), contract_context(source()));
      for (const auto& trunk : coefficients_of(*method, steps))
        for (const double c : trunk) EXPECT_TRUE(std::isfinite(c)) << kind << " gradients, scale " << scale;
    }
  }
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const CatalogueEntry& entry : method_catalogue()) all.push_back(entry.name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, MethodContract, ::testing::ValuesIn(names()),
                         [](const auto& test) { return test.param; });

TEST(Catalogue, NamesTheKnownMethodsForAnUnknownOne) {
  try {
    find_method("no_such_method");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find("random_cohorts"), std::string::npos);
  }
}

}  // namespace
}  // namespace c2al

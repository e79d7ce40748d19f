// What every method of the catalogue promises, whoever wrote it.
#include <gtest/gtest.h>

#include <cmath>
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
    EXPECT_TRUE(keys.insert(s.key).second) << s.key << " is described twice";
  }
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
  for (const SettingDescription& s : description().settings)
    EXPECT_THROW(make_method(GetParam(), contract_context(source()), settings({{s.key, std::string("?!")}})),
                 UsageError)
        << s.key;
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

TEST_P(MethodContract, AuxiliaryWeightZeroIsPlainToTheBit) {
  std::map<std::string, Settings::Value> zero;
  for (const SettingDescription& s : description().settings)
    if (s.key.rfind("lambda_", 0) == 0) zero[s.key] = 0.0;
  const auto method = make_method(GetParam(), contract_context(source()), settings(zero));
  if (zero.empty()) {
    EXPECT_EQ(method->tasks(0).size(), 1u) << GetParam() << " has auxiliary tasks whose weight cannot be set to 0";
    return;
  }
  const auto plain = make_method("plain", contract_context(source()));
  Trainer a(source(), contract_model(), contract_training(), *method, 3);
  Trainer b(source(), contract_model(), contract_training(), *plain, 3);
  a.train();
  b.train();
  EXPECT_EQ(a.served_logits(Split::test), b.served_logits(Split::test));
  for (const Parameter& parameter : b.model(0).layout().parameters) {
    if (parameter.group == ParameterGroup::task_head) continue;
    EXPECT_EQ(a.model(0).parameter(parameter.name), b.model(0).parameter(parameter.name)) << parameter.name;
  }
  EXPECT_EQ(a.model(0).parameter("embedding"), b.model(0).parameter("embedding"));
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

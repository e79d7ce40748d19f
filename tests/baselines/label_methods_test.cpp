// Methods that weigh samples, split tasks by cohort or treat cohorts after training.
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "core/evaluation/cross_entropy.hpp"
#include "core/training/trainer.hpp"
#include "tests/baselines/world.hpp"

namespace c2al {
namespace {

using testing::contract_context;
using testing::contract_model;
using testing::contract_training;
using testing::contract_world;

Settings settings(std::map<std::string, Settings::Value> values) { return Settings("test", std::move(values)); }

/// Eight samples on one axis of three cohorts: 4 of "middle", 3 of "high", 1 of "low".
struct SmallBatch {
  std::vector<float> label = {1, 0, 0, 0, 1, 0, 1, 1};
  std::vector<std::uint16_t> cohort = {0, 0, 0, 0, 1, 1, 1, 2};
  std::vector<std::uint64_t> id = {0, 1, 2, 3, 4, 5, 6, 7};
  Schema schema;
  MethodContext context;

  SmallBatch() {
    schema.axes = {{"user_value", {"middle", "high", "low"}, true, false}};
    context.schema = &schema;
    context.pair = {0, 1, 2};
    context.train_size = 1000;
    context.train_cohort_sizes = {800, 150, 50};
  }
  BatchView view() const {
    BatchView batch;
    batch.size = label.size();
    batch.axes = 1;
    batch.label = label.data();
    batch.cohort = cohort.data();
    batch.sample_id = id.data();
    return batch;
  }
  /// (T, 8) weights, after targets whose labels are to be the primary's.
  std::vector<float> weights(const Method& method) const {
    const std::size_t tasks = method.tasks(0).size();
    std::vector<float> target, weight(tasks * label.size(), 1.0f);
    for (std::size_t t = 0; t < tasks; ++t) target.insert(target.end(), label.begin(), label.end());
    method.make_targets(0, view(), target, weight);
    return weight;
  }
};

TEST(WeightedLabel, WeighsThePairsSamplesOrTheirPositives) {
  const SmallBatch batch;
  EXPECT_EQ(batch.weights(*make_method("weighted_label", batch.context)), (std::vector<float>{1, 1, 1, 1, 2, 2, 2, 2}));
  EXPECT_EQ(batch.weights(*make_method("weighted_label", batch.context,
                                       settings({{"weight", 5.0}, {"apply", std::string("positives")}}))),
            (std::vector<float>{1, 1, 1, 1, 5, 1, 5, 5}));
}

TEST(InverseFrequency, WeighsByNOverCTimesNc) {
  const SmallBatch batch;
  const std::vector<float> weight = batch.weights(*make_method("inverse_frequency", batch.context));
  EXPECT_FLOAT_EQ(weight[0], 1000.0 / (3 * 800));
  EXPECT_FLOAT_EQ(weight[4], 1000.0 / (3 * 150));
  EXPECT_FLOAT_EQ(weight[7], 1000.0 / (3 * 50));
}

TEST(InverseFrequency, HasAMeanOfOneOverTheTrainingSplitForEveryPower) {
  SmallBatch batch;
  for (const std::vector<std::uint64_t>& sizes :
       {std::vector<std::uint64_t>{800, 150, 50}, std::vector<std::uint64_t>{950, 0, 50}}) {
    batch.context.train_cohort_sizes = sizes;
    for (const double power : {0.0, 0.5, 1.0, 2.0}) {
      const auto weight = batch.weights(*make_method("inverse_frequency", batch.context, settings({{"power", power}})));
      const double total = static_cast<double>(sizes[0]) * weight[0] + static_cast<double>(sizes[1]) * weight[4] +
                           static_cast<double>(sizes[2]) * weight[7];
      EXPECT_NEAR(total, 1000, 1e-3) << power;
      if (sizes[1] > 0) {
        EXPECT_NEAR(weight[7] / weight[4], std::pow(3.0, power), 1e-5) << power;
      }
    }
  }
}

TEST(PerCohortHeads, SplitPlainsLossByCohort) {
  const SmallBatch batch;
  const auto method = make_method("per_cohort_heads", batch.context);
  const auto tasks = method->tasks(0);
  ASSERT_EQ(tasks.size(), 3u);
  EXPECT_EQ(tasks[1].name, "high");
  for (const TaskSpec& task : tasks) EXPECT_EQ(task.weight, 1.0);
  EXPECT_EQ(batch.weights(*method), (std::vector<float>{1, 1, 1, 1, 0, 0, 0, 0,  //
                                                        0, 0, 0, 0, 1, 1, 1, 0,  //
                                                        0, 0, 0, 0, 0, 0, 0, 1}));
  for (std::size_t b = 0; b < 8; ++b) {
    EXPECT_EQ(method->served(batch.view(), b).model, 0u);
    EXPECT_EQ(method->served(batch.view(), b).task, batch.cohort[b]);
  }
}

TEST(SingleTaskPerCohort, TrainsAndServesEachCohortApart) {
  const SmallBatch batch;
  const auto method = make_method("single_task_per_cohort", batch.context);
  ASSERT_EQ(method->models(), 3u);
  for (std::size_t b = 0; b < 8; ++b) {
    for (std::size_t m = 0; m < 3; ++m) EXPECT_EQ(method->in_model(m, batch.view(), b), batch.cohort[b] == m);
    EXPECT_EQ(method->served(batch.view(), b).model, batch.cohort[b]);
    EXPECT_EQ(method->served(batch.view(), b).task, 0u);
  }
}

/// Plain on the samples of one cohort of the first axis.
class PlainOnCohort final : public Method {
 public:
  explicit PlainOnCohort(std::size_t cohort) : cohort_(cohort) {}
  std::size_t models() const override { return 2; }
  bool in_model(std::size_t model, const BatchView& batch, std::size_t b) const override {
    return model == 0 && batch.cohort[b * batch.axes] == cohort_;
  }

 private:
  std::size_t cohort_;
};

TEST(SingleTaskPerCohort, AModelKnowsNothingOfTheOtherCohorts) {
  const auto data = contract_world();
  const auto method = make_method("single_task_per_cohort", contract_context(*data.source));
  Trainer all(*data.source, contract_model(), contract_training(), *method, 3);
  all.train();
  PlainOnCohort alone(2);
  Trainer one(*data.source, contract_model(), contract_training(), alone, 3);
  one.train();
  EXPECT_EQ(all.model(2).parameter("embedding"), one.model(0).parameter("embedding"));
  EXPECT_NE(all.model(2).parameter("embedding"), all.model(1).parameter("embedding"));
}

// Two steps by hand, eta ln 2, so that a group's q is multiplied by 2^loss; q starts at 1/3 each.
TEST(GroupDro, TwoStepsByHand) {
  const SmallBatch batch;
  const auto method = make_method("group_dro", batch.context, settings({{"eta", std::log(2.0)}}));
  ASSERT_TRUE(method->needs(0).sample_losses);
  std::vector<float> weight(8, 1.0f);
  // Means 1, 2, 0: q = (2, 4, 1) / 7 before it is used; weights q B / n = 8 q / (4, 3, 1).
  method->reweigh(0, batch.view(), std::vector<double>{0, 2, 1, 1, 3, 3, 0, 0}, weight);
  for (std::size_t b = 0; b < 4; ++b) EXPECT_FLOAT_EQ(weight[b], 8 * (2.0 / 7) / 4);
  for (std::size_t b = 4; b < 7; ++b) EXPECT_FLOAT_EQ(weight[b], 8 * (4.0 / 7) / 3);
  EXPECT_FLOAT_EQ(weight[7], 8 * (1.0 / 7));
  // Without the last sample "low" is absent and its 1 stays; means 0 and 1: (2, 8, 1) / 11.
  BatchView seven = batch.view();
  seven.size = 7;
  weight.assign(7, 1.0f);
  method->reweigh(0, seven, std::vector<double>{0, 0, 0, 0, 1, 1, 1}, weight);
  for (std::size_t b = 0; b < 4; ++b) EXPECT_FLOAT_EQ(weight[b], 7 * (2.0 / 11) / 4);
  for (std::size_t b = 4; b < 7; ++b) EXPECT_FLOAT_EQ(weight[b], 7 * (8.0 / 11) / 3);
}

TEST(GroupDro, KeepsItsWeightsThroughSavingAndHugeLosses) {
  const SmallBatch batch;
  const auto first = make_method("group_dro", batch.context, settings({{"eta", 1.0}}));
  std::vector<float> weight(8, 1.0f), resumed(8, 1.0f);
  first->reweigh(0, batch.view(), std::vector<double>{1e6, 1e6, 1e6, 1e6, 0, 0, 0, 0}, weight);
  StateWriter state;
  first->save(state);
  const auto second = make_method("group_dro", batch.context, settings({{"eta", 1.0}}));
  StateReader reader(state);
  second->load(reader);
  // The other cohorts come back although their q was less than any double.
  const std::vector<double> loss = {0, 0, 0, 0, 1e6, 1e6, 1e6, 0};
  first->reweigh(0, batch.view(), loss, weight);
  second->reweigh(0, batch.view(), loss, resumed);
  EXPECT_EQ(weight, resumed);
  EXPECT_FLOAT_EQ(weight[0], 8 * 0.5 / 4);
  EXPECT_FLOAT_EQ(weight[4], 8 * 0.5 / 3);
  EXPECT_EQ(weight[7], 0.0f);
}

TEST(GroupDro, LowersTheLargestCohortLossOfItsTraining) {
  const auto data = contract_world();
  const auto largest_loss = [&](const std::string& name, Settings values) {
    const auto method = make_method(name, contract_context(*data.source), std::move(values));
    TrainingConfig training = contract_training();
    training.epochs = 4;
    Trainer trainer(*data.source, contract_model(), training, *method, 3);
    trainer.train();
    const std::vector<float> logit = trainer.served_logits(Split::train);
    const SampleTable& table = data.source->table(Split::train);
    std::vector<double> loss(3, 0.0), count(3, 0.0);
    for (std::size_t i = 0; i < logit.size(); ++i) {
      loss[table.cohort[i * 2]] += cross_entropy(table.label[i], logit[i]);
      count[table.cohort[i * 2]] += 1;
    }
    double largest = 0;
    for (std::size_t c = 0; c < 3; ++c) largest = std::max(largest, loss[c] / count[c]);
    return largest;
  };
  EXPECT_LT(largest_loss("group_dro", settings({{"eta", 0.5}})), largest_loss("plain", {}));
}

TEST(CohortRecalibrated, FitsEachCohortAndLeavesAloneWhatCannotBeFitted) {
  SmallBatch batch;
  const auto method = make_method("cohort_recalibrated", batch.context);
  ASSERT_TRUE(method->calibrates());
  // "middle": constant logits and 1 positive of 4, log odds -ln 3. "high": logits 3, 1, 3 with labels 1, 0, 1 are
  // separable and have no fit. "low": one sample.
  const std::vector<float> logit = {2, 2, 2, 2, 3, 1, 3, 7};
  method->calibrate({1, logit, batch.label, batch.cohort});
  EXPECT_EQ(method->served(batch.view(), 0).scale, 1.0);
  EXPECT_NEAR(method->served(batch.view(), 0).offset, -std::log(3.0) - 2, 1e-9);
  for (const std::size_t sample : {4, 7}) {
    EXPECT_EQ(method->served(batch.view(), sample).scale, 1.0);
    EXPECT_EQ(method->served(batch.view(), sample).offset, 0.0);
  }
}

/// A hidden axis whose cohorts differ in their base rate and in nothing else.
synthetic::GeneratedData base_rates_alone() {
  synthetic::WorldConfig world;
  world.fields = 5;
  world.vocabulary_min = 4;
  world.vocabulary_max = 12;
  world.global_strength = 0;
  world.base_rate = 0.3;
  synthetic::AxisConfig axis;
  axis.name = "user_value";
  axis.visible = false;
  axis.proxies = 1;
  axis.proxy_vocabulary = 8;
  axis.cohorts = {{"middle", 0.5, 0.0, 1.0, 0.0}, {"high", 0.3, 1.5, 1.0, 0.0}, {"low", 0.2, -1.5, 1.0, 0.0}};
  world.axes = {axis};
  synthetic::SplitSizes sizes;
  sizes.train = 20000;
  sizes.validation = sizes.test = 8000;
  sizes.discovery = 500;
  sizes.test_stratified = false;
  return synthetic::generate(world, sizes, 5);
}

TEST(CohortRecalibrated, IsAllThatAWorldOfBaseRatesNeeds) {
  const auto data = base_rates_alone();
  const SampleTable& table = data.source->table(Split::test);
  // Excess cross entropy against the truth that knows the cohort, nats a sample.
  const auto excess = [&](const std::string& name) {
    const auto method = make_method(name, contract_context(*data.source));
    Trainer trainer(*data.source, contract_model(), contract_training(), *method, 3);
    trainer.train();
    const std::vector<float> logit = trainer.served_logits(Split::test);
    double sum = 0;
    for (std::size_t i = 0; i < logit.size(); ++i) {
      const double p = table.p_true[i];
      sum += cross_entropy(p, logit[i]) - cross_entropy(p, std::log(p / (1 - p)));
    }
    return sum / static_cast<double>(logit.size());
  };
  const double plain = excess("plain"), recalibrated = excess("cohort_recalibrated");
  EXPECT_GT(plain, 0.05);
  EXPECT_LT(recalibrated, plain / 5);
}

TEST(CohortRecalibrated, TrainsPlainsModel) {
  const auto data = contract_world();
  std::vector<double> embedding[2];
  for (const bool recalibrated : {false, true}) {
    const auto method = make_method(recalibrated ? "cohort_recalibrated" : "plain", contract_context(*data.source));
    Trainer trainer(*data.source, contract_model(), contract_training(), *method, 3);
    trainer.train();
    embedding[recalibrated] = trainer.model(0).parameter("embedding");
  }
  EXPECT_EQ(embedding[0], embedding[1]);
}

}  // namespace
}  // namespace c2al

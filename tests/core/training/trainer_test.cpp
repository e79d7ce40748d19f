#include "core/training/trainer.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "core/training/catalogue.hpp"
#include "tests/core/training/methods.hpp"
#include "tests/core/training/small_world.hpp"

namespace c2al {
namespace {

using testing::small_model;
using testing::small_training;
using testing::small_world;

/// Keeps what it is told.
class Memory final : public Recorder {
 public:
  void begin_model(std::size_t, const std::vector<std::string>& names) override { task_names.push_back(names); }
  void record(const StepMetrics& metrics) override { steps.push_back(metrics); }
  void save(StateWriter& state) const override {
    std::vector<double> flat;
    for (const StepMetrics& m : steps) {
      flat.push_back(static_cast<double>(m.step));
      flat.push_back(m.losses[0]);
    }
    state.numbers("steps", flat);
  }
  void load(StateReader& state) override {
    const std::vector<double> flat = state.numbers("steps");
    for (std::size_t i = 0; i < flat.size(); i += 2) {
      StepMetrics m;
      m.step = static_cast<std::uint64_t>(flat[i]);
      m.losses = {flat[i + 1]};
      steps.push_back(m);
    }
  }
  std::vector<std::vector<std::string>> task_names;
  std::vector<StepMetrics> steps;
};

std::vector<double> all_parameters(Trainer& trainer) {
  std::vector<double> values;
  for (std::size_t index = 0; index < trainer.models(); ++index) {
    Model& model = trainer.model(index);
    for (const Parameter& parameter : model.layout().parameters) {
      const auto v = model.parameter(parameter.name);
      values.insert(values.end(), v.begin(), v.end());
    }
    const auto v = model.parameter("embedding");
    values.insert(values.end(), v.begin(), v.end());
  }
  return values;
}

double mean_loss(const std::vector<float>& logits, const MemorySource& source, Split split) {
  double sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double z = logits[i], y = source.table(split).label[i];
    sum += std::max(z, 0.0) - z * y + std::log1p(std::exp(-std::abs(z)));
  }
  return sum / static_cast<double>(logits.size());
}

TEST(Trainer, LearnsWhatTheWorldHolds) {
  const auto source = small_world();
  Method plain;
  TrainingConfig training = small_training();
  training.epochs = 6;
  Trainer trainer(*source, small_model(), training, plain, 1);
  const double before = mean_loss(trainer.served_logits(Split::test), *source, Split::test);
  ASSERT_TRUE(trainer.train());
  const double after = mean_loss(trainer.served_logits(Split::test), *source, Split::test);
  EXPECT_LT(after, before - 0.05);
  EXPECT_EQ(trainer.steps_done(), 6u * 19u);
}

TEST(Trainer, RepeatsItselfToTheBit) {
  const auto source = small_world();
  Method a, b;
  Trainer first(*source, small_model(), small_training(), a, 3);
  Trainer second(*source, small_model(), small_training(), b, 3);
  first.train();
  second.train();
  EXPECT_EQ(all_parameters(first), all_parameters(second));
  Method c;
  Trainer other_seed(*source, small_model(), small_training(), c, 4);
  other_seed.train();
  EXPECT_NE(all_parameters(first), all_parameters(other_seed));
}

/// Stops after `stop` steps, moves the state to a new trainer through a checkpoint file, and compares with a run that
/// was never stopped.
template <class M>
void expect_resume_is_exact(std::uint64_t stop) {
  const auto source = small_world();
  M whole_method;
  Memory whole_memory;
  Trainer whole(*source, small_model(), small_training(), whole_method, 7, 0, &whole_memory);
  whole.train();

  M first_method;
  Memory first_memory;
  Trainer first(*source, small_model(), small_training(), first_method, 7, 0, &first_memory);
  EXPECT_FALSE(first.train([&](std::uint64_t done, std::uint64_t, std::uint64_t) { return done < stop; }));
  const auto file = std::filesystem::path(::testing::TempDir()) / ("resume_" + std::to_string(stop) + ".state");
  StateWriter writer;
  first.save(writer);
  writer.write(file);

  M second_method;
  Memory second_memory;
  Trainer second(*source, small_model(), small_training(), second_method, 7, 0, &second_memory);
  StateReader reader(file);
  second.load(reader);
  EXPECT_EQ(second.steps_done(), stop);
  EXPECT_TRUE(second.train());
  std::filesystem::remove(file);

  EXPECT_EQ(all_parameters(whole), all_parameters(second));
  EXPECT_EQ(whole.served_logits(Split::test), second.served_logits(Split::test));
  ASSERT_EQ(whole_memory.steps.size(), second_memory.steps.size());
  for (std::size_t i = 0; i < whole_memory.steps.size(); ++i) {
    EXPECT_EQ(whole_memory.steps[i].step, second_memory.steps[i].step);
    EXPECT_EQ(whole_memory.steps[i].losses[0], second_memory.steps[i].losses[0]);
  }
}

TEST(Trainer, ResumesPlainInMidEpoch) { expect_resume_is_exact<Method>(11); }
TEST(Trainer, ResumesInTheSecondEpoch) { expect_resume_is_exact<Method>(23); }
TEST(Trainer, ResumesALossDependentState) { expect_resume_is_exact<testing::LossWeighted>(11); }
TEST(Trainer, ResumesSeveralUpdatesABatch) { expect_resume_is_exact<testing::TwoUpdates>(11); }
TEST(Trainer, ResumesSeveralModels) { expect_resume_is_exact<testing::ModelPerCohort>(11); }

TEST(Trainer, ALossDependentStateChangesTheResult) {
  const auto source = small_world();
  testing::LossWeighted weighted;
  Method plain;
  Trainer a(*source, small_model(), small_training(), weighted, 7),
      b(*source, small_model(), small_training(), plain, 7);
  a.train();
  b.train();
  EXPECT_NE(a.served_logits(Split::test), b.served_logits(Split::test));
}

TEST(Trainer, GramAtTheRepresentationSeesOpposingTasks) {
  const auto source = small_world();
  testing::CosineAtRepresentation method;
  Trainer trainer(*source, small_model(), small_training(), method, 7);
  trainer.train();
  // The second task predicts 1 - y from heads that start apart: over training its gradient at h turns against y's.
  EXPECT_LT(method.cosine, 0);
  EXPECT_GE(method.cosine, -1 - 1e-6);
}

TEST(Trainer, ServesTheHeadTheMethodNamesForEachSample) {
  const auto source = small_world();
  testing::TwoUpdates method;
  Trainer trainer(*source, small_model(), small_training(), method, 7);
  trainer.train();
  const auto served = trainer.served_logits(Split::test);
  const auto stream = source->open(Split::test, {}, 100);
  BatchView batch;
  ASSERT_TRUE(stream->next(batch));
  std::vector<float> logits(batch.size * 2);
  trainer.model(0).predict(batch, logits);
  bool heads_differ = false;
  for (std::size_t b = 0; b < batch.size; ++b) {
    EXPECT_EQ(served[b], logits[2 * b + (batch.cohort[b] == 0 ? 1 : 0)]);
    heads_differ = heads_differ || logits[2 * b] != logits[2 * b + 1];
  }
  EXPECT_TRUE(heads_differ);
}

TEST(Trainer, TrainsEachModelOnItsOwnSamples) {
  const auto source = small_world();
  testing::ModelPerCohort method;
  Trainer trainer(*source, small_model(), small_training(), method, 7);
  ASSERT_EQ(trainer.models(), 2u);
  const auto before = trainer.model(0).parameter("embedding");
  trainer.train();
  const auto after = trainer.model(0).parameter("embedding");
  // Row 8 is the second cohort's own row: model 0 never sees it. Row 7, the first cohort's, must have moved.
  for (std::size_t a = 0; a < 4; ++a) {
    EXPECT_EQ(after[8 * 4 + a], before[8 * 4 + a]);
    EXPECT_NE(after[7 * 4 + a], before[7 * 4 + a]);
  }
  EXPECT_NE(trainer.model(1).parameter("embedding")[8 * 4], trainer.model(0).parameter("embedding")[8 * 4]);
}

TEST(Trainer, RecordsMeansAtTheInterval) {
  const auto source = small_world();
  Method plain;
  Memory memory;
  Trainer trainer(*source, small_model(), small_training(), plain, 1, 0, &memory);
  trainer.train();
  ASSERT_EQ(memory.task_names, (std::vector<std::vector<std::string>>{{"primary"}}));
  ASSERT_EQ(memory.steps.size(), 8u);  // 38 steps: every 5th, and the last
  EXPECT_EQ(memory.steps.front().step, 4u);
  EXPECT_EQ(memory.steps.back().step, 37u);
  for (const StepMetrics& m : memory.steps) {
    EXPECT_GT(m.losses[0], 0.1);
    EXPECT_LT(m.losses[0], 2.0);
    EXPECT_NEAR(m.learning_rate, 0.01 * (1 - static_cast<double>(m.step) / 38), 1e-12);
  }
}

TEST(Trainer, NamesTheStepAndTheTensorWhenItDiverges) {
  const auto source = small_world();
  Method plain;
  TrainingConfig training = small_training();
  training.optimizer = OptimizerKind::sgd;
  training.learning_rate = 1e30;
  training.embedding_learning_rate = 1e30;
  Trainer trainer(*source, small_model(), training, plain, 1);
  try {
    trainer.train();
    FAIL() << "training at a rate of 1e30 ended well";
  } catch (const RunError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("diverged at step"), std::string::npos) << message;
    EXPECT_NE(message.find("tensor"), std::string::npos) << message;
  }
}

TEST(Trainer, AnotherShuffleVariantChangesTheOrderAlone) {
  class Replica final : public Method {
   public:
    std::uint64_t shuffle_variant() const override { return 1; }
  };
  const auto source = small_world();
  Method plain;
  Replica replica;
  Trainer a(*source, small_model(), small_training(), plain, 7),
      b(*source, small_model(), small_training(), replica, 7);
  EXPECT_EQ(all_parameters(a), all_parameters(b));
  a.train();
  b.train();
  EXPECT_NE(all_parameters(a), all_parameters(b));
}

}  // namespace
}  // namespace c2al

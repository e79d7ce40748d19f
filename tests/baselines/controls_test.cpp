#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/training/trainer.hpp"
#include "tests/baselines/world.hpp"

namespace c2al {
namespace {

using testing::contract_context;
using testing::contract_model;
using testing::contract_training;
using testing::contract_world;

/// Auxiliary targets of a method over the whole training split in its order, (3, N).
struct Targets {
  std::vector<float> label, head, tail;
  std::vector<std::uint16_t> cohort, sham;
};

Targets all_targets(const MemorySource& source, const Method& method) {
  Targets all;
  const auto stream = source.open(Split::train, {}, 512);
  BatchView batch;
  while (stream->next(batch)) {
    std::vector<float> target(3 * batch.size), weight(3 * batch.size, 1.0f);
    method.make_targets(0, batch, target, weight);
    for (std::size_t b = 0; b < batch.size; ++b) {
      all.label.push_back(batch.label[b]);
      all.head.push_back(target[batch.size + b]);
      all.tail.push_back(target[2 * batch.size + b]);
      all.cohort.push_back(batch.cohort[b * batch.axes]);
      all.sham.push_back(batch.cohort[b * batch.axes + 1]);
    }
  }
  return all;
}

TEST(C2al, LabelsArePositiveOnlyInTheirCohort) {
  const auto data = contract_world();
  const auto method = make_method("c2al", contract_context(*data.source));
  const Targets all = all_targets(*data.source, *method);
  for (std::size_t i = 0; i < all.label.size(); ++i) {
    EXPECT_EQ(all.head[i], all.cohort[i] == 1 ? all.label[i] : 0.0f);
    EXPECT_EQ(all.tail[i], all.cohort[i] == 2 ? all.label[i] : 0.0f);
  }
  const auto tasks = method->tasks(0);
  ASSERT_EQ(tasks.size(), 3u);
  EXPECT_EQ(tasks[0].weight, 1.0);
  EXPECT_EQ(tasks[1].weight, 0.7);
  EXPECT_EQ(tasks[2].weight, 0.4);
}

TEST(ShamCohorts, FollowTheInertField) {
  const auto data = contract_world();
  const auto method = make_method("sham_cohorts", contract_context(*data.source));
  const Targets all = all_targets(*data.source, *method);
  std::size_t apart = 0;
  for (std::size_t i = 0; i < all.label.size(); ++i) {
    EXPECT_EQ(all.head[i], all.sham[i] == 1 ? all.label[i] : 0.0f);
    EXPECT_EQ(all.tail[i], all.sham[i] == 2 ? all.label[i] : 0.0f);
    apart += all.sham[i] != all.cohort[i];
  }
  EXPECT_GT(apart, all.label.size() / 4);
}

TEST(ShamCohorts, RefuseAWorldWithoutAnInertField) {
  Schema schema;
  schema.axes = {{"user_value", {"a", "b"}, true, false}};
  MethodContext context;
  context.schema = &schema;
  context.pair = {0, 0, 1};
  try {
    make_method("sham_cohorts", context);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find("inert_field"), std::string::npos) << error.what();
  }
}

TEST(DuplicateLabel, RepeatsTheLabel) {
  const auto data = contract_world();
  const auto method = make_method("duplicate_label", contract_context(*data.source));
  const Targets all = all_targets(*data.source, *method);
  EXPECT_EQ(all.head, all.label);
  EXPECT_EQ(all.tail, all.label);
}

TEST(RandomCohorts, HaveExactlyThePairsSizesAndNoRelationToIt) {
  const auto data = contract_world();
  const auto context = contract_context(*data.source);
  const auto method = make_method("random_cohorts", context);
  // A batch of positives reveals the membership of every training sample.
  std::vector<float> label(context.train_size, 1.0f), target(3 * context.train_size, 1.0f), weight(target);
  std::vector<std::uint64_t> ids(context.train_size);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = i;
  BatchView batch;
  batch.size = ids.size();
  batch.label = label.data();
  batch.sample_id = ids.data();
  method->make_targets(0, batch, target, weight);
  const auto begin = target.begin() + static_cast<std::ptrdiff_t>(batch.size);
  const auto middle = begin + static_cast<std::ptrdiff_t>(batch.size);
  EXPECT_EQ(static_cast<std::uint64_t>(std::count(begin, middle, 1.0f)), context.train_cohort_sizes[1]);
  EXPECT_EQ(static_cast<std::uint64_t>(std::count(middle, target.end(), 1.0f)), context.train_cohort_sizes[2]);

  // Share of true head-cohort members among the random head cohort: the population's, within 4.5 standard errors.
  const auto& cohort = data.source->table(Split::train).cohort;
  const double n = static_cast<double>(context.train_cohort_sizes[1]);
  const double share = n / static_cast<double>(context.train_size);
  double both = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_FALSE(begin[static_cast<std::ptrdiff_t>(i)] == 1.0f && middle[static_cast<std::ptrdiff_t>(i)] == 1.0f);
    both += begin[static_cast<std::ptrdiff_t>(i)] == 1.0f && cohort[i * 2] == 1;
  }
  EXPECT_NEAR(both / n, share, 4.5 * std::sqrt(share * (1 - share) / n));
}

TEST(RandomCohorts, DifferBySeed) {
  const auto data = contract_world();
  auto context = contract_context(*data.source);
  const Targets first = all_targets(*data.source, *make_method("random_cohorts", context));
  context.seed += 1;
  const Targets second = all_targets(*data.source, *make_method("random_cohorts", context));
  EXPECT_NE(first.head, second.head);
}

TEST(MembershipOnly, PredictsTheCohortWithoutTheLabel) {
  const auto data = contract_world();
  const auto method = make_method("membership_only", contract_context(*data.source));
  const Targets all = all_targets(*data.source, *method);
  for (std::size_t i = 0; i < all.label.size(); ++i) {
    EXPECT_EQ(all.head[i], all.cohort[i] == 1 ? 1.0f : 0.0f);
    EXPECT_EQ(all.tail[i], all.cohort[i] == 2 ? 1.0f : 0.0f);
  }
}

TEST(WrongPair, IsC2alOnTheLeastDivergentPair) {
  const auto data = contract_world();
  const auto context = contract_context(*data.source);
  ASSERT_EQ(context.least_divergent->head_cohort, 0u);
  ASSERT_EQ(context.least_divergent->tail_cohort, 2u);
  const Targets all = all_targets(*data.source, *make_method("wrong_pair", context));
  for (std::size_t i = 0; i < all.label.size(); ++i) {
    EXPECT_EQ(all.head[i], all.cohort[i] == 0 ? all.label[i] : 0.0f);
    EXPECT_EQ(all.tail[i], all.cohort[i] == 2 ? all.label[i] : 0.0f);
  }
}

TEST(WrongPair, NeedsAPairThatIsNotTheScenariosOwn) {
  const auto data = contract_world();
  EXPECT_TRUE(find_method("wrong_pair").describe().needs_discovery);
  const auto refusal = [&](MethodContext context) -> std::string {
    try {
      make_method("wrong_pair", context);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  };
  MethodContext context = contract_context(*data.source);
  context.least_divergent.reset();
  EXPECT_NE(refusal(context).find("discovery found none"), std::string::npos) << refusal(context);
  context.least_divergent = CohortPair{0, 2, 1};  // the scenario's, the other way round
  EXPECT_NE(refusal(context).find("scenario's own"), std::string::npos) << refusal(context);
  Schema schema;
  schema.axes = {{"user_value", {"a", "b"}, true, false}, {"sham", {"a", "b", "c"}, true, true}};
  context.schema = &schema;
  EXPECT_NE(refusal(context).find("one pair of cohorts only"), std::string::npos) << refusal(context);
}

TEST(PlainReplica, DiffersFromPlainInTheOrderAlone) {
  const auto data = contract_world();
  const auto plain = make_method("plain", contract_context(*data.source));
  const auto replica = make_method("plain_replica", contract_context(*data.source));
  Trainer a(*data.source, contract_model(), contract_training(), *plain, 3);
  Trainer b(*data.source, contract_model(), contract_training(), *replica, 3);
  EXPECT_EQ(a.served_logits(Split::test), b.served_logits(Split::test));
  a.train();
  b.train();
  EXPECT_NE(a.served_logits(Split::test), b.served_logits(Split::test));
}

}  // namespace
}  // namespace c2al

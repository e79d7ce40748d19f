// Selective task group updates against steps worked by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/training/trainer.hpp"
#include "tests/baselines/world.hpp"

namespace c2al {
namespace {

using Vector = std::vector<double>;

const MemorySource& source() {
  static const synthetic::GeneratedData data = testing::contract_world();
  return *data.source;
}

std::unique_ptr<Method> method(double decay, std::int64_t warm_up, double lambda_tail = 1.0,
                               const std::string& grouping = "preference") {
  return make_method("selective_updates", testing::contract_context(source()),
                     Settings("test", {{"affinity_decay", decay},
                                       {"warm_up", warm_up},
                                       {"grouping", grouping},
                                       {"lambda_head", 1.0},
                                       {"lambda_tail", lambda_tail}}));
}

/// Shows a step's losses before each update and after the last.
void show(Method& m, std::uint64_t step, const std::vector<Vector>& losses) {
  for (std::size_t update = 0; update < losses.size(); ++update) {
    Vector trunk(3, 1.0), heads(3, 1.0);
    m.coefficients({step, 0, update, losses[update], {}}, trunk, heads);
    EXPECT_EQ(trunk, (Vector{1, 1, 1}));
  }
}

Vector affinity(const Method& m) {
  StateWriter state;
  m.save(state);
  return StateReader(state).numbers("affinity");
}

void expect_near(const Vector& found, const Vector& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-12) << "entry " << i;
}

TEST(SelectiveUpdates, BeginsWithOneStepATaskAndALastLook) {
  const auto m = method(0.5, 2);
  const auto plan = m->plan(0);
  ASSERT_EQ(plan.size(), 4u);
  std::vector<std::size_t> tasks;
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_EQ(plan[i].tasks.size(), 1u);
    tasks.push_back(plan[i].tasks[0]);
  }
  EXPECT_TRUE(plan[3].tasks.empty());
  std::sort(tasks.begin(), tasks.end());
  EXPECT_EQ(tasks, (std::vector<std::size_t>{0, 1, 2}));
}

TEST(SelectiveUpdates, CreditsAGainToTheGroupWhoseStepMadeIt) {
  const auto m = method(0.5, 3);
  const auto plan = m->plan(0);
  const std::size_t a = plan[0].tasks[0], b = plan[1].tasks[0], c = plan[2].tasks[0];
  // a's step: own loss 1 -> 0.5, b's 1 -> 0.8, c's 1 -> 1.2. b's: c's 1.2 -> 0.6. c's: a's 0.5 -> 0.4, its own up.
  std::vector<Vector> losses(4, Vector(3, 1.0));
  losses[1][a] = 0.5, losses[1][b] = 0.8, losses[1][c] = 1.2;
  losses[2] = losses[1], losses[2][c] = 0.6;
  losses[3] = losses[2], losses[3][a] = 0.4, losses[3][c] = 0.9;
  show(*m, 0, losses);
  Vector expected(9, 0.0);
  expected[a * 3 + a] = 0.5 * 0.5;
  expected[a * 3 + b] = 0.5 * 0.2;
  expected[a * 3 + c] = 0.5 * -0.2;
  expected[b * 3 + c] = 0.5 * 0.5;
  expected[c * 3 + a] = 0.5 * 0.2;
  expected[c * 3 + c] = 0;  // its own loss rose: no affinity to itself is learned from that
  expect_near(affinity(*m), expected);
}

TEST(SelectiveUpdates, JoinsTasksThatHelpEachOtherAndCountsTheGroupsSize) {
  const auto m = method(1.0, 2);
  // Two warm-up steps in which 0 and 1 help each other and 2 is harmed by and harms both.
  for (std::uint64_t step = 0; step < 2; ++step) {
    const auto plan = m->plan(step);
    std::vector<Vector> losses = {Vector(3, 1.0)};
    for (std::size_t u = 0; u < 3; ++u) {
      const std::size_t task = plan[u].tasks[0];
      Vector after = losses.back();
      for (std::size_t k = 0; k < 3; ++k) after[k] *= k == task ? 0.8 : (task < 2 && k < 2) ? 0.9 : 1.1;
      losses.push_back(after);
    }
    show(*m, step, losses);
  }
  expect_near(affinity(*m), {0.2, 0.1, -0.1, 0.1, 0.2, -0.1, -0.1, -0.1, 0.2});
  const auto plan = m->plan(2);
  ASSERT_EQ(plan.size(), 3u);
  const std::size_t joint = plan[0].tasks.size() == 2 ? 0 : 1;
  EXPECT_EQ(plan[joint].tasks, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(plan[1 - joint].tasks, (std::vector<std::size_t>{2}));
  // The joint step: 0 gains a fifth, 1 loses a tenth. Both directions count the larger, divided by the group's size, as
  // disagreement; 0's own gain counts, 1's own loss does not.
  std::vector<Vector> losses(3, Vector(3, 1.0));
  for (std::size_t u = joint + 1; u < 3; ++u) losses[u] = {0.8, 1.1, 1.0};
  show(*m, 2, losses);
  const Vector found = affinity(*m);
  EXPECT_NEAR(found[0], 0.1, 1e-12);
  EXPECT_NEAR(found[1], -0.1, 1e-12);
  EXPECT_NEAR(found[3], -0.1, 1e-12);
  EXPECT_NEAR(found[4], 0.2, 1e-12);
}

TEST(SelectiveUpdates, LeavesTasksOfWeightZeroOut) {
  const auto plan = method(0.5, 1, 0.0)->plan(0);
  ASSERT_EQ(plan.size(), 3u);
  EXPECT_EQ(plan[0].tasks[0] + plan[1].tasks[0], 1u);
}

TEST(SelectiveUpdates, TheMedianLeavesThreeTasksApartUnlessTheirAffinitiesTie) {
  const auto m = method(1.0, 1, 1.0, "median");
  const auto plan = m->plan(0);
  std::vector<Vector> losses = {Vector(3, 1.0)};
  for (std::size_t u = 0; u < 3; ++u) {
    const std::size_t task = plan[u].tasks[0];
    Vector after = losses.back();
    for (std::size_t k = 0; k < 3; ++k) after[k] *= k == task ? 0.8 : 0.81 + 0.02 * static_cast<double>(k + task);
    losses.push_back(after);
  }
  show(*m, 0, losses);
  EXPECT_EQ(m->plan(1).size(), 4u);
}

/// One update a batch, of the second of two tasks.
class OnlyTheSecond final : public Method {
 public:
  std::vector<TaskSpec> tasks(std::size_t) const override { return {{"first", 1.0}, {"second", 1.0}}; }
  std::vector<PlannedUpdate> plan(std::uint64_t step) override {
    // Both move once, so that the first has momentum to go on with.
    if (step == 0) return {{{0, 1}}};
    return {{{1}}};
  }
};

TEST(SelectiveUpdates, StepsOfATaskLeaveTheOthersHeadsAlone) {
  OnlyTheSecond m;
  Trainer trainer(source(), testing::contract_model(), testing::contract_training(), m, 3);
  const auto stop_after = [](std::uint64_t last) {
    return [=](std::uint64_t done, std::uint64_t, std::uint64_t) { return done < last; };
  };
  trainer.train(stop_after(1));
  const auto before = trainer.model(0).parameter("head.weight");
  trainer.train(stop_after(4));
  const auto after = trainer.model(0).parameter("head.weight");
  const auto width = static_cast<std::ptrdiff_t>(before.size() / 2);
  EXPECT_TRUE(std::equal(before.begin(), before.begin() + width, after.begin()));
  EXPECT_FALSE(std::equal(before.begin() + width, before.end(), after.begin() + width));
}

TEST(SelectiveUpdates, GroupsDoChangeInTraining) {
  const auto m = method(0.5, 4);
  Trainer trainer(source(), testing::contract_model(), testing::contract_training(), *m, 3);
  trainer.train();
  const Vector found = affinity(*m);
  EXPECT_TRUE(std::all_of(found.begin(), found.end(), [](double a) { return a != 0; }));
  std::set<std::size_t> sizes;
  for (std::uint64_t step : {0u, 32u}) sizes.insert(m->plan(step).size());
  EXPECT_EQ(sizes.size(), 2u) << "one grouping from first to last";
}

}  // namespace
}  // namespace c2al

#include "results/verdict.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace c2al {
namespace {

using ::testing::HasSubstr;

PairedDifference interval(double low, double high) {
  PairedDifference d;
  d.n = 8;
  d.mean = (low + high) / 2;
  d.low = low;
  d.high = high;
  if (high < 0) d.reading = Reading::gain;
  if (low > 0) d.reading = Reading::harm;
  return d;
}

Comparison comparison(const std::string& method, const std::string& measure, const PairedDifference& difference,
                      const std::string& set = "overall", const std::string& reference = "plain") {
  Comparison c;
  c.scenario = "toy";
  c.method = method;
  c.reference = reference;
  c.measure = measure;
  c.set = set;
  c.unit.push_back('%');
  c.difference = difference;
  return c;
}

ScenarioComparison scenario(std::vector<Comparison> comparisons) {
  ScenarioComparison s;
  s.scenario = "toy";
  s.head_set = "value/high";
  s.tail_set = "value/low";
  s.comparisons = std::move(comparisons);
  return s;
}

ClaimVerdict verdict_on(const std::string& id, const ScenarioComparison& s) {
  for (ClaimVerdict& verdict : judge(s))
    if (verdict.id == id) return verdict;
  ADD_FAILURE() << "no verdict on " << id;
  return {};
}

TEST(Verdict, Words) {
  EXPECT_STREQ(to_string(Verdict::reproduced), "reproduced");
  EXPECT_STREQ(to_string(Verdict::not_reproduced), "not reproduced");
  EXPECT_STREQ(to_string(Verdict::opposite), "opposite");
  EXPECT_STREQ(to_string(Verdict::unresolved), "unresolved");
  EXPECT_STREQ(to_string(Verdict::not_tested), "not tested");
}

TEST(Verdict, FallFollowsTheInterval) {
  EXPECT_EQ(judge_fall(interval(-0.3, -0.1), -0.16), Verdict::reproduced);
  EXPECT_EQ(judge_fall(interval(0.1, 0.3), -0.16), Verdict::opposite);
  EXPECT_EQ(judge_fall(interval(-0.1, 0.05), -0.16), Verdict::not_reproduced);
  EXPECT_EQ(judge_fall(interval(-0.3, 0.05), -0.16), Verdict::unresolved);
  EXPECT_EQ(judge_fall(PairedDifference{}, -0.16), Verdict::unresolved);
}

TEST(Verdict, BeyondNeedsTheWholeIntervalBeyondTheBound) {
  EXPECT_EQ(judge_beyond(interval(-5, -0.31), -0.30), Verdict::reproduced);
  EXPECT_EQ(judge_beyond(interval(-5, -0.1), -0.30), Verdict::unresolved);
  EXPECT_EQ(judge_beyond(interval(-0.2, -0.1), -0.30), Verdict::not_reproduced);
  EXPECT_EQ(judge_beyond(interval(-0.2, 0.4), -0.30), Verdict::not_reproduced);
  EXPECT_EQ(judge_beyond(interval(-0.5, 0.4), -0.30), Verdict::unresolved);
  EXPECT_EQ(judge_beyond(interval(0.1, 0.4), -0.30), Verdict::opposite);
}

TEST(Verdict, NoGainIsShownByHarmOrByAPreciseNull) {
  EXPECT_EQ(judge_no_gain(interval(0.2, 0.5), -0.16), Verdict::reproduced);
  EXPECT_EQ(judge_no_gain(interval(-0.1, 0.1), -0.16), Verdict::reproduced);
  EXPECT_EQ(judge_no_gain(interval(-0.4, 0.1), -0.16), Verdict::unresolved);
  EXPECT_EQ(judge_no_gain(interval(-0.4, -0.1), -0.16), Verdict::opposite);
}

TEST(Verdict, NullContainsZero) {
  EXPECT_EQ(judge_null(interval(-0.1, 0.1)), Verdict::reproduced);
  EXPECT_EQ(judge_null(interval(0.0, 0.0)), Verdict::reproduced);
  EXPECT_EQ(judge_null(interval(0.01, 0.1)), Verdict::not_reproduced);
  EXPECT_EQ(judge_null(PairedDifference{}), Verdict::unresolved);
}

TEST(Verdict, NothingIsTestedWithoutRuns) {
  for (const ClaimVerdict& verdict : judge(scenario({}))) EXPECT_EQ(verdict.verdict, Verdict::not_tested) << verdict.id;
}

TEST(Verdict, OnePairIsUnresolved) {
  PairedDifference one;
  one.n = 1;
  one.mean = -1;
  const ClaimVerdict verdict = verdict_on("overall_ne", scenario({comparison("c2al", measure::ne, one)}));
  EXPECT_EQ(verdict.verdict, Verdict::unresolved);
  EXPECT_EQ(verdict.note, "fewer than two pairs");
}

TEST(Verdict, OverallAndRecalibratedAreJudgedApart) {
  const auto s = scenario({comparison("c2al", measure::ne, interval(-0.3, -0.1)),
                           comparison("c2al", measure::ne_recalibrated, interval(-0.05, 0.1))});
  EXPECT_EQ(verdict_on("overall_ne", s).verdict, Verdict::reproduced);
  EXPECT_EQ(verdict_on("overall_ne_recalibrated", s).verdict, Verdict::not_reproduced);
}

TEST(Verdict, MinorityClaims) {
  auto s = scenario({comparison("c2al", measure::ne, interval(-5, -4), "value/high"),
                     comparison("c2al", measure::ne, interval(-0.5, -0.1), "value/low")});
  EXPECT_EQ(verdict_on("minority_ne/head", s).verdict, Verdict::reproduced);
  EXPECT_EQ(verdict_on("minority_ne/tail", s).verdict, Verdict::unresolved);
  EXPECT_THAT(verdict_on("minority_ne/tail", s).note, HasSubstr("0.30 % lies within"));
  PlainLevel level;
  level.set = "value/high";
  level.share = 0.9;
  s.levels.push_back(level);
  EXPECT_EQ(verdict_on("minority_ne/head", s).verdict, Verdict::not_tested);
  EXPECT_THAT(verdict_on("minority_ne/head", s).note, HasSubstr("90 %"));
  s.levels[0].share = 0.5;
  EXPECT_EQ(verdict_on("minority_ne/head", s).verdict, Verdict::not_tested);
  s.levels[0].share = 0.49;
  EXPECT_EQ(verdict_on("minority_ne/head", s).verdict, Verdict::reproduced);
}

TEST(Verdict, ControlsExplainOnlyAGainThatIsThere) {
  const auto against = [](const PairedDifference& control, const PairedDifference& plain) {
    return verdict_on("control/random_cohorts",
                      scenario({comparison("c2al", measure::ne, plain),
                                comparison("c2al", measure::ne, control, "overall", "random_cohorts")}))
        .verdict;
  };
  const PairedDifference gain = interval(-0.8, -0.6);
  EXPECT_EQ(against(interval(-0.9, -0.5), gain), Verdict::reproduced);
  EXPECT_EQ(against(interval(0.1, 0.5), gain), Verdict::opposite);
  // The interval excludes that half of the gain, 0.35, is contrast.
  EXPECT_EQ(against(interval(-0.2, 0.1), gain), Verdict::not_reproduced);
  EXPECT_EQ(against(interval(-0.34, 0.1), gain), Verdict::not_reproduced);
  // It excludes that the whole gain is, yet not that half of it is.
  EXPECT_EQ(against(interval(-0.36, 0.1), gain), Verdict::unresolved);
  EXPECT_EQ(against(interval(-0.9, 0.1), gain), Verdict::unresolved);
  EXPECT_EQ(against(interval(-0.9, -0.5), interval(-0.1, 0.1)), Verdict::not_tested);
  EXPECT_EQ(against(interval(-0.9, -0.5), interval(0.1, 0.2)), Verdict::not_tested);
}

TEST(Verdict, DensityAndItsControls) {
  const auto s =
      scenario({comparison("c2al", measure::attention_gini, interval(-0.05, -0.03)),
                comparison("c2al", measure::attention_gini, interval(-0.01, 0.01), "overall", "sham_cohorts"),
                comparison("c2al", measure::attention_gini, interval(-0.05, -0.03), "overall", "random_cohorts")});
  EXPECT_EQ(verdict_on("density", s).verdict, Verdict::reproduced);
  EXPECT_EQ(verdict_on("density_control/sham_cohorts", s).verdict, Verdict::not_reproduced);
  EXPECT_EQ(verdict_on("density_control/random_cohorts", s).verdict, Verdict::reproduced);
  EXPECT_EQ(verdict_on("density_control/duplicate_label", s).verdict, Verdict::not_tested);
}

TEST(Verdict, ServingCostIsExact) {
  auto s = scenario({});
  MethodCost plain, c2al;
  plain.method = "plain";
  c2al.method = "c2al";
  c2al.served_as_plain = true;
  s.costs = {plain, c2al};
  EXPECT_EQ(verdict_on("serving_cost", s).verdict, Verdict::reproduced);
  s.costs[1].served_as_plain = false;
  EXPECT_EQ(verdict_on("serving_cost", s).verdict, Verdict::not_reproduced);
}

TEST(Verdict, HonestyOnlyWhereThereIsNothingToGain) {
  auto s = scenario({comparison("c2al", measure::ne, interval(0.2, 0.5))});
  EXPECT_EQ(verdict_on("no_false_gain", s).verdict, Verdict::not_tested);
  s.base_rate_only = true;
  EXPECT_EQ(verdict_on("no_false_gain", s).verdict, Verdict::reproduced);
  EXPECT_EQ(verdict_on("no_false_gain", s).note, "c2al harms");
  EXPECT_EQ(verdict_on("overall_ne", s).verdict, Verdict::opposite);
  EXPECT_THAT(verdict_on("overall_ne", s).note, HasSubstr("nothing to gain"));
  s.comparisons[0].difference = interval(-0.5, -0.2);
  EXPECT_EQ(verdict_on("no_false_gain", s).verdict, Verdict::opposite);
}

TEST(Verdict, ReplicaIsTheNull) {
  const auto s = scenario({comparison("plain_replica", measure::ne, interval(-0.1, 0.1)),
                           comparison("plain_replica", measure::attention_gini, interval(0.001, 0.002))});
  EXPECT_EQ(verdict_on("null/ne", s).verdict, Verdict::reproduced);
  EXPECT_EQ(verdict_on("null/gini", s).verdict, Verdict::not_reproduced);
}

}  // namespace
}  // namespace c2al

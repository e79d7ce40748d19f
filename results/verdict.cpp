#include "results/verdict.hpp"

#include <fmt/format.h>

#include <cmath>

namespace c2al {

namespace {

bool has_interval(const PairedDifference& difference) { return difference.n >= 2 && std::isfinite(difference.low); }

/// A claim about a comparison; not tested, with the reason, when there is none.
ClaimVerdict from_comparison(std::string id, std::string claim, std::string paper, std::string measured,
                             const Comparison* comparison) {
  ClaimVerdict verdict;
  verdict.id = std::move(id);
  verdict.claim = std::move(claim);
  verdict.paper = std::move(paper);
  verdict.measured = std::move(measured);
  if (comparison == nullptr) {
    verdict.measured.clear();
    verdict.note = "no pair of runs";
    return verdict;
  }
  verdict.unit = comparison->unit;
  verdict.difference = comparison->difference;
  if (comparison->difference.n < 2) verdict.note = "fewer than two pairs";
  return verdict;
}

const PlainLevel* level_of(const ScenarioComparison& scenario, const std::string& set) {
  for (const PlainLevel& level : scenario.levels)
    if (level.set == set) return &level;
  return nullptr;
}

constexpr const char* no_gain_note = "cohorts differ in base rate only: by construction there is nothing to gain";

ClaimVerdict overall_claim(const ScenarioComparison& scenario, bool recalibrated) {
  const Comparison* change = scenario.find("c2al", recalibrated ? measure::ne_recalibrated : measure::ne);
  ClaimVerdict verdict =
      from_comparison(recalibrated ? "overall_ne_recalibrated" : "overall_ne",
                      recalibrated ? "overall NE falls, better calibration apart" : "overall NE falls", "up to -0.16 %",
                      recalibrated ? "c2al against plain, both recalibrated" : "c2al against plain", change);
  if (change == nullptr) return verdict;
  verdict.verdict = judge_fall(change->difference, paper_overall_change);
  if (scenario.base_rate_only) verdict.note = no_gain_note;
  return verdict;
}

ClaimVerdict minority_claim(const ScenarioComparison& scenario, const std::string& role, const std::string& set) {
  const Comparison* change = scenario.find("c2al", measure::ne, set);
  ClaimVerdict verdict =
      from_comparison("minority_ne/" + role, fmt::format("the targeted minority cohort {} gains beyond 0.30 %", set),
                      "beyond -0.30 %", "c2al against plain", change);
  if (change == nullptr) return verdict;
  if (const PlainLevel* level = level_of(scenario, set); level != nullptr && level->share >= 0.5) {
    verdict.note = fmt::format("no minority: {:.0f} % of the population", 100 * level->share);
    return verdict;
  }
  verdict.verdict = judge_beyond(change->difference, paper_minority_change);
  if (verdict.verdict == Verdict::unresolved && change->difference.reading == Reading::gain)
    verdict.note = "a gain, but 0.30 % lies within the interval";
  if (verdict.verdict == Verdict::not_reproduced && change->difference.reading == Reading::gain)
    verdict.note = "a gain smaller than 0.30 %";
  if (scenario.base_rate_only) verdict.note = no_gain_note;
  return verdict;
}

/// Whether an effect of c2al goes beyond that of a control; `contrast_share` of it is the size at stake.
ClaimVerdict control_claim(const ScenarioComparison& scenario, const std::string& measure, const std::string& control) {
  const bool is_ne = measure == measure::ne;
  const Comparison* against_control = scenario.find("c2al", measure, "overall", control);
  const Comparison* against_plain = scenario.find("c2al", measure);
  const std::string claim = is_ne ? "the gain is due to cohort contrast" : "the denser attention is a cohort effect";
  ClaimVerdict verdict =
      from_comparison((is_ne ? "control/" : "density_control/") + control, claim + ": more than " + control, "",
                      "c2al against " + control, against_control);
  if (against_control == nullptr) return verdict;
  if (against_plain == nullptr || against_plain->difference.reading != Reading::gain) {
    verdict.note =
        is_ne ? "no resolved overall gain to explain" : "no resolved fall of the Gini coefficient to explain";
    return verdict;
  }
  verdict.verdict = judge_fall(against_control->difference, contrast_share * against_plain->difference.mean);
  return verdict;
}

ClaimVerdict density_claim(const ScenarioComparison& scenario) {
  const Comparison* change = scenario.find("c2al", measure::attention_gini);
  if (change != nullptr && change->difference.n == 0) change = nullptr;
  ClaimVerdict verdict = from_comparison("density", "attention gets denser: the Gini coefficient of |Y| falls",
                                         "shown as histograms", "c2al against plain", change);
  if (change == nullptr)
    verdict.note = "no attention weights recorded";
  else
    verdict.verdict = judge_fall(change->difference, smallest_gini_fall);
  return verdict;
}

ClaimVerdict serving_claim(const ScenarioComparison& scenario) {
  ClaimVerdict verdict;
  verdict.id = "serving_cost";
  verdict.claim = "no cost at inference";
  verdict.paper = "none";
  verdict.note = "no pair of runs";
  const MethodCost *c2al = nullptr, *plain = nullptr;
  for (const MethodCost& cost : scenario.costs) {
    if (cost.method == "c2al") c2al = &cost;
    if (cost.method == "plain") plain = &cost;
  }
  if (c2al == nullptr || plain == nullptr) return verdict;
  verdict.measured = fmt::format("served dense parameters {} against plain's {}, FLOPs a sample {:.0f} against {:.0f}",
                                 c2al->served.dense_parameters, plain->served.dense_parameters,
                                 c2al->served.forward_flop, plain->served.forward_flop);
  verdict.verdict = c2al->served_as_plain ? Verdict::reproduced : Verdict::not_reproduced;
  verdict.note = "exact counts of every pair of runs";
  return verdict;
}

ClaimVerdict honesty_claim(const ScenarioComparison& scenario) {
  ClaimVerdict verdict = from_comparison("no_false_gain", "honesty: cohorts that differ in base rate only give no gain",
                                         "", "c2al against plain", scenario.find("c2al", measure::ne));
  if (!scenario.base_rate_only) {
    verdict.measured.clear();
    verdict.difference = {};
    verdict.note = "the cohorts of this scenario differ in more than base rate, or in unknown ways";
    return verdict;
  }
  if (verdict.measured.empty()) return verdict;
  verdict.verdict = judge_no_gain(verdict.difference, paper_overall_change);
  if (verdict.difference.reading == Reading::harm) verdict.note = "c2al harms";
  return verdict;
}

ClaimVerdict null_claim(const ScenarioComparison& scenario, const std::string& id, const std::string& what,
                        const std::string& measure) {
  const Comparison* change = scenario.find("plain_replica", measure);
  if (change != nullptr && change->difference.n == 0) change = nullptr;
  ClaimVerdict verdict = from_comparison(id, "null check: another shuffle of plain leaves " + what + " unchanged", "",
                                         "plain_replica against plain", change);
  if (change != nullptr) verdict.verdict = judge_null(change->difference);
  return verdict;
}

}  // namespace

const char* to_string(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::reproduced:
      return "reproduced";
    case Verdict::not_reproduced:
      return "not reproduced";
    case Verdict::opposite:
      return "opposite";
    case Verdict::unresolved:
      return "unresolved";
    default:
      return "not tested";
  }
}

Verdict judge_fall(const PairedDifference& difference, double claimed) {
  if (!has_interval(difference)) return Verdict::unresolved;
  if (difference.high < 0) return Verdict::reproduced;
  if (difference.low > 0) return Verdict::opposite;
  return difference.low > claimed ? Verdict::not_reproduced : Verdict::unresolved;
}

Verdict judge_beyond(const PairedDifference& difference, double bound) {
  if (!has_interval(difference)) return Verdict::unresolved;
  if (difference.high < bound) return Verdict::reproduced;
  if (difference.low > 0) return Verdict::opposite;
  return difference.low > bound ? Verdict::not_reproduced : Verdict::unresolved;
}

Verdict judge_no_gain(const PairedDifference& difference, double size) {
  if (!has_interval(difference)) return Verdict::unresolved;
  if (difference.high < 0) return Verdict::opposite;
  return difference.low > size ? Verdict::reproduced : Verdict::unresolved;
}

Verdict judge_null(const PairedDifference& difference) {
  if (!has_interval(difference)) return Verdict::unresolved;
  return difference.low <= 0 && difference.high >= 0 ? Verdict::reproduced : Verdict::not_reproduced;
}

std::vector<ClaimVerdict> judge(const ScenarioComparison& scenario) {
  std::vector<ClaimVerdict> verdicts;
  verdicts.push_back(overall_claim(scenario, false));
  verdicts.push_back(overall_claim(scenario, true));
  verdicts.push_back(minority_claim(scenario, "head", scenario.head_set));
  verdicts.push_back(minority_claim(scenario, "tail", scenario.tail_set));
  for (const std::string& control : control_methods) verdicts.push_back(control_claim(scenario, measure::ne, control));
  verdicts.push_back(density_claim(scenario));
  for (const std::string& control : control_methods)
    verdicts.push_back(control_claim(scenario, measure::attention_gini, control));
  verdicts.push_back(serving_claim(scenario));
  verdicts.push_back(honesty_claim(scenario));
  verdicts.push_back(null_claim(scenario, "null/ne", "overall NE", measure::ne));
  verdicts.push_back(null_claim(scenario, "null/gini", "the Gini coefficient of |Y|", measure::attention_gini));
  return verdicts;
}

}  // namespace c2al

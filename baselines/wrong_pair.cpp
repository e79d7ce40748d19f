#include <fmt/format.h>

#include "baselines/matched_control.hpp"
#include "core/error.hpp"

namespace c2al::baselines {

namespace {

bool same_cohorts(const CohortPair& a, const CohortPair& b) {
  return a.axis == b.axis && ((a.head_cohort == b.head_cohort && a.tail_cohort == b.tail_cohort) ||
                              (a.head_cohort == b.tail_cohort && a.tail_cohort == b.head_cohort));
}

const CohortPair& least_divergent(const MethodContext& context) {
  if (!context.least_divergent)
    throw UsageError(
        "method 'wrong_pair' needs the least divergent pair of cohorts, and discovery found none: expected two cohorts "
        "of cohorts.minimum_cohort samples on an axis that is no control, and predictions that vary");
  if (same_cohorts(*context.least_divergent, context.pair))
    throw UsageError(
        "method 'wrong_pair' cannot run on this scenario: the least divergent pair of cohorts is the scenario's own");
  return *context.least_divergent;
}

/// C2AL on the pair that its own criterion ranks last.
class WrongPair : public ContrastivePair {
 public:
  WrongPair(const MethodContext& context, Settings& settings)
      : ContrastivePair(context, settings, least_divergent(context)) {
    const CohortPair& pair = *context.least_divergent;
    const CohortAxis& axis = context.schema->axes.at(pair.axis);
    head_ = fmt::format("head_cohort {}/{}", axis.name, axis.cohorts.at(pair.head_cohort));
    tail_ = fmt::format("tail_cohort {}/{}", axis.name, axis.cohorts.at(pair.tail_cohort));
  }

  /// Named by their cohorts: the result's own pair is the scenario's.
  std::vector<TaskSpec> tasks(std::size_t model) const override {
    std::vector<TaskSpec> tasks = ContrastivePair::tasks(model);
    tasks[1].name = head_;
    tasks[2].name = tail_;
    return tasks;
  }

 private:
  std::string head_, tail_;
};

std::string unsupported(const Schema& schema, const CohortPair&) {
  std::size_t pairs = 0;
  for (const CohortAxis& axis : schema.axes)
    if (!axis.is_control) pairs += axis.cohorts.size() * (axis.cohorts.size() - 1) / 2;
  return pairs > 1 ? "" : "it has one pair of cohorts only, and no wrong one";
}

}  // namespace

MethodDescription wrong_pair() {
  MethodDescription d = describe_matched_control<WrongPair>(
      "control: C2AL on the pair of cohorts that discovery finds least divergent", cohort_label_settings());
  d.cost += "; one plain run for the discovery";
  d.needs_discovery = true;
  d.unsupported = unsupported;
  return d;
}

}  // namespace c2al::baselines

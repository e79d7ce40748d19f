#include <fmt/format.h>

#include <algorithm>

#include "baselines/matched_control.hpp"

namespace c2al::baselines {

namespace {

std::size_t control_axis(const Schema& schema) {
  const auto found = std::find_if(schema.axes.begin(), schema.axes.end(), [](const auto& a) { return a.is_control; });
  return static_cast<std::size_t>(found - schema.axes.begin());
}

/// C2AL on the inert visible field that mirrors the pair's axis: as predictable from x, as large, without a difference.
class ShamCohorts : public CohortLabelPair {
 public:
  ShamCohorts(const MethodContext& context, Settings& settings)
      : CohortLabelPair(context, settings), pair_(context.pair), axis_(control_axis(*context.schema)) {}

 protected:
  bool in_head(const BatchView& batch, std::size_t b) const override {
    return in_cohort(batch, b, axis_, pair_.head_cohort);
  }
  bool in_tail(const BatchView& batch, std::size_t b) const override {
    return in_cohort(batch, b, axis_, pair_.tail_cohort);
  }

 private:
  CohortPair pair_;
  std::size_t axis_;
};

std::string unsupported(const Schema& schema, const CohortPair& pair) {
  const std::size_t axis = control_axis(schema);
  if (axis == schema.axes.size()) return "it has no inert field (set inert_field = true)";
  if (pair.axis != 0)
    return fmt::format("the control axis '{}' mirrors the first axis, '{}', and the pair is on '{}'",
                       schema.axes[axis].name, schema.axes[0].name, schema.axes[pair.axis].name);
  return {};
}

}  // namespace

MethodDescription sham_cohorts() {
  MethodDescription d = describe_matched_control<ShamCohorts>(
      "control: C2AL on cohorts of an inert visible field, predictable from x but without any difference",
      cohort_label_settings());
  d.unsupported = unsupported;
  return d;
}

}  // namespace c2al::baselines

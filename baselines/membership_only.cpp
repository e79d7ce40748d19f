#include "baselines/matched_control.hpp"

namespace c2al::baselines {

namespace {

/// C2AL's cohorts without y: each auxiliary task predicts membership.
class MembershipOnly : public AuxiliaryPair {
 public:
  MembershipOnly(const MethodContext& context, Settings& settings)
      : AuxiliaryPair(context, settings), pair_(context.pair) {}

 protected:
  float head_label(const BatchView& batch, std::size_t b) const override { return label(batch, b, pair_.head_cohort); }
  float tail_label(const BatchView& batch, std::size_t b) const override { return label(batch, b, pair_.tail_cohort); }

 private:
  float label(const BatchView& batch, std::size_t b, std::size_t cohort) const {
    return batch.cohort[b * batch.axes + pair_.axis] == cohort ? 1.0f : 0.0f;
  }
  CohortPair pair_;
};

}  // namespace

MethodDescription membership_only() {
  return describe_matched_control<MembershipOnly>(
      "control: the auxiliary tasks predict membership in the pair's cohorts; the cohorts of C2AL without y");
}

}  // namespace c2al::baselines

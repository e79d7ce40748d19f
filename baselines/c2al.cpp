#include "baselines/auxiliary_pair.hpp"

namespace c2al::baselines {

namespace {

/// y_head = y * 1[x in head cohort], y_tail likewise (paper, section 3.2.2).
class C2al final : public AuxiliaryPair {
 public:
  C2al(const MethodContext& context, Settings& settings) : AuxiliaryPair(context, settings), pair_(context.pair) {}

 protected:
  float head_label(const BatchView& batch, std::size_t b) const override { return label(batch, b, pair_.head_cohort); }
  float tail_label(const BatchView& batch, std::size_t b) const override { return label(batch, b, pair_.tail_cohort); }

 private:
  float label(const BatchView& batch, std::size_t b, std::size_t cohort) const {
    return batch.cohort[b * batch.axes + pair_.axis] == cohort ? batch.label[b] : 0.0f;
  }
  CohortPair pair_;
};

}  // namespace

MethodDescription c2al() {
  return describe_auxiliary_pair<C2al>(
      "cohort-contrastive auxiliary learning: two auxiliary heads for the contrasting pair of cohorts",
      "Cokbas et al., C2AL, equation 4");
}

}  // namespace c2al::baselines

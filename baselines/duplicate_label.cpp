#include "baselines/matched_control.hpp"

namespace c2al::baselines {

namespace {

class DuplicateLabel : public AuxiliaryPair {
 public:
  using AuxiliaryPair::AuxiliaryPair;

 protected:
  float head_label(const BatchView& batch, std::size_t b) const override { return batch.label[b]; }
  float tail_label(const BatchView& batch, std::size_t b) const override { return batch.label[b]; }
};

}  // namespace

MethodDescription duplicate_label() {
  return describe_matched_control<DuplicateLabel>(
      "control: both auxiliary tasks repeat the primary label; generic regularisation without cohorts");
}

}  // namespace c2al::baselines

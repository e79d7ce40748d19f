#include "baselines/auxiliary_pair.hpp"

namespace c2al::baselines {

namespace {

class DuplicateLabel final : public AuxiliaryPair {
 public:
  using AuxiliaryPair::AuxiliaryPair;

 protected:
  float head_label(const BatchView& batch, std::size_t b) const override { return batch.label[b]; }
  float tail_label(const BatchView& batch, std::size_t b) const override { return batch.label[b]; }
};

std::unique_ptr<Method> make(const MethodContext& context, Settings settings) {
  return std::make_unique<DuplicateLabel>(context, settings);
}

}  // namespace

MethodDescription duplicate_label() {
  MethodDescription d;
  d.summary = "control: both auxiliary tasks repeat the primary label; generic regularisation without cohorts";
  d.paper = "none: a control the paper lacks";
  d.cost = "1 backward pass";
  d.settings = auxiliary_pair_settings();
  d.make = make;
  return d;
}

}  // namespace c2al::baselines

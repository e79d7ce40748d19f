#include "core/training/method.hpp"

namespace c2al::baselines {

namespace {

class PlainReplica final : public Method {
 public:
  std::uint64_t shuffle_variant() const override { return 1; }
};

std::unique_ptr<Method> make(const MethodContext&, Settings settings) {
  settings.finish();
  return std::make_unique<PlainReplica>();
}

}  // namespace

MethodDescription plain_replica() {
  MethodDescription d;
  d.summary = "control: plain in another order of the same samples; the null of every statistic";
  d.paper = "none: a control the paper lacks";
  d.cost = "1 backward pass";
  d.properties = {Permutation::full, {}, false, {"it draws another order of the samples"}, Descent::sum, {}};
  d.make = make;
  return d;
}

}  // namespace c2al::baselines

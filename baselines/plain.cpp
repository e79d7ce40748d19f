#include "core/training/method.hpp"

namespace c2al::baselines {

namespace {

class Plain final : public Method {};

std::unique_ptr<Method> make(const MethodContext&, Settings settings) {
  settings.finish();
  return std::make_unique<Plain>();
}

}  // namespace

MethodDescription plain() {
  MethodDescription d;
  d.summary = "one global loss, the paper's baseline";
  d.paper = "C2AL, equation 1";
  d.cost = "1 backward pass";
  d.properties = {Permutation::full, {}, true, {}, Descent::sum, {}};
  d.make = make;
  return d;
}

}  // namespace c2al::baselines

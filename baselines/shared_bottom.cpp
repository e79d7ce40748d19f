#include "baselines/expert_method.hpp"

namespace c2al::baselines {

MethodDescription shared_bottom() {
  return describe_expert_method<HeadKind::towers>(
      "shared bottom: the trunk is shared, each task has a tower of its own in place of the top MLP",
      "Caruana, Multitask Learning, Machine Learning 28, 1997; with towers as in Ma et al., KDD 2018, figure 1a");
}

}  // namespace c2al::baselines

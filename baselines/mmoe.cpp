#include "baselines/expert_method.hpp"

namespace c2al::baselines {

MethodDescription mmoe() {
  return describe_expert_method<HeadKind::mmoe>(
      "MMoE: experts that all tasks share in place of the top MLP, mixed by a softmax gate a task",
      "Ma et al., Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts, KDD 2018",
      {{"experts", "4", "experts that the tasks share", "experts"}});
}

}  // namespace c2al::baselines

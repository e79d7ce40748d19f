#include "baselines/expert_method.hpp"

namespace c2al::baselines {

MethodDescription ple() {
  return describe_expert_method<HeadKind::ple>(
      "PLE: levels of shared and task-specific experts in place of the top MLP; the shared gate sees all of them",
      "Tang et al., Progressive Layered Extraction: A Novel Multi-Task Learning Model for Personalized "
      "Recommendations, RecSys 2020, section 4; levels = 1 is its CGC",
      {{"experts", "1", "experts a level that the tasks share", "experts"},
       {"task_experts", "1", "experts a level of each task", "experts"},
       {"levels", "1", "extraction levels, one above the other", "levels"}});
}

}  // namespace c2al::baselines

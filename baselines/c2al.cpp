#include "baselines/contrastive_pair.hpp"

namespace c2al::baselines {

MethodDescription c2al() {
  return describe_auxiliary_pair<ContrastivePair>(
      "cohort-contrastive auxiliary learning: two auxiliary heads for the contrasting pair of cohorts",
      "Cokbas et al., C2AL, equation 4", cohort_label_settings());
}

}  // namespace c2al::baselines

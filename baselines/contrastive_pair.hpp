#pragma once
#include "baselines/auxiliary_pair.hpp"

namespace c2al::baselines {

/// y * 1[x in the cohort]: the label of C2AL's auxiliary task for a cohort (paper, section 3.2.2).
inline float contrastive_label(const BatchView& batch, std::size_t sample, std::size_t axis, std::size_t cohort) {
  return batch.cohort[sample * batch.axes + axis] == cohort ? batch.label[sample] : 0.0f;
}

/// C2AL's own tasks, y_head = y * 1[x in head cohort] and y_tail likewise (paper, section 3.2.2), which every
/// multi-task method gets exactly; with `masked` each auxiliary loss counts its cohort's samples only, still divided by
/// the whole batch.
class ContrastivePair : public AuxiliaryPair {
 public:
  /// Reads what AuxiliaryPair reads, and masked.
  ContrastivePair(const MethodContext& context, Settings& settings)
      : ContrastivePair(context, settings, context.pair) {}
  /// The same for another pair of cohorts than the scenario's.
  ContrastivePair(const MethodContext& context, Settings& settings, const CohortPair& pair)
      : AuxiliaryPair(context, settings), pair_(pair), masked_(settings.flag("masked", false)) {}

  void make_targets(std::size_t model, const BatchView& batch, std::span<float> target,
                    std::span<float> weight) const override {
    AuxiliaryPair::make_targets(model, batch, target, weight);
    if (!masked_) return;
    for (std::size_t b = 0; b < batch.size; ++b) {
      weight[batch.size + b] = member(batch, b, pair_.head_cohort) ? 1.0f : 0.0f;
      weight[2 * batch.size + b] = member(batch, b, pair_.tail_cohort) ? 1.0f : 0.0f;
    }
  }

 protected:
  float head_label(const BatchView& batch, std::size_t b) const override {
    return contrastive_label(batch, b, pair_.axis, pair_.head_cohort);
  }
  float tail_label(const BatchView& batch, std::size_t b) const override {
    return contrastive_label(batch, b, pair_.axis, pair_.tail_cohort);
  }

 private:
  bool member(const BatchView& batch, std::size_t b, std::size_t cohort) const {
    return batch.cohort[b * batch.axes + pair_.axis] == cohort;
  }
  CohortPair pair_;
  bool masked_;
};

/// The settings that ContrastivePair adds to auxiliary_settings(), and what a method adds to them.
inline std::vector<SettingDescription> contrastive_settings(std::vector<SettingDescription> more = {}) {
  more.insert(more.begin(),
              {"masked", "false", "count in an auxiliary loss its own cohort's samples only", "true | false"});
  return more;
}

}  // namespace c2al::baselines

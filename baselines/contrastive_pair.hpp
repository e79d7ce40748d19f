#pragma once
#include "baselines/auxiliary_pair.hpp"

namespace c2al::baselines {

/// Whether a sample belongs to a cohort of an axis.
inline bool in_cohort(const BatchView& batch, std::size_t sample, std::size_t axis, std::size_t cohort) {
  return batch.cohort[sample * batch.axes + axis] == cohort;
}

/// Auxiliary labels y * 1[x in a cohort] (paper, section 3.2.2) for two cohorts that a method names; with `masked` each
/// auxiliary loss counts its cohort's samples only, still divided by the whole batch.
class CohortLabelPair : public AuxiliaryPair {
 public:
  /// Reads what AuxiliaryPair reads, and masked.
  CohortLabelPair(const MethodContext& context, Settings& settings)
      : AuxiliaryPair(context, settings), masked_(settings.flag("masked", false)) {}

  bool masked() const override { return masked_; }
  void make_targets(std::size_t model, const BatchView& batch, std::span<float> target,
                    std::span<float> weight) const override {
    AuxiliaryPair::make_targets(model, batch, target, weight);
    if (!masked_) return;
    for (std::size_t b = 0; b < batch.size; ++b) {
      weight[batch.size + b] = in_head(batch, b) ? 1.0f : 0.0f;
      weight[2 * batch.size + b] = in_tail(batch, b) ? 1.0f : 0.0f;
    }
  }

 protected:
  virtual bool in_head(const BatchView& batch, std::size_t sample) const = 0;
  virtual bool in_tail(const BatchView& batch, std::size_t sample) const = 0;

 private:
  float head_label(const BatchView& batch, std::size_t b) const final {
    return in_head(batch, b) ? batch.label[b] : 0.0f;
  }
  float tail_label(const BatchView& batch, std::size_t b) const final {
    return in_tail(batch, b) ? batch.label[b] : 0.0f;
  }

  bool masked_;
};

/// C2AL's own tasks: the scenario's pair of cohorts. Every multi-task method gets exactly these.
class ContrastivePair : public CohortLabelPair {
 public:
  ContrastivePair(const MethodContext& context, Settings& settings)
      : ContrastivePair(context, settings, context.pair) {}
  /// The same for another pair of cohorts than the scenario's.
  ContrastivePair(const MethodContext& context, Settings& settings, const CohortPair& pair)
      : CohortLabelPair(context, settings), pair_(pair) {}

 protected:
  bool in_head(const BatchView& batch, std::size_t b) const override {
    return in_cohort(batch, b, pair_.axis, pair_.head_cohort);
  }
  bool in_tail(const BatchView& batch, std::size_t b) const override {
    return in_cohort(batch, b, pair_.axis, pair_.tail_cohort);
  }

 private:
  CohortPair pair_;
};

/// The settings that CohortLabelPair adds to auxiliary_settings(), and what a method adds to them.
inline std::vector<SettingDescription> cohort_label_settings(std::vector<SettingDescription> more = {}) {
  more.insert(more.begin(),
              {"masked", "false", "count in an auxiliary loss its own cohort's samples only", "true | false"});
  return more;
}

}  // namespace c2al::baselines

#include <algorithm>

#include "core/training/method.hpp"

namespace c2al::baselines {

namespace {

/// Plain, with another loss weight for the samples (or the positives only) of the pair's minority cohorts: the two but
/// for the axis's largest, which weighted alike with the rest would be plain again.
class WeightedLabel final : public Method {
 public:
  WeightedLabel(const CohortPair& pair, std::size_t majority, double weight, bool positives_only)
      : pair_(pair), majority_(majority), weight_(static_cast<float>(weight)), positives_only_(positives_only) {}

  void make_targets(std::size_t, const BatchView& batch, std::span<float>, std::span<float> weight) const override {
    for (std::size_t b = 0; b < batch.size; ++b) {
      const std::size_t cohort = batch.cohort[b * batch.axes + pair_.axis];
      const bool member = (cohort == pair_.head_cohort || cohort == pair_.tail_cohort) && cohort != majority_;
      if (member && (!positives_only_ || batch.label[b] > 0)) weight[b] = weight_;
    }
  }

 private:
  CohortPair pair_;
  std::size_t majority_;
  float weight_;
  bool positives_only_;
};

std::unique_ptr<Method> make(const MethodContext& context, Settings settings) {
  const double weight = settings.number("weight", 2, 0, 1e6);
  const bool positives_only = settings.choice("apply", "samples", {"samples", "positives"}) == "positives";
  settings.finish();
  const auto& sizes = context.train_cohort_sizes;
  const auto majority = static_cast<std::size_t>(std::max_element(sizes.begin(), sizes.end()) - sizes.begin());
  return std::make_unique<WeightedLabel>(context.pair, majority, weight, positives_only);
}

}  // namespace

MethodDescription weighted_label() {
  MethodDescription d;
  d.summary = "plain with a larger loss weight for the pair's minority cohorts";
  d.paper = "C2AL's abstract names weighted labels as earlier practice; no formula is given";
  d.cost = "1 backward pass";
  d.settings = {
      {"weight", "2", "loss weight in the head and tail cohorts (not in the axis's largest), 1 elsewhere", "factor"},
      {"apply", "samples",
       "what is weighted: all samples of the cohorts, or their positives only (which also "
       "shifts their predictions)",
       "samples | positives"}};
  d.properties = {Permutation::full, {}, false, "it has no auxiliary task", Descent::sum, {}};
  d.make = make;
  return d;
}

}  // namespace c2al::baselines

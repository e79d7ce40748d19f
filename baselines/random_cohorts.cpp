#include "baselines/matched_control.hpp"
#include "core/data/random_stream.hpp"

namespace c2al::baselines {

namespace {

enum Membership : std::uint8_t { none, head, tail };

/// Cohorts of exactly the pair's sizes in the training split, with members drawn at random once a seed.
class RandomCohorts : public CohortLabelPair {
 public:
  RandomCohorts(const MethodContext& context, Settings& settings)
      : CohortLabelPair(context, settings), membership_(context.train_size, none) {
    const std::uint64_t heads = context.train_cohort_sizes.at(context.pair.head_cohort);
    const std::uint64_t tails = context.train_cohort_sizes.at(context.pair.tail_cohort);
    for (std::uint64_t i = 0; i < heads + tails; ++i) membership_[i] = i < heads ? head : tail;
    RandomStream stream(context.seed, StreamPurpose::method, name_hash("random_cohorts"));
    shuffle(stream, membership_);
  }

 protected:
  bool in_head(const BatchView& batch, std::size_t b) const override { return is(batch, b, head); }
  bool in_tail(const BatchView& batch, std::size_t b) const override { return is(batch, b, tail); }

 private:
  bool is(const BatchView& batch, std::size_t b, Membership cohort) const {
    return membership_[batch.sample_id[b]] == cohort;
  }
  std::vector<std::uint8_t> membership_;
};

}  // namespace

MethodDescription random_cohorts() {
  return describe_matched_control<RandomCohorts>("control: C2AL with random members in cohorts of the same sizes",
                                                 cohort_label_settings());
}

}  // namespace c2al::baselines

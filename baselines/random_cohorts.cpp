#include <utility>

#include "baselines/matched_control.hpp"
#include "core/data/random_stream.hpp"

namespace c2al::baselines {

namespace {

enum Membership : std::uint8_t { none, head, tail };

/// Cohorts of exactly the pair's sizes in the training split, with members drawn at random once a seed.
class RandomCohorts : public AuxiliaryPair {
 public:
  RandomCohorts(const MethodContext& context, Settings& settings)
      : AuxiliaryPair(context, settings), membership_(context.train_size, none) {
    const std::uint64_t heads = context.train_cohort_sizes.at(context.pair.head_cohort);
    const std::uint64_t tails = context.train_cohort_sizes.at(context.pair.tail_cohort);
    for (std::uint64_t i = 0; i < heads + tails; ++i) membership_[i] = i < heads ? head : tail;
    RandomStream stream(context.seed, StreamPurpose::method, name_hash("random_cohorts"));
    for (std::uint64_t i = membership_.size(); i > 1; --i) std::swap(membership_[i - 1], membership_[stream.below(i)]);
  }

 protected:
  float head_label(const BatchView& batch, std::size_t b) const override { return label(batch, b, head); }
  float tail_label(const BatchView& batch, std::size_t b) const override { return label(batch, b, tail); }

 private:
  float label(const BatchView& batch, std::size_t b, Membership cohort) const {
    return membership_[batch.sample_id[b]] == cohort ? batch.label[b] : 0.0f;
  }
  std::vector<std::uint8_t> membership_;
};

}  // namespace

MethodDescription random_cohorts() {
  return describe_matched_control<RandomCohorts>("control: C2AL with random members in cohorts of the same sizes");
}

}  // namespace c2al::baselines

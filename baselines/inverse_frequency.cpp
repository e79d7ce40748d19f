#include <cmath>

#include "core/training/method.hpp"

namespace c2al::baselines {

namespace {

/// Plain, with samples weighted by n_c^-power, n_c the training samples of their cohort, scaled to a mean of 1 over the
/// training split. Power 1 gives N / (C n_c), C the number of cohorts that have samples.
class InverseFrequency final : public Method {
 public:
  InverseFrequency(const MethodContext& context, double power) : axis_(context.pair.axis) {
    double sum = 0;
    for (const std::uint64_t size : context.train_cohort_sizes)
      if (size > 0) sum += std::pow(static_cast<double>(size), 1 - power);
    for (const std::uint64_t size : context.train_cohort_sizes)
      weight_.push_back(size > 0 ? static_cast<float>(static_cast<double>(context.train_size) *
                                                      std::pow(static_cast<double>(size), -power) / sum)
                                 : 1.0f);
  }

  void make_targets(std::size_t, const BatchView& batch, std::span<float>, std::span<float> weight) const override {
    for (std::size_t b = 0; b < batch.size; ++b) weight[b] = weight_.at(batch.cohort[b * batch.axes + axis_]);
  }

 private:
  std::size_t axis_;
  std::vector<float> weight_;
};

std::unique_ptr<Method> make(const MethodContext& context, Settings settings) {
  const double power = settings.number("power", 1, 0, 2);
  settings.finish();
  return std::make_unique<InverseFrequency>(context, power);
}

}  // namespace

MethodDescription inverse_frequency() {
  MethodDescription d;
  d.summary = "plain with samples weighted by the inverse frequency of their cohort on the pair's axis";
  d.paper = "none: common practice; power 0.5 is its square-root form";
  d.cost = "1 backward pass";
  d.settings = {{"power", "1", "weight = frequency^-power, scaled to a mean of 1; 0 is plain", "exponent, 0 .. 2"}};
  d.properties = {Permutation::full, {}, false, "it has no auxiliary task", Descent::sum, {}};
  d.make = make;
  return d;
}

}  // namespace c2al::baselines

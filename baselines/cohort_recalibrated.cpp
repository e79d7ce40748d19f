#include "core/evaluation/recalibration.hpp"
#include "core/training/method.hpp"

namespace c2al::baselines {

namespace {

/// Plain training; afterwards a scale and an offset of the logit a cohort of the pair's axis, of least log loss on the
/// validation split. A cohort whose fit is undefined there (one class only, no samples) keeps its logits.
class CohortRecalibrated final : public Method {
 public:
  explicit CohortRecalibrated(const MethodContext& context)
      : axis_(context.pair.axis), fits_(context.schema->axes.at(axis_).cohorts.size(), Recalibration{1, 0}) {}

  ServedLogit served(const BatchView& batch, std::size_t sample) const override {
    const Recalibration& fit = fits_.at(batch.cohort[sample * batch.axes + axis_]);
    return {0, 0, fit.scale, fit.offset};
  }
  bool calibrates() const override { return true; }
  void calibrate(const HeldOutLogits& validation) override {
    for (std::size_t cohort = 0; cohort < fits_.size(); ++cohort) {
      std::vector<double> logit;
      std::vector<float> label;
      for (std::size_t i = 0; i < validation.logit.size(); ++i) {
        if (validation.cohort[i * validation.axes + axis_] != cohort) continue;
        logit.push_back(validation.logit[i]);
        label.push_back(validation.label[i]);
      }
      const Recalibration fit = fit_recalibration(logit, label, {});
      // The logits have gone through the fit that there was.
      if (fit.defined())
        fits_[cohort] = {fit.scale * fits_[cohort].scale, fit.scale * fits_[cohort].offset + fit.offset};
    }
  }

 private:
  std::size_t axis_;
  std::vector<Recalibration> fits_;
};

std::unique_ptr<Method> make(const MethodContext& context, Settings settings) {
  settings.finish();
  return std::make_unique<CohortRecalibrated>(context);
}

}  // namespace

MethodDescription cohort_recalibrated() {
  MethodDescription d;
  d.summary = "plain, then a scale and an offset of the logit for each cohort of the pair's axis";
  d.paper =
      "Platt, Probabilistic Outputs for Support Vector Machines, 1999, a cohort; all that a world of base rates "
      "alone needs";
  d.cost = "1 backward pass, and one pass over the validation split";
  d.properties = {Permutation::full, {}, false, "it has no auxiliary task", Descent::sum, {}};
  d.make = make;
  return d;
}

}  // namespace c2al::baselines

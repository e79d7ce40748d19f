#include "app/experiment.hpp"

#include <fmt/format.h>

#include <chrono>

#include "app/interrupt.hpp"
#include "core/error.hpp"
#include "core/evaluation/evaluate.hpp"
#include "core/evaluation/recalibration.hpp"
#include "core/training/catalogue.hpp"
#include "results/probe.hpp"
#include "results/run_recorder.hpp"

namespace c2al {

namespace {

using clock = std::chrono::steady_clock;

/// Measures phases one after another.
class PhaseClock {
 public:
  explicit PhaseClock(std::vector<std::pair<std::string, double>>& phases) : phases_(phases) {}
  void end(const std::string& phase) {
    const auto now = clock::now();
    phases_.emplace_back(phase, std::chrono::duration<double>(now - start_).count());
    start_ = now;
  }

 private:
  std::vector<std::pair<std::string, double>>& phases_;
  clock::time_point start_ = clock::now();
};

/// What makes two runs the same run: a checkpoint continues no other.
std::string fingerprint(const Experiment& experiment, const std::string& method) {
  return fmt::format("{}\n{}\n{}", resolved_configuration(experiment.scenario), method, experiment.seed);
}

void save_checkpoint(const Trainer& trainer, const std::string& identity, const std::filesystem::path& file) {
  StateWriter state;
  state.text("identity", identity);
  trainer.save(state);
  state.write(file);
}

void load_checkpoint(Trainer& trainer, const std::string& identity, const std::filesystem::path& file) {
  StateReader state(file);
  if (state.text("identity") != identity)
    throw RunError(
        fmt::format("{}: the checkpoint belongs to another scenario, configuration, method or seed; remove it or "
                    "name another file",
                    file.string()));
  trainer.load(state);
}

/// Columns of a split that scores need besides the logits.
ScoredSamples samples_of(const DataSource& source, Split split, std::vector<float> logits) {
  ScoredSamples samples;
  samples.logit = std::move(logits);
  const auto stream = source.open(split, {}, 65536);
  BatchView batch;
  while (stream->next(batch)) {
    samples.label.insert(samples.label.end(), batch.label, batch.label + batch.size);
    samples.cohort.insert(samples.cohort.end(), batch.cohort, batch.cohort + batch.size * batch.axes);
    if (batch.weight != nullptr) samples.weight.insert(samples.weight.end(), batch.weight, batch.weight + batch.size);
    if (batch.p_true != nullptr) samples.p_true.insert(samples.p_true.end(), batch.p_true, batch.p_true + batch.size);
    if (batch.p_bayes != nullptr)
      samples.p_bayes.insert(samples.p_bayes.end(), batch.p_bayes, batch.p_bayes + batch.size);
  }
  return samples;
}

}  // namespace

}  // namespace c2al

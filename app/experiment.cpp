#include "app/experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "app/interrupt.hpp"
#include "app/method_choice.hpp"
#include "core/error.hpp"
#include "core/evaluation/evaluate.hpp"
#include "core/evaluation/recalibration.hpp"
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
  std::string identity =
      fmt::format("{}\n{}\n{}", resolved_configuration(experiment.scenario), method, experiment.seed);
  for (const auto& [fact, value] : experiment.data.facts) identity += fmt::format("\n{} {}", fact, value);
  return identity;
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
ScoredSamples samples_of(const DataSource& source, Split split, const std::vector<float>& logits) {
  ScoredSamples samples;
  samples.logit.assign(logits.begin(), logits.end());
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

TestSamples rows_of(const ScoredSamples& samples, std::size_t axes) {
  TestSamples rows;
  rows.axes = axes;
  rows.logit.assign(samples.logit.begin(), samples.logit.end());
  rows.label.assign(samples.label.begin(), samples.label.end());
  rows.weight.assign(rows.logit.size(), 1.0f);
  if (!samples.weight.empty()) rows.weight.assign(samples.weight.begin(), samples.weight.end());
  rows.cohort.assign(samples.cohort.begin(), samples.cohort.end());
  return rows;
}

/// Dense parameters of several models served or trained side by side.
ModelCost sum_costs(const std::vector<ModelCost>& costs) {
  ModelCost sum;
  for (const ModelCost& cost : costs) {
    sum.dense_parameters += cost.dense_parameters;
    sum.embedding_parameters += cost.embedding_parameters;
    sum.forward_flop += cost.forward_flop;
    sum.step_flop += cost.step_flop;
  }
  return sum;
}

/// Tasks of each model that serve at least one sample of the test split.
std::vector<std::vector<std::size_t>> served_tasks(const Trainer& trainer, const Method& method,
                                                   const DataSource& source) {
  std::vector<std::set<std::size_t>> served(trainer.models());
  const auto stream = source.open(Split::test, {}, 65536);
  BatchView batch;
  while (stream->next(batch))
    for (std::size_t b = 0; b < batch.size; ++b) {
      const ServedLogit logit = method.served(batch, b);
      served.at(logit.model).insert(logit.task);
    }
  std::vector<std::vector<std::size_t>> tasks;
  for (const std::set<std::size_t>& model : served) tasks.emplace_back(model.begin(), model.end());
  return tasks;
}

void record_costs(Trainer& trainer, const Method& method, const DataSource& source, RunRecord& record) {
  std::vector<ModelCost> trained, served;
  const std::vector<std::vector<std::size_t>> tasks = served_tasks(trainer, method, source);
  for (std::size_t index = 0; index < trainer.models(); ++index) {
    const Model& model = trainer.model(index);
    trained.push_back(model_cost(model.config(), model.heads(), model.input()));
    // An empty list would stand for all tasks.
    if (!tasks[index].empty()) served.push_back(model_cost(model.config(), model.heads(), model.input(), tasks[index]));
  }
  record.trained_cost = sum_costs(trained);
  record.served_cost = sum_costs(served);
}

/// Validation and test, raw and recalibrated by validation; the prediction densities of the test split.
void record_evaluation(Trainer& trainer, const Experiment& experiment, RunRecord& record) {
  const DataSource& source = *experiment.data.source;
  const Schema& schema = source.schema();
  Recalibration recalibration;
  for (const Split split : {Split::validation, Split::test}) {
    const std::vector<float> logits = trainer.served_logits(split);
    const ScoredSamples samples = samples_of(source, split, logits);
    if (split == Split::validation) recalibration = fit_recalibration(samples.logit, samples.label, samples.weight);
    const SplitScorer scorer(samples, schema, split_name(split));
    record.evaluations.push_back(scorer.raw());
    record.evaluations.push_back(scorer.recalibrated(recalibration));
    if (split != Split::test) continue;
    if (experiment.scenario.dataset) record.test_samples = rows_of(samples, schema.axes.size());
    const CohortAxis& axis = schema.axes[experiment.pair.axis];
    std::vector<std::uint16_t> cohort(logits.size());
    for (std::size_t i = 0; i < cohort.size(); ++i)
      cohort[i] = samples.cohort[i * schema.axes.size() + experiment.pair.axis];
    record.densities = prediction_densities(logits, samples.weight, cohort, axis.name, axis.cohorts);
  }
}

}  // namespace

std::optional<RunRecord> run_method(const Experiment& experiment, const std::string& method_name,
                                    const TrainingControl& control) {
  const Scenario& scenario = experiment.scenario;
  const DataSource& source = *experiment.data.source;
  RunRecord record;
  record.scenario = scenario.name;
  record.method = method_name;
  record.base_method = method_named(scenario, method_name).name;
  record.seed = experiment.seed;
  record.scenario_text = scenario.text;
  record.resolved_configuration = resolved_configuration(scenario);
  record.schema = source.schema();
  record.pair = experiment.pair;
  record.facts = experiment.data.facts;
  // Beside declared cohorts a discovery belongs to the method that needs it, not to the scenario.
  if (experiment.discovery &&
      (scenario.cohorts.discovered || method_named(scenario, method_name).describe().needs_discovery)) {
    record.has_discovery = true;
    record.discovery = experiment.discovery->table;
    record.timing.emplace_back("discovery", experiment.discovery_seconds);
  }
  record.timing.emplace_back("data", experiment.data_seconds);

  PhaseClock phases(record.timing);
  MethodContext context =
      method_context(source, experiment.pair, experiment.seed, total_steps(source, scenario.training),
                     scenario.lambda_head, scenario.lambda_tail);
  if (experiment.discovery) context.least_divergent = least_divergent_pair(*experiment.discovery);
  const Settings settings = method_settings(scenario, method_name);
  const auto method = make_method(record.base_method, context, settings);
  for (const auto& [key, value] : settings.taken()) record.method_settings[key] = to_string(value);
  RunRecorder recorder(record);
  Trainer trainer(source, scenario.model, scenario.training, *method, experiment.seed, 0, &recorder);
  const std::string identity = fingerprint(experiment, method_name);
  if (!control.checkpoint.empty() && std::filesystem::exists(control.checkpoint))
    load_checkpoint(trainer, identity, control.checkpoint);
  const bool finished = trainer.train([&](std::uint64_t done, std::uint64_t total, std::uint64_t samples) {
    if (control.progress) control.progress(done, total, samples);
    if (control.checkpoint_every > 0 && done % control.checkpoint_every == 0 && done < total)
      save_checkpoint(trainer, identity, control.checkpoint);
    return !interrupted();
  });
  if (!finished) {
    if (!control.checkpoint.empty()) save_checkpoint(trainer, identity, control.checkpoint);
    return std::nullopt;
  }
  phases.end("training");
  record_costs(trainer, *method, source, record);
  record_evaluation(trainer, experiment, record);
  phases.end("evaluation");
  const auto& tensor_seeds = scenario.record.tensor_seeds;
  const bool full = std::find(tensor_seeds.begin(), tensor_seeds.end(), experiment.seed) != tensor_seeds.end();
  record_attention(trainer.model(0), source, experiment.pair, scenario.record.probe_samples, full, record);
  phases.end("observation");
  return record;
}

}  // namespace c2al

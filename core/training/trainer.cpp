#include "core/training/trainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace c2al {

namespace {

std::uint64_t batches_per_epoch(const DataSource& source, const TrainingConfig& training) {
  return (source.size(Split::train) + training.batch_size - 1) / training.batch_size;
}

InputShape input_shape(const Schema& schema) {
  return {schema.fields.size(), schema.dense.size(), schema.table_rows()};
}

constexpr std::size_t prediction_batch = 4096;

bool is_not_zero(double x) { return x != 0; }

}  // namespace

std::uint64_t total_steps(const DataSource& source, const TrainingConfig& training) {
  return batches_per_epoch(source, training) * training.epochs;
}

Trainer::Trainer(const DataSource& source, const ModelConfig& model, const TrainingConfig& training, Method& method,
                 std::uint64_t seed, std::uint64_t initial_variant, Recorder* recorder)
    : source_(source),
      training_(training),
      method_(method),
      recorder_(recorder),
      seed_(seed),
      total_steps_(c2al::total_steps(source, training)),
      steps_per_epoch_(batches_per_epoch(source, training)) {
  if (total_steps_ == 0) throw RunError("the training split is empty");
  for (std::size_t index = 0; index < method_.models(); ++index) {
    ModelState state;
    state.tasks = method_.tasks(index);
    HeadConfig heads = method_.heads(index);
    heads.tasks = state.tasks.size();
    state.model = make_model(model, heads, input_shape(source.schema()), training.precision, training.chunk);
    state.model->initialise(seed, initial_variant);
    for (std::size_t t = 0; t < state.tasks.size(); ++t) state.all_tasks.tasks.push_back(t);
    state.loss_sum.assign(state.tasks.size(), 0.0);
    state.coefficient_sum.assign(state.tasks.size(), 0.0);
    state.own_updates.assign(state.tasks.size(), 0);
    state.own_steps.assign(state.tasks.size(), 0);
    if (recorder_ != nullptr) {
      std::vector<std::string> names;
      for (const TaskSpec& task : state.tasks) names.push_back(task.name);
      recorder_->begin_model(index, names);
    }
    models_.push_back(std::move(state));
  }
}

bool Trainer::train(const StepCallback& callback) {
  while (step_ < total_steps_) {
    const std::uint64_t epoch = step_ / steps_per_epoch_;
    const std::uint64_t done_in_epoch = step_ % steps_per_epoch_;
    const auto stream =
        source_.open(Split::train, {true, seed_, epoch, method_.shuffle_variant()}, training_.batch_size);
    stream->skip(done_in_epoch);
    BatchView batch;
    while (stream->next(batch)) {
      const std::vector<PlannedUpdate> plan = method_.plan(step_);
      for (std::size_t index = 0; index < models_.size(); ++index)
        step_model(index, models_.size() == 1 ? batch : filter(index, batch), plan);
      ++step_;
      samples_ += batch.size;
      if (step_ % training_.metric_interval == 0 || step_ == total_steps_)
        for (std::size_t index = 0; index < models_.size(); ++index) record(index);
      if (callback && !callback(step_, total_steps_, samples_) && step_ < total_steps_) return false;
    }
  }
  for (std::size_t index = 0; index < models_.size(); ++index)
    if (!models_[index].model->first_non_finite().empty()) diverged(index, "after the last step");
  if (method_.calibrates()) calibrate();
  return true;
}

void Trainer::calibrate() {
  const std::vector<float> logits = served_logits(Split::validation);
  std::vector<float> label;
  std::vector<std::uint16_t> cohort;
  const auto stream = source_.open(Split::validation, {}, prediction_batch);
  BatchView batch;
  while (stream->next(batch)) {
    label.insert(label.end(), batch.label, batch.label + batch.size);
    cohort.insert(cohort.end(), batch.cohort, batch.cohort + batch.size * batch.axes);
  }
  method_.calibrate({source_.schema().axes.size(), logits, label, cohort});
}

BatchView Trainer::filter(std::size_t model, const BatchView& batch) {
  FilteredBatch& kept = filtered_;
  kept.rows.clear();
  kept.dense.clear();
  kept.label.clear();
  kept.cohort.clear();
  kept.sample_id.clear();
  for (std::size_t b = 0; b < batch.size; ++b) {
    if (!method_.in_model(model, batch, b)) continue;
    kept.rows.insert(kept.rows.end(), batch.rows + b * batch.fields, batch.rows + (b + 1) * batch.fields);
    if (batch.dense_features > 0)
      kept.dense.insert(kept.dense.end(), batch.dense + b * batch.dense_features,
                        batch.dense + (b + 1) * batch.dense_features);
    kept.label.push_back(batch.label[b]);
    kept.cohort.insert(kept.cohort.end(), batch.cohort + b * batch.axes, batch.cohort + (b + 1) * batch.axes);
    kept.sample_id.push_back(batch.sample_id[b]);
  }
  BatchView view;
  view.size = kept.label.size();
  view.fields = batch.fields;
  view.dense_features = batch.dense_features;
  view.axes = batch.axes;
  view.rows = kept.rows.data();
  view.dense = kept.dense.data();
  view.label = kept.label.data();
  view.cohort = kept.cohort.data();
  view.sample_id = kept.sample_id.data();
  return view;
}

void Trainer::step_model(std::size_t index, const BatchView& batch, const std::vector<PlannedUpdate>& plan) {
  if (batch.size == 0) return;
  const std::size_t tasks = models_[index].tasks.size();
  target_.resize(tasks * batch.size);
  weight_.assign(tasks * batch.size, 1.0f);
  for (std::size_t t = 0; t < tasks; ++t)
    std::copy_n(batch.label, batch.size, target_.begin() + static_cast<std::ptrdiff_t>(t * batch.size));
  method_.make_targets(index, batch, target_, weight_);
  if (method_.needs(step_).sample_losses) made_weight_ = weight_;

  ModelState& state = models_[index];
  state.acting = false;
  if (plan.empty()) {
    update_model(index, state.all_tasks, 0, batch);
  } else {
    for (std::size_t position = 0; position < plan.size(); ++position)
      update_model(index, plan[position], position, batch);
  }
  ++state.steps;
  state.acted += state.acting ? 1 : 0;
}

void Trainer::compute_losses(std::size_t index, const BatchView& batch, const StepNeeds& needs) {
  ModelState& state = models_[index];
  const std::size_t tasks = state.tasks.size();
  if (needs.sample_losses) weight_ = made_weight_;
  const TaskTargets targets{tasks, batch.size, target_.data(), weight_.data()};
  loss_.assign(tasks, 0.0);
  state.model->losses(targets, loss_);
  if (needs.sample_losses) {
    method_.reweigh(index, batch, state.model->sample_losses(), weight_);
    state.model->losses(targets, loss_);
  }
  for (std::size_t t = 0; t < tasks; ++t)
    if (!std::isfinite(loss_[t]))
      diverged(index, fmt::format("the loss of task '{}' is {}", state.tasks[t].name, loss_[t]));
}

void Trainer::weigh_losses(ModelState& state, const PlannedUpdate& update) {
  const std::size_t tasks = state.tasks.size();
  std::vector<double>&trunk = coefficients_.trunk, &heads = coefficients_.heads;
  constexpr double rounding = 1e-9;
  double first = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t t = 0; t < tasks; ++t) {
    const bool updated = std::find(update.tasks.begin(), update.tasks.end(), t) != update.tasks.end();
    if (!updated) trunk[t] = heads[t] = 0.0;
    state.own_steps[t] = updated ? ++state.own_updates[t] : 0;
    if (state.tasks[t].moves_trunk && state.tasks[t].weight > 0) {
      if (std::isnan(first)) first = trunk[t];
      state.acting = state.acting || !(std::abs(trunk[t] - first) <= rounding * std::abs(first));
    }
    state.loss_sum[t] += loss_[t];
    state.coefficient_sum[t] += trunk[t];
    trunk[t] *= state.tasks[t].weight;
    heads[t] *= state.tasks[t].weight;
  }
  ++state.summed;

  // Where the auxiliary tasks do not go, the primary's gradient goes alone.
  const AuxiliaryGradientScope scope = method_.auxiliary_gradient_scope();
  coefficients_.attention.clear();
  coefficients_.embedding.clear();
  if (scope == AuxiliaryGradientScope::all || tasks == 1) return;
  std::vector<double> primary(tasks, 0.0);
  // The method's own weight of the primary may hold what it made of the auxiliaries.
  if (state.own_steps[0] > 0) primary[0] = state.tasks[0].weight;
  if (scope == AuxiliaryGradientScope::all_but_attention) {
    coefficients_.attention = primary;
    return;
  }
  if (scope == AuxiliaryGradientScope::attention_only) coefficients_.attention = trunk;
  if (scope == AuxiliaryGradientScope::embeddings_only) coefficients_.embedding = trunk;
  trunk = primary;
}

void Trainer::update_model(std::size_t index, const PlannedUpdate& update, std::size_t position,
                           const BatchView& batch) {
  ModelState& state = models_[index];
  Model& model = *state.model;
  const std::size_t tasks = state.tasks.size();
  const StepNeeds needs = method_.needs(step_);

  model.forward(batch);
  compute_losses(index, batch, needs);
  gram_.clear();
  if (needs.gram && !update.tasks.empty()) {
    gram_.assign(tasks * tasks, 0.0);
    scale_.clear();
    for (const TaskSpec& task : state.tasks) scale_.push_back(task.weight);
    model.gram(*needs.gram, scale_, gram_);
  }
  coefficients_.trunk.assign(tasks, 1.0);
  coefficients_.heads.assign(tasks, 1.0);
  method_.coefficients({step_, index, position, loss_, gram_}, coefficients_.trunk, coefficients_.heads);
  if (update.tasks.empty()) return;
  for (std::size_t t = 0; t < tasks; ++t)
    if (!std::isfinite(coefficients_.trunk[t]) || !std::isfinite(coefficients_.heads[t]))
      diverged(index, fmt::format("the coefficient of task '{}' is not finite", state.tasks[t].name));
  weigh_losses(state, update);
  if (needs.gram)
    model.combine(coefficients_);
  else
    model.backward(coefficients_);

  const double remaining = remaining_rate(step_);
  UpdateRule rule;
  rule.kind = training_.optimizer;
  rule.learning_rate = training_.learning_rate * remaining;
  rule.embedding_learning_rate = training_.embedding_learning_rate * remaining;
  const bool moves_shared = std::any_of(coefficients_.trunk.begin(), coefficients_.trunk.end(), is_not_zero) ||
                            std::any_of(coefficients_.attention.begin(), coefficients_.attention.end(), is_not_zero) ||
                            std::any_of(coefficients_.embedding.begin(), coefficients_.embedding.end(), is_not_zero);
  rule.step = moves_shared ? ++state.updates : 0;
  rule.own_steps = state.own_steps;
  rule.epsilon = training_.optimizer == OptimizerKind::adam ? 1e-8 : 1e-10;
  model.update(rule);
}

double Trainer::remaining_rate(std::uint64_t step) const {
  return training_.linear_decay ? 1.0 - static_cast<double>(step) / static_cast<double>(total_steps_) : 1.0;
}

void Trainer::record(std::size_t index) {
  ModelState& state = models_[index];
  if (state.summed == 0) return;
  StepMetrics metrics;
  metrics.step = step_ - 1;
  metrics.model = index;
  metrics.learning_rate = training_.learning_rate * remaining_rate(step_ - 1);
  const auto count = static_cast<double>(state.summed);
  for (std::size_t t = 0; t < state.tasks.size(); ++t) {
    metrics.losses.push_back(state.loss_sum[t] / count);
    metrics.coefficients.push_back(state.coefficient_sum[t] / count);
    state.loss_sum[t] = state.coefficient_sum[t] = 0;
  }
  metrics.acted = static_cast<double>(state.acted) / static_cast<double>(state.steps);
  state.summed = state.steps = state.acted = 0;
  if (recorder_ != nullptr) recorder_->record(metrics);
}

void Trainer::diverged(std::size_t index, const std::string& where) const {
  const std::string tensor = models_[index].model->first_non_finite();
  std::string message =
      fmt::format("training diverged at step {} of {}: {}", std::min(step_ + 1, total_steps_), total_steps_, where);
  if (!tensor.empty()) message += fmt::format("; the first tensor with a NaN or an infinity is '{}'", tensor);
  if (models_.size() > 1) message += fmt::format(" (model {})", index);
  throw RunError(message + "; try a lower training.learning_rate");
}

std::vector<float> Trainer::served_logits(Split split) {
  std::vector<float> served;
  served.reserve(source_.size(split));
  const auto stream = source_.open(split, {}, prediction_batch);
  std::vector<std::vector<float>> logits(models_.size());
  BatchView batch;
  while (stream->next(batch)) {
    for (std::size_t index = 0; index < models_.size(); ++index) {
      logits[index].resize(batch.size * models_[index].tasks.size());
      models_[index].model->predict(batch, logits[index]);
    }
    for (std::size_t b = 0; b < batch.size; ++b) {
      const ServedLogit choice = method_.served(batch, b);
      const float logit = logits[choice.model][b * models_[choice.model].tasks.size() + choice.task];
      const bool as_it_is = choice.scale == 1 && choice.offset == 0;
      served.push_back(as_it_is ? logit : static_cast<float>(choice.scale * logit + choice.offset));
    }
  }
  return served;
}

void Trainer::save(StateWriter& state) const {
  state.scope("trainer/");
  state.integer("step", step_);
  state.integer("samples", samples_);
  state.integer("models", models_.size());
  for (std::size_t index = 0; index < models_.size(); ++index) {
    const ModelState& model = models_[index];
    state.scope(fmt::format("trainer/model{}/", index));
    state.numbers("loss_sum", model.loss_sum);
    state.numbers("coefficient_sum", model.coefficient_sum);
    state.integer("summed", model.summed);
    state.integer("steps", model.steps);
    state.integer("acted", model.acted);
    state.integer("updates", model.updates);
    state.bytes("own_updates", model.own_updates.data(), model.own_updates.size() * sizeof(std::uint64_t));
    state.scope(fmt::format("model{}/", index));
    model.model->save(state);
  }
  state.scope("method/");
  method_.save(state);
  state.scope("recorder/");
  if (recorder_ != nullptr) recorder_->save(state);
  state.scope("");
}

void Trainer::load(StateReader& state) {
  state.scope("trainer/");
  step_ = state.integer("step");
  samples_ = state.integer("samples");
  if (state.integer("models") != models_.size())
    throw RunError(
        fmt::format("the checkpoint holds {} models, the method trains {}", state.integer("models"), models_.size()));
  for (std::size_t index = 0; index < models_.size(); ++index) {
    ModelState& model = models_[index];
    state.scope(fmt::format("trainer/model{}/", index));
    model.loss_sum = state.numbers("loss_sum");
    model.coefficient_sum = state.numbers("coefficient_sum");
    model.summed = state.integer("summed");
    model.steps = state.integer("steps");
    model.acted = state.integer("acted");
    model.updates = state.integer("updates");
    state.bytes("own_updates", model.own_updates.data(), model.own_updates.size() * sizeof(std::uint64_t));
    state.scope(fmt::format("model{}/", index));
    model.model->load(state);
  }
  state.scope("method/");
  method_.load(state);
  state.scope("recorder/");
  if (recorder_ != nullptr) recorder_->load(state);
  state.scope("");
}

}  // namespace c2al

#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/data/batch.hpp"
#include "core/data/schema.hpp"
#include "core/model/model.hpp"
#include "core/training/aggregator.hpp"
#include "core/training/method_properties.hpp"
#include "core/training/settings.hpp"
#include "core/training/state.hpp"

namespace c2al {

/// The pair of cohorts that a scenario declares, or that discovery froze for it.
struct CohortPair {
  std::size_t axis = 0;         ///< index into Schema::axes
  std::size_t head_cohort = 0;  ///< the one of higher mean prediction
  std::size_t tail_cohort = 0;
};

/// All a method may know when it is made.
struct MethodContext {
  const Schema* schema = nullptr;
  CohortPair pair;
  /// The pair of cohorts that discovery found least divergent (control axes left out); empty where none was run.
  std::optional<CohortPair> least_divergent;
  std::uint64_t train_size = 0;                   ///< samples of the training split
  std::vector<std::uint64_t> train_cohort_sizes;  ///< of the pair's axis
  std::uint64_t seed = 0;
  std::uint64_t steps = 0;                  ///< training steps of the whole run
  double lambda_head = 1, lambda_tail = 1;  ///< the scenario's loss weights, defaults of the method's own settings
};

/// A task: its name in results and the weight of its loss in the objective (equation 4).
struct TaskSpec {
  std::string name;
  double weight = 1;
  bool moves_trunk = true;  ///< false: a head that only watches; its trunk coefficient of 0 is no act of the method
};

/// What the trainer must compute before it can ask for coefficients.
struct StepNeeds {
  std::optional<GradientScope> gram;  ///< Gram matrix of the gradients of weight_t L_t
  bool sample_losses = false;         ///< reweigh() is called
};

/// Which shared parameters the auxiliary tasks (all but the first) move. Their own heads they always do. The other
/// shared parameters follow the primary's loss alone, as in plain training.
enum class AuxiliaryGradientScope { all, attention_only, all_but_attention, embeddings_only, head_only };

/// What a method sees of a step. T tasks of one model.
struct StepInput {
  std::uint64_t step = 0;  ///< from 0
  std::size_t model = 0;
  std::size_t update = 0;          ///< position in the step plan
  std::span<const double> losses;  ///< (T) unweighted
  std::span<const double> gram;    ///< (T, T) of the weighted losses' gradients, or empty
};

/// One optimizer step on a subset of the tasks: the others' own parameters stay as they are. An empty subset moves
/// nothing: the losses are computed and shown to coefficients(), whose answer is ignored.
struct PlannedUpdate {
  std::vector<std::size_t> tasks;
};

/// What serves a sample: scale * logit + offset.
struct ServedLogit {
  std::uint32_t model = 0, task = 0;
  double scale = 1, offset = 0;
};

/// The validation split as calibrate() sees it. N samples in the split's order.
struct HeldOutLogits {
  std::size_t axes = 0;
  std::span<const float> logit;           ///< (N) as served() chose them
  std::span<const float> label;           ///< (N)
  std::span<const std::uint16_t> cohort;  ///< (N, axes)
};

/// A training method: host-side, small, touches no tensor. It says what is learned (tasks, targets, weights), how task
/// gradients are weighed, and which logit serves a sample. Everything has a default that makes plain training.
class Method {
 public:
  virtual ~Method() = default;

  /// Models trained side by side, each on the samples in_model() gives it.
  virtual std::size_t models() const { return 1; }
  virtual bool in_model(std::size_t /*model*/, const BatchView& /*batch*/, std::size_t /*sample*/) const {
    return true;
  }
  /// Tasks of a model, primary first.
  virtual std::vector<TaskSpec> tasks(std::size_t /*model*/) const { return {{"primary", 1.0}}; }
  /// Architecture of the heads; the number of tasks in it is filled in from tasks().
  virtual HeadConfig heads(std::size_t /*model*/) const { return {}; }
  /// Which shared parameters the tasks after the first move.
  virtual AuxiliaryGradientScope auxiliary_gradient_scope() const { return AuxiliaryGradientScope::all; }
  /// Another order of the training samples than the one shared by all methods of a seed.
  virtual std::uint64_t shuffle_variant() const { return 0; }

  /// Fills target and weight, both (T, B) row-major and preset to the label and 1.
  virtual void make_targets(std::size_t /*model*/, const BatchView& /*batch*/, std::span<float> /*target*/,
                            std::span<float> /*weight*/) const {}

  virtual StepNeeds needs(std::uint64_t /*step*/) const { return {}; }
  /// When asked for, in every update: changes the weights (T, B) that make_targets() gave, knowing sample_loss (T, B),
  /// the weighted loss of each sample under them. Losses and gradients then follow the new weights.
  virtual void reweigh(std::size_t /*model*/, const BatchView& /*batch*/, std::span<const double> /*sample_loss*/,
                       std::span<float> /*weight*/) {}
  /// Updates of one batch, in order; each is a forward and backward pass of its own. Empty: one update of all tasks.
  virtual std::vector<PlannedUpdate> plan(std::uint64_t /*step*/) { return {}; }
  /// One factor a task on its weighted loss, for shared parameters and for the task's own; both preset to 1. Called
  /// once an update; tasks outside the update's subset are then set to 0 by the trainer.
  virtual void coefficients(const StepInput& /*input*/, std::span<double> /*trunk*/, std::span<double> /*heads*/) {}

  virtual ServedLogit served(const BatchView& /*batch*/, std::size_t /*sample*/) const { return {}; }
  /// Whether calibrate() is to be called once, after the last step.
  virtual bool calibrates() const { return false; }
  /// Fits what served() does to the logits, on the validation split.
  virtual void calibrate(const HeldOutLogits& /*validation*/) {}

  /// State that must survive a resume.
  virtual void save(StateWriter& /*state*/) const {}
  virtual void load(StateReader& /*state*/) {}
};

/// One setting of a method, for `c2al list methods`.
struct SettingDescription {
  std::string key, fallback, meaning;
  std::string unit = {};  ///< "steps", "factor", "one of a | b", ...
};

/// An entry of the catalogue: what a file in baselines/ exports.
struct MethodDescription {
  std::string summary;  ///< one line
  std::string paper;    ///< reference, or why there is none
  std::string cost;     ///< class of cost relative to plain: "1 backward pass"
  std::vector<SettingDescription> settings;
  MethodProperties properties;
  bool needs_discovery = false;  ///< MethodContext::least_divergent must be filled
  /// Parses its own settings (unknown keys are errors) and builds the method.
  std::unique_ptr<Method> (*make)(const MethodContext& context, Settings settings) = nullptr;
  /// Non-empty when the method cannot run on the scenario: the reason, shown to the user.
  std::string (*unsupported)(const Schema& schema, const CohortPair& pair) = nullptr;
  /// Methods that weigh task gradients by their Gram matrix alone: that rule, for any number of tasks. Parses only the
  /// rule's own settings (unknown keys are errors).
  std::unique_ptr<Aggregator> (*make_aggregator)(std::uint64_t seed, Settings settings) = nullptr;
};

}  // namespace c2al

#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "core/data/data_source.hpp"
#include "core/model/model.hpp"
#include "core/training/method.hpp"
#include "core/training/recorder.hpp"
#include "core/training/training_config.hpp"

namespace c2al {

/// Called after each step with (steps done, steps in all, samples seen); false stops training between two steps.
using StepCallback = std::function<bool(std::uint64_t done, std::uint64_t total, std::uint64_t samples)>;

/// The only training loop: it moves batches from a data source through a method's models.
class Trainer {
 public:
  /// Everything referred to must outlive the trainer; `recorder` may be null.
  /// @param seed             of the run: initialisation and order
  /// @param initial_variant  another initialisation of the same seed (the discovery baseline)
  Trainer(const DataSource& source, const ModelConfig& model, const TrainingConfig& training, Method& method,
          std::uint64_t seed, std::uint64_t initial_variant = 0, Recorder* recorder = nullptr);

  /// Trains to the end, or until `callback` returns false. Returns true when the last step is done.
  /// Throws RunError naming the step and the tensor when a value is NaN or infinite.
  bool train(const StepCallback& callback = {});

  std::uint64_t steps_done() const { return step_; }
  std::uint64_t steps() const { return total_steps_; }
  std::size_t models() const { return models_.size(); }
  Model& model(std::size_t index) { return *models_[index].model; }

  /// Served logits of a whole split, in its order.
  std::vector<float> served_logits(Split split);

  /// Position in the data, models, optimizer and method state, unrecorded metric sums.
  void save(StateWriter& state) const;
  /// Continues where the saved trainer stopped; all that follows is bit-identical to an uninterrupted run.
  void load(StateReader& state);

 private:
  struct ModelState {
    std::unique_ptr<Model> model;
    std::vector<TaskSpec> tasks;
    PlannedUpdate all_tasks;  ///< of a method without a plan
    std::vector<double> loss_sum, coefficient_sum;
    std::uint64_t summed = 0;            ///< updates since the last record
    std::uint64_t steps = 0, acted = 0;  ///< steps since the last record; those on which the method acted
    bool acting = false;                 ///< in the step under way
    std::uint64_t updates = 0;
    std::vector<std::uint64_t> own_updates;  ///< (T) of a task's own parameters
    std::vector<std::uint64_t> own_steps;    ///< (T) of the update under way
  };
  /// A batch cut down to the samples of one model.
  struct FilteredBatch {
    std::vector<std::int32_t> rows;
    std::vector<float> dense, label;
    std::vector<std::uint16_t> cohort;
    std::vector<std::uint64_t> sample_id;
  };
  BatchView filter(std::size_t model, const BatchView& batch);
  void step_model(std::size_t index, const BatchView& batch, const std::vector<PlannedUpdate>& plan);
  void update_model(std::size_t index, const PlannedUpdate& update, std::size_t position, const BatchView& batch);
  /// Losses of the batch passed forward, after the method has reweighed its samples if it wants to.
  void compute_losses(std::size_t index, const BatchView& batch, const StepNeeds& needs);
  /// Turns the method's factors on its weighted losses into the model's coefficients for an update.
  void weigh_losses(ModelState& state, const PlannedUpdate& update);
  void calibrate();
  /// Share of the learning rates that applies at a step, from 0.
  double remaining_rate(std::uint64_t step) const;
  void record(std::size_t index);
  [[noreturn]] void diverged(std::size_t index, const std::string& where) const;

  const DataSource& source_;
  TrainingConfig training_;
  Method& method_;
  Recorder* recorder_;
  std::uint64_t seed_;
  std::vector<ModelState> models_;
  std::uint64_t step_ = 0, total_steps_ = 0, steps_per_epoch_ = 0, samples_ = 0;
  std::vector<float> target_, weight_;
  std::vector<float> made_weight_;  ///< as make_targets() gave it, where reweigh() changes it
  std::vector<double> loss_, gram_, scale_;
  TaskCoefficients coefficients_;
  FilteredBatch filtered_;
};

/// Steps of a whole run: ceil(train size / batch size) * epochs.
std::uint64_t total_steps(const DataSource& source, const TrainingConfig& training);

}  // namespace c2al

#pragma once
#include <memory>
#include <string>
#include <vector>

#include "bench/workload.hpp"
#include "core/model/model.hpp"
#include "core/training/aggregator.hpp"

namespace c2al {

/// Methods of the PyTorch peer: plain, c2al, mmoe, pcgrad.
const std::vector<std::string>& peer_methods();

/// Matrix FLOPs of a training step, per sample, as the peer counts them: pcgrad makes one backward pass a task. A
/// multiply-add is 2. Throws std::invalid_argument for a method the peer has not.
double counted_flop(const Workload& workload, const std::string& method);

/// What the method's model costs. Throws as counted_flop.
ModelCost training_cost(const Workload& workload, const std::string& method);

/// A model in training on a workload's batches, one after the other and round again, as the peer trains it: three tasks
/// of weights 1, 0.2 and 0.2 but for plain; mmoe with the peer's experts; pcgrad over all shared parameters, projecting
/// in the peer's order.
class TrainingCase {
 public:
  /// Draws the parameters with seed 1. `rule`: its step is counted here. Throws as counted_flop.
  TrainingCase(const Workload& workload, const std::string& method, const UpdateRule& rule = {});

  void run(std::size_t steps);

  const Model& model() const { return *model_; }
  /// The tasks' losses of the last step, before its update.
  const std::vector<double>& losses() const { return losses_; }

  Workload workload;
  Batches batches;  ///< may be drawn anew between two runs

 private:
  void step();

  std::unique_ptr<Model> model_;
  std::unique_ptr<Aggregator> aggregator_;  ///< null: one backward pass with the weights as they are
  std::vector<double> weights_, losses_, gram_;
  UpdateRule rule_;
};

}  // namespace c2al

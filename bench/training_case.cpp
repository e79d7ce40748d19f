#include "bench/training_case.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/training/catalogue.hpp"

namespace c2al {
namespace {

HeadConfig peer_heads(const std::string& method) {
  const std::vector<std::string>& known = peer_methods();
  if (std::find(known.begin(), known.end(), method) == known.end())
    throw std::invalid_argument("the peer has no method '" + method + "'");
  HeadConfig heads;
  heads.tasks = method == "plain" ? 1 : 3;
  if (method == "mmoe") heads.kind = HeadKind::mmoe;
  return heads;
}

}  // namespace

const std::vector<std::string>& peer_methods() {
  static const std::vector<std::string> methods = {"plain", "c2al", "mmoe", "pcgrad"};
  return methods;
}

ModelCost training_cost(const Workload& workload, const std::string& method) {
  return model_cost(workload.model, peer_heads(method), workload.input);
}

double counted_flop(const Workload& workload, const std::string& method) {
  const ModelCost cost = training_cost(workload, method);
  const double passes = method == "pcgrad" ? 3 : 1;
  return cost.forward_flop + passes * (cost.step_flop - cost.forward_flop);
}

TrainingCase::TrainingCase(const Workload& w, const std::string& method, const UpdateRule& rule)
    : workload(w),
      batches(w),
      model_(make_model(w.model, peer_heads(method), w.input, "float32")),
      weights_(method == "plain" ? std::vector<double>{1} : std::vector<double>{1, 0.2, 0.2}),
      losses_(weights_.size()),
      gram_(weights_.size() * weights_.size()),
      rule_(rule) {
  if (method == "pcgrad")
    aggregator_ =
        find_method("pcgrad").describe().make_aggregator(1, Settings("bench", {{"order", std::string("cyclic")}}));
  model_->initialise(1, 0);
  rule_.step = 0;
}

void TrainingCase::run(std::size_t steps) {
  for (std::size_t i = 0; i < steps; ++i) step();
}

void TrainingCase::step() {
  const std::size_t index = rule_.step % workload.batches, tasks = weights_.size();
  ++rule_.step;
  model_->forward(batches.view(workload, index));
  model_->losses({tasks, workload.batch, batches.targets.data() + index * 3 * workload.batch, nullptr}, losses_);
  TaskCoefficients coefficients{weights_, weights_};
  if (aggregator_) {
    model_->gram(GradientScope::shared_parameters, weights_, gram_);
    std::vector<double> projected(tasks, 1.0);
    aggregator_->weigh({tasks, gram_, rule_.step - 1}, projected);
    for (std::size_t t = 0; t < tasks; ++t) coefficients.trunk[t] *= projected[t];
    model_->combine(coefficients);
  } else {
    model_->backward(coefficients);
  }
  model_->update(rule_);
}

}  // namespace c2al

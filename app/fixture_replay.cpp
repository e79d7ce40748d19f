#include "app/fixture_replay.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/training/catalogue.hpp"

namespace c2al {
namespace {

/// Forward and losses on the first `size` samples; puts the losses under `prefix`.
void forward(const Fixture& fixture, Model& model, const std::vector<double>& task_weights, std::size_t size,
             const std::string& prefix, ReplayedArrays& arrays) {
  const std::size_t tasks = model.heads().tasks;
  const std::vector<float> targets = fixture.targets(tasks, size);
  std::vector<double> losses(tasks);
  model.forward(fixture.batch(size));
  model.losses({tasks, size, targets.data(), nullptr}, losses);
  double loss = 0;
  for (std::size_t t = 0; t < tasks; ++t) loss += task_weights[t] * losses[t];
  arrays[prefix + "task_losses"] = {{tasks}, losses};
  arrays[prefix + "loss"] = {{}, {loss}};
}

/// The backward passes of PCGrad, with the peer's order of projection.
void backward_pcgrad(Model& model, const std::vector<double>& task_weights, ReplayedArrays& arrays) {
  const std::size_t tasks = model.heads().tasks;
  std::vector<double> gram(tasks * tasks), coefficients(tasks, 1.0), trunk(tasks);
  model.gram(GradientScope::shared_parameters, task_weights, gram);
  const auto rule =
      find_method("pcgrad").describe().make_aggregator(0, Settings("c2al verify", {{"order", std::string("cyclic")}}));
  rule->weigh({tasks, gram, 0}, coefficients);
  for (std::size_t t = 0; t < tasks; ++t) trunk[t] = coefficients[t] * task_weights[t];
  model.combine({trunk, task_weights});
  arrays["gram"] = {{tasks, tasks}, gram};
  arrays["coefficients"] = {{tasks}, coefficients};
}

/// Calls f(name, shape) for every dense parameter and the embedding table.
template <class F>
void for_each_parameter(const Model& model, const F& f) {
  for (const Parameter& parameter : model.layout().parameters) f(parameter.name, parameter.shape);
  f("embedding", std::vector<std::size_t>{static_cast<std::size_t>(model.input().table_rows), model.config().dim});
}

}  // namespace

ReplayedArrays replay_passes(const Fixture& fixture, AttentionSource attention, const std::string& method,
                             const std::string& precision) {
  const std::unique_ptr<Model> model = fixture.make_model(attention, fixture.heads(method), precision);
  ReplayedArrays arrays;
  for (auto& [name, tensor] : model->observe(fixture.batch(fixture.samples()))) {
    // The one level of MMoE has no number in the fixture.
    const bool level = method == "mmoe" && name.starts_with("level0/");
    arrays["forward/" + (level ? name.substr(std::string("level0/").size()) : name)] = std::move(tensor);
  }
  std::vector<double> task_weights = fixture.task_weights();
  task_weights.resize(model->heads().tasks);
  forward(fixture, *model, task_weights, fixture.samples(), "", arrays);
  if (method == "pcgrad")
    backward_pcgrad(*model, task_weights, arrays);
  else
    model->backward({task_weights, task_weights});
  for_each_parameter(*model, [&](const std::string& name, const std::vector<std::size_t>& shape) {
    arrays["grad/" + name] = {shape, model->gradient(name)};
  });
  if (method == "pcgrad") return arrays;
  for (auto& [name, tensor] : model->observe_output_gradients()) arrays["grad_of_output/" + name] = std::move(tensor);
  return arrays;
}

ReplayedArrays replay_optimizer(const Fixture& fixture, AttentionSource attention, const std::string& method,
                                const std::string& precision, const std::string& optimizer, std::size_t steps) {
  const std::unique_ptr<Model> model = fixture.make_model(attention, fixture.heads(method), precision);
  const std::size_t tasks = model->heads().tasks;
  UpdateRule rule;
  rule.kind = optimizer == "adam" ? OptimizerKind::adam : OptimizerKind::adagrad;
  rule.epsilon = optimizer == "adam" ? 1e-8 : 1e-10;
  rule.learning_rate = rule.embedding_learning_rate = fixture.learning_rate();
  // The exporter's optimizer runs take the task weights through PyTorch's default type, float32.
  std::vector<double> task_weights;
  for (std::size_t t = 0; t < tasks; ++t) task_weights.push_back(static_cast<float>(fixture.task_weights()[t]));
  ReplayedArrays arrays;
  for (std::size_t step = 1; step <= steps; ++step) {
    const std::string prefix = fmt::format("{}/step{}/", optimizer, step);
    forward(fixture, *model, task_weights, std::min(8 * step, fixture.samples()), prefix, arrays);
    model->backward({task_weights, task_weights});
    rule.step = step;
    model->update(rule);
    for_each_parameter(*model, [&](const std::string& name, const std::vector<std::size_t>& shape) {
      arrays[prefix + "param/" + name] = {shape, model->parameter(name)};
    });
  }
  return arrays;
}

}  // namespace c2al

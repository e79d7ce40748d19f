#include <algorithm>
#include <numeric>

#include "core/model/dhen_shape.hpp"
#include "core/model/model_config.hpp"

namespace c2al {
namespace {

/// What some tasks' logits need of the experts.
struct ExpertNeeds {
  std::size_t parameters = 0, multiply_adds = 0;
};

ExpertNeeds expert_needs(const DhenShape& shape, const std::vector<std::size_t>& served) {
  ExpertNeeds needs;
  std::vector<bool> wanted(shape.tasks, false);
  for (const std::size_t t : served) wanted.at(t) = true;
  for (std::size_t l = shape.levels.size(); l-- > 0;) {
    const ExpertLevel& level = shape.levels[l];
    std::vector<bool> below(l == 0 ? 1 : shape.levels[l - 1].gates.size(), false), experts(level.experts, false);
    for (std::size_t g = 0; g < level.gates.size(); ++g) {
      const ExpertGate& gate = level.gates[g];
      if (!wanted[g]) continue;
      for (const std::size_t e : gate.experts) experts[e] = true;
      // Counted as a head applied to each expert, as the peer does, where a head follows.
      const std::size_t mixed = gate.experts.size() - (l + 1 == shape.levels.size() ? 1 : 0);
      needs.multiply_adds += mixed * level.width;
      if (!gate.learned) continue;
      below[gate.input] = true;
      needs.parameters += gate.experts.size() * (level.in + 1);
      needs.multiply_adds += gate.experts.size() * level.in;
    }
    for (const ExpertGroup& group : level.groups) {
      if (!experts[group.first]) continue;
      below[group.input] = true;
      needs.parameters += group.count * (level.hidden * (level.in + 1) + level.width * (level.hidden + 1));
      needs.multiply_adds += group.count * level.hidden * (level.in + level.width);
    }
    wanted = below;
  }
  return needs;
}

}  // namespace

ModelCost model_cost(const ModelConfig& model, const HeadConfig& heads, const InputShape& input,
                     const std::vector<std::size_t>& served) {
  const DhenShape shape = make_dhen_shape(model, heads, input);
  const std::size_t width = shape.width;
  std::vector<std::size_t> tasks = served;
  if (tasks.empty()) {
    tasks.resize(shape.tasks);
    std::iota(tasks.begin(), tasks.end(), std::size_t{0});
  }
  std::size_t multiply_adds = shape.bottom_hidden * (shape.dense + shape.dim);
  for (const DhenLayerShape& layer : shape.layers) {
    multiply_adds += layer.joint * width;
    if (layer.fm) {
      multiply_adds += layer.attention_hidden * layer.attention_size();
      multiply_adds += 2 * shape.columns * shape.dim * layer.k;
      multiply_adds += layer.attention_size() * width;
    }
    multiply_adds += width * (layer.rank + layer.mlp_hidden);
  }
  for (const TopShape& top : shape.top) multiply_adds += top.in * top.out;
  std::size_t parameters = 0;
  for (const Parameter& parameter : shape.layout.parameters) {
    using enum ParameterGroup;
    if (parameter.group != expert && parameter.group != gate && parameter.group != task_head)
      parameters += parameter.size;
  }
  const ExpertNeeds needs = expert_needs(shape, tasks);
  parameters += needs.parameters + tasks.size() * (shape.head_width + 1);
  multiply_adds += needs.multiply_adds + tasks.size() * shape.head_width;

  ModelCost cost;
  cost.dense_parameters = parameters;
  cost.embedding_parameters = static_cast<std::size_t>(input.table_rows) * shape.dim;
  cost.forward_flop = 2.0 * static_cast<double>(multiply_adds);
  // The backward pass makes two products of each forward one, but for the gradient of the dense inputs.
  const double backward_flop = 2 * cost.forward_flop - 2.0 * static_cast<double>(shape.dense * shape.bottom_hidden);
  cost.step_flop = cost.forward_flop + backward_flop;
  return cost;
}

}  // namespace c2al

#include "core/model/dhen_shape.hpp"
#include "core/model/model_config.hpp"

namespace c2al {

ModelCost model_cost(const ModelConfig& model, const HeadConfig& heads, const InputShape& input,
                     const std::vector<std::size_t>& /*served*/) {
  const DhenShape shape = make_dhen_shape(model, heads, input);
  const std::size_t width = shape.width;
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
  multiply_adds += shape.tasks * shape.head_width;

  ModelCost cost;
  cost.dense_parameters = shape.layout.size;
  cost.embedding_parameters = static_cast<std::size_t>(input.table_rows) * shape.dim;
  cost.forward_flop = 2.0 * static_cast<double>(multiply_adds);
  // The backward pass makes two products of each forward one, but for the gradient of the dense inputs.
  const double backward_flop = 2 * cost.forward_flop - 2.0 * static_cast<double>(shape.dense * shape.bottom_hidden);
  cost.step_flop = cost.forward_flop + backward_flop;
  return cost;
}

}  // namespace c2al

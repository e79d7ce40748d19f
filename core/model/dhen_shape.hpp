#pragma once
#include <cstddef>
#include <vector>

#include "core/model/expert_shape.hpp"
#include "core/model/model_config.hpp"
#include "core/model/parameter_layout.hpp"

namespace c2al {

/// Sizes of one DHEN layer and where its parameters lie in the flat buffer. Absent modules have width 0.
///
/// The matrices that read the layer's input x lie next to each other, rows of one (joint, D) matrix, so that one
/// product computes them all. Its outputs are the joint columns, in this order: shortcut D, cross rank, MLP hidden,
/// attention hidden.
struct DhenLayerShape {
  bool fm = false, per_sample_attention = false, cross = false, mlp = false;
  FmForm form = FmForm::covariance;
  std::size_t k = 0;               ///< columns of Y and G
  std::size_t attention_rows = 0;  ///< rows of Y and G: d (covariance) or m (pairwise)
  std::size_t rank = 0, mlp_hidden = 0, attention_hidden = 0;

  std::size_t joint = 0;                                              ///< all joint columns
  std::size_t rank_column = 0, mlp_column = 0, attention_column = 0;  ///< first joint column of each

  std::size_t joint_weight = 0;  ///< (joint, D): short, cross_v, mlp1, attn1
  std::size_t hidden_bias = 0;   ///< mlp1.bias, then attn1.bias
  std::size_t attn2_weight = 0, attn2_bias = 0;
  std::size_t attention_matrix = 0;  ///< "Y", where the attention is a parameter
  std::size_t fm_out = 0;
  std::size_t cross_u_weight = 0, cross_u_bias = 0;
  std::size_t mlp2_weight = 0, mlp2_bias = 0;
  std::size_t norm_weight = 0, norm_bias = 0;

  /// Numbers in a sample's Y and in its G.
  std::size_t attention_size() const { return attention_rows * k; }
  /// Joint columns that pass a ReLU.
  std::size_t hidden() const { return mlp_hidden + attention_hidden; }
};

/// One linear layer of the top MLP.
struct TopShape {
  std::size_t in = 0, out = 0;
  std::size_t weight = 0, bias = 0;  ///< offsets
};

/// All sizes of a DHEN model and the offsets of its parameters.
struct DhenShape {
  std::size_t fields = 0, dense = 0, columns = 0, dim = 0;
  std::size_t width = 0;  ///< D = m d
  std::size_t bottom_hidden = 0;
  std::size_t bottom1_weight = 0, bottom1_bias = 0, bottom2_weight = 0, bottom2_bias = 0;
  std::vector<DhenLayerShape> layers;
  std::vector<TopShape> top;
  std::vector<ExpertLevel> levels;  ///< in place of the top MLP; empty for shared_bottom heads
  std::size_t tasks = 0, head_width = 0;
  std::size_t head_weight = 0, head_bias = 0;  ///< (tasks, head_width) and (tasks)
  std::size_t shared = 0;  ///< parameters that every task's loss reaches; they come first, the tasks' own behind them
  /// The weight of the last shared layer: the top MLP's last one, or the shared experts' second of the last level;
  /// where there is neither, the last shortcut.
  std::size_t last_shared_weight = 0, last_shared_size = 0;
  bool last_shared_above_trunk = false;
  ParameterLayout layout;
};

/// Lays out a model's parameters. Throws UsageError naming the key and the value for a size out of range: no fields,
/// a zero width, no layers, a layer without modules, no tasks, more table rows than 32-bit ids can name.
DhenShape make_dhen_shape(const ModelConfig& model, const HeadConfig& heads, const InputShape& input);

}  // namespace c2al

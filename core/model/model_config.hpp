#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace c2al {

/// Which product the FM attention forms from a sample's embeddings X (d x m).
enum class FmForm {
  covariance,  ///< the paper's equation 3: G = X X^T Y, Y and G d x k; sums over fields
  pairwise,    ///< X^T (X Y'), Y' and G m x k; keeps the fields apart, as Wukong's FM block does
};

/// Where the attention weights Y come from.
enum class AttentionSource {
  mlp,        ///< per sample, Y = reshape(attn2(relu(attn1(x))))
  parameter,  ///< one learned matrix for all samples
};

struct FmAttentionConfig {
  FmForm form = FmForm::covariance;
  AttentionSource attention = AttentionSource::mlp;
  std::size_t k = 16;       ///< columns of Y and G
  std::size_t hidden = 64;  ///< width of the attention MLP; unused when attention = parameter
};

/// Low-rank DCNv2 cross: x * (U (V x) + b) + x.
struct CrossConfig {
  std::size_t rank = 32;
};

struct MlpConfig {
  std::size_t hidden = 256;
};

/// One DHEN layer: LayerNorm(S x + the sum of the modules present); each module at most once. At least one is present.
struct LayerConfig {
  std::optional<FmAttentionConfig> fm_attention;
  std::optional<CrossConfig> cross;
  std::optional<MlpConfig> mlp;
};

/// The trunk and the top MLP, apart from what the data decides (fields, dense features) and the method decides (heads).
struct ModelConfig {
  std::size_t dim = 16;            ///< d, embedding dimension
  std::size_t bottom_hidden = 64;  ///< bottom MLP over the dense features (unused without them)
  std::vector<LayerConfig> layers;
  std::vector<std::size_t> top;  ///< widths of the top MLP, ReLU after each; empty: heads read x_L
};

/// How the tasks read the trunk's output x_L.
enum class HeadKind {
  shared_bottom,  ///< the shared top MLP, then one linear row a task
  towers,         ///< one expert a task in place of the top MLP, no gate: the shared bottom of Caruana 1997
  mmoe,           ///< Ma et al. 2018: experts that all tasks share, a softmax gate a task
  ple,            ///< Tang et al. 2020: levels of shared and task-specific experts (CGC), a gate a task, a shared gate
};

/// Which dense parameters of a model with experts are held to those of shared_bottom heads of as many tasks.
enum class ParameterMatch {
  none,
  trained,  ///< all
  served,   ///< those that task 0's logit needs
};

/// The heads a method asks for. An expert is relu(W2 relu(W1 x + b1) + b2), in -> hidden -> width, and stands in place
/// of the top MLP; task t's logit is one linear row on what its gate makes of the experts.
struct HeadConfig {
  std::size_t tasks = 1;
  HeadKind kind = HeadKind::shared_bottom;
  std::size_t experts = 4;       ///< mmoe: all experts; ple: shared experts a level
  std::size_t task_experts = 1;  ///< ple: experts of each task a level
  std::size_t levels = 1;        ///< ple: CGC levels; the last one has no shared gate
  std::size_t hidden = 0;        ///< of an expert; 0: the top MLP's last width but one (`width` where there is none)
  std::size_t width = 0;         ///< of an expert's output; 0: the top MLP's last width (x_L's where it has none)
  /// Not none: take the largest `hidden` with which the model has no more dense parameters than one with shared_bottom
  /// heads (`hidden` itself is then ignored).
  ParameterMatch match = ParameterMatch::none;
};

/// Sizes the data decides.
struct InputShape {
  std::size_t fields = 0;
  std::size_t dense_features = 0;
  std::int64_t table_rows = 0;

  /// m: columns of X; the dense features make one more, last.
  std::size_t columns() const { return fields + (dense_features > 0 ? 1 : 0); }
};

/// What a model costs. A multiply-add is 2 FLOP; only matrix products are counted.
struct ModelCost {
  std::size_t dense_parameters = 0;
  std::size_t embedding_parameters = 0;
  double forward_flop = 0;  ///< per sample
  double step_flop = 0;     ///< per sample: forward and one backward pass
};

/// Fills in the sizes that a head configuration leaves to rules (0 and match). Throws UsageError when no
/// hidden width meets it.
HeadConfig resolve_heads(const ModelConfig& model, const HeadConfig& heads, const InputShape& input);

/// Counts parameters and FLOPs from the shapes alone.
/// @param served  tasks whose logits are wanted; only what they need counts. Empty: all.
ModelCost model_cost(const ModelConfig& model, const HeadConfig& heads, const InputShape& input,
                     const std::vector<std::size_t>& served = {});

}  // namespace c2al

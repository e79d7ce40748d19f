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

/// The heads a method asks for.
struct HeadConfig {
  std::size_t tasks = 1;  ///< shared-bottom heads: one linear row a task on the top MLP's output
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

/// Counts parameters and FLOPs from the shapes alone.
ModelCost model_cost(const ModelConfig& model, const HeadConfig& heads, const InputShape& input);

}  // namespace c2al

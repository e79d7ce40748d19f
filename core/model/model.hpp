#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/data/batch.hpp"
#include "core/model/model_config.hpp"
#include "core/model/parameter_layout.hpp"
#include "core/model/update_rule.hpp"

namespace c2al {

class StateWriter;
class StateReader;

/// Sizes of the numerical schedule that are part of the result's identity and independent of the thread count. They are
/// a host's: on a device the chunk is the batch, and nothing here has an effect.
struct ChunkConfig {
  std::size_t rows = 512;  ///< samples a chunk: activations of a chunk stay in L2
  /// Partial weight gradients, each the sum of its chunks in order; no more threads than lanes share a backward pass.
  std::size_t lanes = 2;
};

/// Targets of T tasks for a batch of B samples, (T, B) row-major. The loss of task t is
/// L_t = 1/B sum_b weight[t,b] BCE(logit[b,t], target[t,b]).
struct TaskTargets {
  std::size_t tasks = 0;
  std::size_t size = 0;
  const float* target = nullptr;
  const float* weight = nullptr;  ///< null: all 1
};

/// Where the Gram matrix of task gradients is taken. Shared is what the loss of every task reaches (the layout's first
/// span): never the task heads, also where there is one task only.
enum class GradientScope {
  shared_parameters,  ///< every shared dense parameter and embedding row
  dense_shared,       ///< the same without embedding rows
  last_shared_layer,  ///< the top MLP's last weight (GradNorm), or the last level's shared w2; else the last shortcut
  representation,     ///< h: the trunk's output x_L, (B, D)
};

/// Factors on the task losses: the gradient of a shared parameter is sum_t trunk[t] dL_t, that of the parameters which
/// only task t's loss reaches heads[t] dL_t.
struct TaskCoefficients {
  std::vector<double> trunk, heads;
  /// In place of trunk for the shared parameters of ParameterGroup::attention and for the embedding rows; empty: trunk.
  std::vector<double> attention = {}, embedding = {};
};

/// Named tensors of one forward pass, for recording and verification.
struct ObservedTensor {
  std::vector<std::size_t> shape;
  std::vector<double> values;
};
/// Keys as in the peer: "layer0/X" (B, m, d), "layer0/Y" (B, d, k) [pairwise: (B, m, k); a parameter Y without B],
/// "layer0/G", "layer0/fm", "layer0/cross", "layer0/mlp", "layer0/out" (B, D), "layer0/attn1" (B, hidden, after its
/// ReLU), "layer0/mlp1" (likewise), "bottom1" (likewise), "top0" ... (B, width), "h" (B, H), "logits" (B, T).
/// Experts in place of the top MLP, level l: "level{l}/experts" (B, experts, width), "level{l}/gates" (B, gates,
/// experts) with 0 for an expert that a gate does not see, and in place of "h" "h_task" (B, T, width).
using Observations = std::map<std::string, ObservedTensor>;

/// A ranking model with T task logits, its gradients and its optimizer state; everything is in the model's own scalar
/// type and memory space. Nothing here knows a method.
///
/// A training step is forward, losses, then either backward, or gram followed by combine, then update.
class Model {
 public:
  virtual ~Model() = default;

  virtual const ModelConfig& config() const = 0;
  virtual const HeadConfig& heads() const = 0;
  virtual const InputShape& input() const = 0;
  virtual const ParameterLayout& layout() const = 0;
  virtual const ChunkConfig& chunk() const = 0;
  /// "float32" or "float64".
  virtual std::string precision() const = 0;

  /// Draws every initial value: element i of a parameter from the stream (seed, initialisation, hash of its name and
  /// variant), so that models share the initialisation of all they have in common. Clears the optimizer state.
  virtual void initialise(std::uint64_t seed, std::uint64_t variant) = 0;

  /// Computes the logits of all tasks and keeps what the backward pass needs. B may change from call to call; buffers
  /// grow only when B exceeds every earlier one. Throws RunError for a row outside the embedding table.
  virtual void forward(const BatchView& batch) = 0;
  /// Unweighted losses L_t of the batch just passed forward, (T).
  virtual void losses(const TaskTargets& targets, std::span<double> loss) = 0;
  /// weight[t,b] BCE of each sample as losses() computed it last, (T, B). Valid until the next call of losses().
  virtual std::span<const double> sample_losses() const = 0;
  /// Fills the gradient for the given coefficients in one backward pass.
  virtual void backward(const TaskCoefficients& coefficients) = 0;
  /// Gradients of scale[t] L_t at the scope, one backward pass a task; their Gram matrix (T, T), always double.
  virtual void gram(GradientScope scope, std::span<const double> scale, std::span<double> gram) = 0;
  /// After gram: fills the gradient for the coefficients (which include the scales), reusing the kept task gradients
  /// where the scope kept whole ones.
  virtual void combine(const TaskCoefficients& coefficients) = 0;
  /// Applies the gradient.
  virtual void update(const UpdateRule& rule) = 0;

  /// Logits (B, T) of samples without touching the kept training state. `h`, when not null, receives the top MLP's
  /// output (B, H); with experts in its place, what task 0's gate makes of them.
  virtual void predict(const BatchView& batch, std::span<float> logits, std::vector<float>* h = nullptr) = 0;
  /// H: width of the representation the heads read.
  virtual std::size_t head_width() const = 0;
  /// All named tensors of a forward pass on `batch`.
  virtual Observations observe(const BatchView& batch) = 0;
  /// Gradients with respect to named outputs ("layer0/Y", "layer0/G", "h", "logits") of the last backward pass, of the
  /// coefficients given to it; to be asked for before update().
  virtual Observations observe_output_gradients() = 0;

  /// Values, gradient of a dense parameter by name, as double. "embedding" names the whole table (rows, d).
  virtual std::vector<double> parameter(const std::string& name) const = 0;
  virtual void set_parameter(const std::string& name, std::span<const double> values) = 0;
  virtual std::vector<double> gradient(const std::string& name) const = 0;

  /// Name of the first tensor (activation, parameter, gradient) holding a NaN or an infinity; empty when all are
  /// finite.
  virtual std::string first_non_finite() const = 0;

  /// Parameters, optimizer state.
  virtual void save(StateWriter& state) const = 0;
  virtual void load(StateReader& state) = 0;
};

/// Builds a model in "float32" or "float64" on the default execution space; throws UsageError for sizes out of range
/// (zero widths, a layer without modules, more rows than 32-bit ids can name) and for an unknown precision.
std::unique_ptr<Model> make_model(const ModelConfig& model, const HeadConfig& heads, const InputShape& input,
                                  const std::string& precision, const ChunkConfig& chunk = {});

/// The model that is served: the trunk, the top MLP and the head of one task only; exactly a plain model. Throws
/// UsageError for heads of another kind than shared_bottom, where what one task needs is no plain model.
std::unique_ptr<Model> export_served(const Model& trained, std::size_t task);

}  // namespace c2al

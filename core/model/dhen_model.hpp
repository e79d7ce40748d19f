#pragma once
#include <optional>

#include "core/kernels/embedding.hpp"
#include "core/kernels/execution.hpp"
#include "core/model/activations.hpp"
#include "core/model/buffer.hpp"
#include "core/model/chunk_schedule.hpp"
#include "core/model/dhen_backward.hpp"
#include "core/model/dhen_shape.hpp"
#include "core/model/model.hpp"

namespace c2al {

/// A DHEN ranking model with FM attention in scalar type T on a host execution space of Kokkos.
///
/// Host threads own chunks of the batch through forward and backward; inside a chunk the kernels run in the calling
/// thread. Weight gradients are summed in lanes, chunk after chunk, and the lanes are added in order.
template <class T, class Exec>
class DhenModel final : public Model {
  static_assert(kernels::runs_on_host<Exec>, "DhenModel reads its batches in host memory");

 public:
  DhenModel(const ModelConfig& model, const HeadConfig& heads, const InputShape& input, const ChunkConfig& chunk);

  const ModelConfig& config() const override { return config_; }
  const HeadConfig& heads() const override { return heads_; }
  const InputShape& input() const override { return input_; }
  const ParameterLayout& layout() const override { return shape_.layout; }
  const ChunkConfig& chunk() const override { return chunk_; }
  std::string precision() const override { return sizeof(T) == sizeof(float) ? "float32" : "float64"; }
  std::size_t head_width() const override { return shape_.head_width; }

  void initialise(std::uint64_t seed, std::uint64_t variant) override;

  void forward(const BatchView& batch) override;
  void losses(const TaskTargets& targets, std::span<double> loss) override;
  std::span<const double> sample_losses() const override { return {sample_loss_.data(), shape_.tasks * samples_}; }
  void backward(const TaskCoefficients& coefficients) override;
  void gram(GradientScope scope, std::span<const double> scale, std::span<double> gram) override;
  void combine(const TaskCoefficients& coefficients) override;
  void update(const UpdateRule& rule) override;

  void predict(const BatchView& batch, std::span<float> logits, std::vector<float>* h) override;
  Observations observe(const BatchView& batch) override;
  Observations observe_output_gradients() override;

  std::vector<double> parameter(const std::string& name) const override;
  void set_parameter(const std::string& name, std::span<const double> values) override;
  std::vector<double> gradient(const std::string& name) const override;
  std::string first_non_finite() const override;

  void save(StateWriter& state) const override;
  void load(StateReader& state) override;

 private:
  template <class U>
  using Memory = Buffer<U, Exec>;

  std::size_t table_size() const { return static_cast<std::size_t>(input_.table_rows) * shape_.dim; }
  /// Throws RunError for a batch that does not fit the model.
  void check_batch(const BatchView& batch) const;
  /// Gathers embeddings and converts dense features of the batch's rows begin .. begin+rows.count-1.
  void load_rows(const BatchView& batch, std::size_t begin, const SlotRows<T>& rows) const;
  /// Forward pass of a whole batch into a block with room for it.
  void forward_into(const BatchView& batch, const ChunkSchedule& schedule, const SlotRows<T>& rows) const;
  SlotRows<T> kept_rows() const { return {activations_.data(), block_rows(samples_), 0, samples_}; }

  /// Sets the coefficients of the next pass, converted to T.
  void set_coefficients(std::span<const double> trunk, std::span<const double> heads);
  /// Coefficients that pick one task's gradient.
  void select_task(std::size_t task);
  /// Runs a backward pass with the coefficients set. Receives the gradient in `gradient` (flat) and dL/dx_0 or dL/dx_L,
  /// by the extent, in `input_gradient` (B, D).
  void run_backward(BackwardExtent extent, T* gradient, T* input_gradient, const SlotRows<T>* outputs = nullptr);
  /// A pass down to the embeddings: the flat gradient and, unless null, that of the distinct rows.
  void run_whole_pass(std::span<const double> trunk, std::span<const double> heads, T* gradient, T* row_gradient);
  /// gradient[begin .. end-1] += those of the other lanes, lane after lane.
  void add_lanes(std::size_t begin, std::size_t end, T* gradient) const;
  /// One backward pass a task with unit coefficients; keeps whole gradients.
  void keep_task_gradients();
  void gram_of(const T* vectors, std::size_t count, std::size_t stride, std::span<double> gram);
  void forget_gradients();

  void prepare_optimizer(OptimizerKind kind);
  void observe_layer(std::size_t l, const SlotRows<T>& rows, Observations& seen) const;
  void observe_experts(std::size_t l, const SlotRows<T>& rows, Observations& seen) const;
  std::string activation_non_finite() const;

  ModelConfig config_;
  HeadConfig heads_;
  InputShape input_;
  ChunkConfig chunk_;
  DhenShape shape_;
  ActivationSlots slots_;
  GradientSlots gradient_slots_;

  Memory<T> parameters_{"parameters"};  ///< flat, as layout() says
  Memory<T> table_{"embedding"};        ///< (rows, d)

  std::optional<OptimizerKind> optimizer_;  ///< the kind the state below belongs to
  Memory<T> first_moment_{"first moment"}, second_moment_{"second moment"};
  Memory<T> table_first_moment_{"embedding first moment"}, table_second_moment_{"embedding second moment"};

  // The batch passed forward last.
  std::size_t samples_ = 0;
  ChunkSchedule schedule_;
  kernels::DistinctRows distinct_;
  Memory<T> activations_{"activations"};
  Memory<T> residual_{"residual"};             ///< (B, tasks) dL_t/dlogit
  Memory<double> sample_loss_{"sample loss"};  ///< (tasks, B)
  bool has_losses_ = false;

  // The gradient, and what makes it.
  std::vector<T> trunk_, task_heads_;                              ///< coefficients
  Memory<T> gradient_{"gradient"};                                 ///< flat
  Memory<T> other_gradient_{"gradient under other coefficients"};  ///< flat
  Memory<T> input_gradient_{"input gradient"};                     ///< (B, D)
  Memory<T> row_gradient_{"row gradient"};                         ///< (distinct rows, d)
  Memory<T> lanes_{"lane gradients"};                              ///< of all lanes but the first
  Memory<T> scratch_{"backward scratch"};                          ///< a block a lane
  bool has_gradient_ = false;

  // Task gradients of the last gram().
  Memory<T> task_gradients_{"task gradients"};          ///< (tasks, flat or whatever the scope compares)
  Memory<T> task_row_gradients_{"task row gradients"};  ///< (tasks, distinct rows, d)
  Memory<double> partial_gram_{"partial Gram matrices"};
  bool has_task_gradients_ = false;  ///< whole ones, fit for combine()

  Memory<T> prediction_{"prediction activations"};  ///< a block a lane
};

using HostSpace = Kokkos::DefaultHostExecutionSpace;
extern template class DhenModel<float, HostSpace>;
extern template class DhenModel<double, HostSpace>;

}  // namespace c2al

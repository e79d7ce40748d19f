#pragma once
#include <optional>

#include "core/kernels/embedding.hpp"
#include "core/kernels/execution.hpp"
#include "core/kernels/host_copy.hpp"
#include "core/model/activations.hpp"
#include "core/model/buffer.hpp"
#include "core/model/chunk_schedule.hpp"
#include "core/model/dhen_backward.hpp"
#include "core/model/dhen_shape.hpp"
#include "core/model/model.hpp"

namespace c2al {

/// A DHEN ranking model with FM attention in scalar type T on an execution space of Kokkos.
///
/// Host threads own chunks of the batch through forward and backward; inside a chunk the kernels run in the calling
/// thread. Weight gradients are summed in lanes, chunk after chunk, and the lanes are added in order.
///
/// A device runs each kernel over the whole batch, one chunk in one lane. What kernels read and write lies in its
/// memory; batches, coefficients, names and checkpoints stay on the host and are copied.
template <class T, class Exec>
class DhenModel final : public Model {
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
  std::span<const double> sample_losses() const override { return {seen_sample_loss_.data(), shape_.tasks * samples_}; }
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
  static constexpr bool on_host = kernels::runs_on_host<Exec>;
  template <class U>
  using Memory = Buffer<U, Exec>;
  /// Where the kernels on a chunk's samples run.
  using ChunkExec = std::conditional_t<on_host, kernels::CallingThread, Exec>;
  template <class U>
  using HostCopy = kernels::HostCopy<U, Exec>;
  /// A batch's table rows and dense features in the space's memory.
  struct LoadedBatch {
    const std::int32_t* rows;
    const float* dense;
  };

  std::size_t table_size() const { return static_cast<std::size_t>(input_.table_rows) * shape_.dim; }
  /// Throws RunError for a batch that does not fit the model.
  void check_batch(const BatchView& batch) const;
  ChunkSchedule schedule_of(std::size_t samples) const {
    return on_host ? ChunkSchedule(samples, chunk_.rows, chunk_.lanes)
                   : ChunkSchedule(samples, std::max<std::size_t>(samples, 1), 1);
  }
  /// Nothing is summed over chunks in prediction: as many parts as threads, each with memory for one chunk.
  ChunkSchedule prediction_schedule(std::size_t samples) const {
    if constexpr (on_host)
      return {samples, chunk_.rows, static_cast<std::size_t>(exec_.concurrency())};
    else
      return schedule_of(samples);
  }
  /// Calls f(i) for i < n, the number of lanes or chunks.
  template <class F>
  void for_each_part(std::size_t n, const F& f) const {
    if constexpr (on_host)
      kernels::for_each(exec_, n, f);
    else
      for (std::size_t i = 0; i < n; ++i) f(i);
  }
  /// n numbers of host memory where kernels can read them; `copy` holds them where that is elsewhere.
  template <class U>
  const U* in_space(const U* from, std::size_t n, Memory<U>& copy) const {
    if constexpr (on_host) return from;
    copy.grow(n);
    kernels::copy_from_host(exec_, n, from, copy.data());
    return copy.data();
  }
  LoadedBatch load(const BatchView& batch);
  /// Gathers embeddings and converts dense features of the batch's rows begin .. begin+rows.count-1.
  void load_rows(const LoadedBatch& batch, std::size_t begin, const SlotRows<T>& rows) const;
  /// Forward pass of a whole batch into a block with room for it.
  void forward_into(const BatchView& batch, const ChunkSchedule& schedule, const SlotRows<T>& rows);
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
  /// `rows` and, where the host can read them, `seen_rows`.
  void observe_layer(std::size_t l, const SlotRows<T>& rows, const SlotRows<const T>& seen_rows,
                     Observations& seen) const;
  void observe_experts(std::size_t l, const SlotRows<const T>& rows, Observations& seen) const;
  std::string activation_non_finite() const;

  Exec exec_;  ///< kept, since making one allocates memory in Kokkos 4
  ChunkExec chunk_exec_;
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
  kernels::RowOccurrences occurrences_;  ///< its lists, in the space's memory
  Memory<T> activations_{"activations"};
  Memory<T> residual_{"residual"};             ///< (B, tasks) dL_t/dlogit
  Memory<double> sample_loss_{"sample loss"};  ///< (tasks, B)
  HostCopy<double> seen_sample_loss_;
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

  Memory<T> prediction_{"prediction activations"};  ///< a block a part

  // Copies of what the host hands over; empty on the host.
  Memory<std::int32_t> batch_rows_{"batch rows"}, distinct_rows_{"distinct rows"};
  Memory<std::uint32_t> occurrence_start_{"start of occurrences"}, occurrence_{"occurrences"};
  Memory<float> batch_dense_{"batch dense features"}, targets_{"targets"}, target_weights_{"target weights"};
  Memory<T> kernel_trunk_{"coefficients"};
};

/// Where models live.
using ModelSpace = Kokkos::DefaultExecutionSpace;
extern template class DhenModel<float, ModelSpace>;
extern template class DhenModel<double, ModelSpace>;

}  // namespace c2al

#pragma once
// The training step and prediction of DhenModel; included where it is instantiated.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "core/error.hpp"
#include "core/kernels/flat.hpp"
#include "core/kernels/loss.hpp"
#include "core/kernels/optimizer.hpp"
#include "core/model/dhen_model.hpp"

namespace c2al {

/// Embedding rows a thread updates at a time.
inline constexpr std::size_t row_block = 1024;

template <class T, class Exec>
DhenModel<T, Exec>::DhenModel(const ModelConfig& model, const HeadConfig& heads, const InputShape& input,
                              const ChunkConfig& chunk)
    : config_(model),
      heads_(resolve_heads(model, heads, input)),
      input_(input),
      chunk_(chunk),
      shape_(make_dhen_shape(model, heads, input)),
      slots_(shape_),
      gradient_slots_(shape_),
      trunk_(heads.tasks),
      task_heads_(heads.tasks) {
  kernels::gemm_initialise();
  parameters_.grow(shape_.layout.size);
  table_.grow(table_size());
  gradient_.grow(shape_.layout.size);
}

template <class T, class Exec>
void DhenModel<T, Exec>::check_batch(const BatchView& batch) const {
  if (batch.fields != shape_.fields || batch.dense_features != shape_.dense)
    throw RunError(fmt::format("a batch has {} fields and {} dense features: the model expects {} and {}", batch.fields,
                               batch.dense_features, shape_.fields, shape_.dense));
  const std::size_t count = batch.size * batch.fields;
  std::uint32_t largest = 0;  // a negative row becomes a very large one
  for (std::size_t i = 0; i < count; ++i) largest = std::max(largest, static_cast<std::uint32_t>(batch.rows[i]));
  if (largest < static_cast<std::uint64_t>(input_.table_rows)) return;
  for (std::size_t i = 0; i < count; ++i)
    if (batch.rows[i] < 0 || batch.rows[i] >= input_.table_rows)
      throw RunError(fmt::format("sample {} of a batch, field {}: embedding row {} is outside 0 to {}",
                                 i / batch.fields, i % batch.fields, batch.rows[i], input_.table_rows - 1));
}

template <class T, class Exec>
auto DhenModel<T, Exec>::load(const BatchView& batch) -> LoadedBatch {
  return {in_space(batch.rows, batch.size * shape_.fields, batch_rows_),
          in_space(batch.dense, batch.size * shape_.dense, batch_dense_)};
}

template <class T, class Exec>
void DhenModel<T, Exec>::load_rows(const LoadedBatch& batch, std::size_t begin, const SlotRows<T>& rows) const {
  kernels::gather(chunk_exec_, rows.count, shape_.fields, shape_.dim, batch.rows + begin * shape_.fields,
                  static_cast<const T*>(table_.data()), rows(slots_.input), shape_.width);
  kernels::convert(chunk_exec_, rows.count * shape_.dense, batch.dense + begin * shape_.dense, rows(slots_.dense));
}

template <class T, class Exec>
void DhenModel<T, Exec>::forward_into(const BatchView& batch, const ChunkSchedule& schedule, const SlotRows<T>& rows) {
  const LoadedBatch loaded = load(batch);
  for_each_part(schedule.chunks(), [&](const std::size_t chunk) {
    const SlotRows<T> part = rows.rows(schedule.begin(chunk), schedule.size(chunk));
    load_rows(loaded, schedule.begin(chunk), part);
    forward_rows(chunk_exec_, shape_, slots_, parameters_.data(), part);
  });
}

template <class T, class Exec>
void DhenModel<T, Exec>::forget_gradients() {
  has_gradient_ = has_task_gradients_ = false;
}

template <class T, class Exec>
void DhenModel<T, Exec>::forward(const BatchView& batch) {
  check_batch(batch);
  forget_gradients();
  has_losses_ = false;
  samples_ = batch.size;
  schedule_ = schedule_of(samples_);
  const std::size_t positions = samples_ * shape_.fields;
  distinct_.build(batch.rows, positions, input_.table_rows);
  const kernels::RowOccurrences found = distinct_.occurrences();
  occurrences_ = {found.size, in_space(found.rows, found.size, distinct_rows_),
                  in_space(found.start, found.size + 1, occurrence_start_),
                  in_space(found.occurrence, positions, occurrence_)};
  activations_.grow(slots_.total * block_rows(samples_));
  forward_into(batch, schedule_, kept_rows());
}

template <class T, class Exec>
void DhenModel<T, Exec>::losses(const TaskTargets& targets, std::span<double> loss) {
  if (targets.tasks != shape_.tasks || targets.size != samples_ || loss.size() != shape_.tasks)
    throw std::logic_error("targets differ in size from the batch passed forward");
  residual_.grow(samples_ * shape_.tasks);
  sample_loss_.grow(samples_ * shape_.tasks);
  const std::size_t count = samples_ * shape_.tasks;
  const float* weight = targets.weight == nullptr ? nullptr : in_space(targets.weight, count, target_weights_);
  kernels::cross_entropy_with_logits(
      chunk_exec_, samples_, shape_.tasks, static_cast<const T*>(kept_rows()(slots_.logits)),
      in_space(targets.target, count, targets_), weight, residual_.data(), sample_loss_.data());
  seen_sample_loss_.assign(sample_loss_.data(), count);
  for (std::size_t t = 0; t < shape_.tasks; ++t) {
    double sum = 0;
    for (std::size_t b = 0; b < samples_; ++b) sum += seen_sample_loss_[t * samples_ + b];
    loss[t] = sum / static_cast<double>(samples_);
  }
  has_losses_ = true;
}

template <class T, class Exec>
void DhenModel<T, Exec>::set_coefficients(std::span<const double> trunk, std::span<const double> heads) {
  if (trunk.size() != shape_.tasks || heads.size() != shape_.tasks)
    throw std::logic_error("a backward pass needs one trunk and one head coefficient a task");
  std::transform(trunk.begin(), trunk.end(), trunk_.begin(), [](double c) { return static_cast<T>(c); });
  std::transform(heads.begin(), heads.end(), task_heads_.begin(), [](double c) { return static_cast<T>(c); });
}

template <class T, class Exec>
void DhenModel<T, Exec>::run_backward(BackwardExtent extent, T* gradient, T* input_gradient,
                                      const SlotRows<T>* outputs) {
  if (!has_losses_) throw std::logic_error("a backward pass needs the losses of the batch passed forward");
  const std::size_t size = shape_.layout.size, lanes = schedule_.lanes();
  if (lanes == 0) {
    kernels::fill(chunk_exec_, size, T(0), gradient);
    return;
  }
  const std::size_t chunk_capacity = block_rows(schedule_.largest());
  const std::size_t scratch_size = gradient_slots_.total * chunk_capacity;
  lanes_.grow((lanes - 1) * size);
  scratch_.grow(lanes * scratch_size);
  const T* kernel_trunk = in_space(static_cast<const T*>(trunk_.data()), trunk_.size(), kernel_trunk_);
  for_each_part(lanes, [&](const std::size_t lane) {
    T* lane_gradient = lane == 0 ? gradient : lanes_.data() + (lane - 1) * size;
    const std::size_t first = schedule_.first_chunk(lane), end = schedule_.first_chunk(lane + 1);
    for (std::size_t chunk = first; chunk < end; ++chunk) {
      const std::size_t begin = schedule_.begin(chunk), count = schedule_.size(chunk);
      SlotRows<T> output_rows;
      if (outputs != nullptr) output_rows = outputs->rows(begin, count);
      backward_rows(chunk_exec_,
                    BackwardPass<T>{shape_, slots_, gradient_slots_, extent, parameters_.data(), trunk_.data(),
                                    task_heads_.data(), kernel_trunk, kept_rows().rows(begin, count),
                                    residual_.data() + begin * shape_.tasks,
                                    SlotRows<T>{scratch_.data() + lane * scratch_size, chunk_capacity, 0, count},
                                    lane_gradient, chunk == first ? T(0) : T(1), input_gradient + begin * shape_.width,
                                    outputs == nullptr ? nullptr : &output_rows});
    }
  });
}

template <class T, class Exec>
void DhenModel<T, Exec>::add_lanes(std::size_t begin, std::size_t end, T* gradient) const {
  const std::size_t size = shape_.layout.size, lanes = schedule_.lanes();
  if (lanes < 2) return;
  kernels::for_each_block(exec_, end - begin, kernels::flat_block, [&](auto exec, std::size_t first, std::size_t last) {
    for (std::size_t lane = 1; lane < lanes; ++lane)
      kernels::add_scaled(exec, last - first, T(1), lanes_.data() + (lane - 1) * size + begin + first,
                          gradient + begin + first);
  });
}

template <class T, class Exec>
void DhenModel<T, Exec>::run_whole_pass(std::span<const double> trunk, std::span<const double> heads, T* gradient,
                                        T* row_gradient) {
  set_coefficients(trunk, heads);
  input_gradient_.grow(samples_ * shape_.width);
  run_backward(BackwardExtent::embeddings, gradient, input_gradient_.data());
  add_lanes(0, shape_.layout.size, gradient);
  if (!shape_.levels.empty()) scale_own_gradients(chunk_exec_, shape_, task_heads_.data(), gradient);
  if (row_gradient == nullptr) return;
  kernels::sum_rows<T>(exec_, occurrences_, shape_.fields, shape_.dim, input_gradient_.data(), shape_.width,
                       row_gradient);
}

/// Calls f(offset, size) for each parameter of the attention.
template <class F>
void for_each_attention_parameter(const DhenShape& shape, const F& f) {
  for (const Parameter& parameter : shape.layout.parameters)
    if (parameter.group == ParameterGroup::attention) f(parameter.offset, parameter.size);
}

template <class T, class Exec>
void DhenModel<T, Exec>::backward(const TaskCoefficients& coefficients) {
  const auto& [trunk, heads, attention, embedding] = coefficients;
  const bool other_attention = !attention.empty() && attention != trunk;
  const bool other_rows = !embedding.empty() && embedding != trunk;
  row_gradient_.grow(distinct_.size() * shape_.dim);
  if (other_attention || other_rows) other_gradient_.grow(shape_.layout.size);
  // A group's gradient under other coefficients comes out of a pass with those for the whole model.
  if (other_rows) run_whole_pass(embedding, heads, other_gradient_.data(), row_gradient_.data());
  if (other_attention && !(other_rows && attention == embedding))
    run_whole_pass(attention, heads, other_gradient_.data(), nullptr);
  run_whole_pass(trunk, heads, gradient_.data(), other_rows ? nullptr : row_gradient_.data());
  if (other_attention)
    for_each_attention_parameter(shape_, [&](std::size_t offset, std::size_t size) {
      kernels::convert(chunk_exec_, size, static_cast<const T*>(other_gradient_.data()) + offset,
                       gradient_.data() + offset);
    });
  has_gradient_ = true;
}

template <class T, class Exec>
void DhenModel<T, Exec>::prepare_optimizer(OptimizerKind kind) {
  if (optimizer_ == kind) return;
  if (optimizer_) throw std::logic_error("the optimizer of a model in training cannot change");
  const bool adam = kind == OptimizerKind::adam, second = kind != OptimizerKind::sgd;
  if (adam) {
    first_moment_.grow(shape_.layout.size);
    table_first_moment_.grow(table_size());
  }
  if (second) {
    second_moment_.grow(shape_.layout.size);
    table_second_moment_.grow(kind == OptimizerKind::row_wise_adagrad ? static_cast<std::size_t>(input_.table_rows)
                                                                      : table_size());
  }
  optimizer_ = kind;
}

template <class T, class Exec>
void DhenModel<T, Exec>::update(const UpdateRule& rule) {
  if (!has_gradient_) throw std::logic_error("an update needs the gradient of the batch passed forward");
  prepare_optimizer(rule.kind);
  const auto at = [](const Memory<T>& memory, std::size_t i) {
    return memory.size() > 0 ? memory.data() + i : nullptr;
  };
  const auto update_range = [&](const UpdateRule& its_rule, std::size_t offset, std::size_t size) {
    kernels::for_each_block(exec_, size, kernels::flat_block, [&](auto exec, std::size_t first, std::size_t last) {
      const std::size_t begin = offset + first;
      kernels::dense_update(exec, its_rule, last - first, parameters_.data() + begin,
                            static_cast<const T*>(gradient_.data()) + begin, at(first_moment_, begin),
                            at(second_moment_, begin));
    });
  };
  const auto& own_steps = rule.own_steps;
  if (!own_steps.empty() && own_steps.size() != shape_.tasks)
    throw std::logic_error("an update needs one own step count a task, or none");
  if (rule.step > 0 &&
      std::all_of(own_steps.begin(), own_steps.end(), [&](std::uint64_t step) { return step == rule.step; })) {
    update_range(rule, 0, shape_.layout.size);
  } else {
    if (rule.step > 0) update_range(rule, 0, shape_.shared);
    for (const ParameterSpan& span : shape_.layout.spans) {
      if (span.offset < shape_.shared) continue;
      UpdateRule own = rule;
      own.step = own_steps[span.tasks.front()];
      if (own.step > 0) update_range(own, span.offset, span.size);
    }
  }
  const std::size_t rows = rule.step > 0 ? distinct_.size() : 0;
  kernels::for_each_block(exec_, rows, row_block, [&](auto exec, std::size_t begin, std::size_t end) {
    kernels::row_update(exec, rule, end - begin, shape_.dim, occurrences_.rows + begin,
                        static_cast<const T*>(row_gradient_.data()) + begin * shape_.dim, table_.data(),
                        at(table_first_moment_, 0), at(table_second_moment_, 0));
  });
  forget_gradients();
}

template <class T, class Exec>
void DhenModel<T, Exec>::predict(const BatchView& batch, std::span<float> logits, std::vector<float>* h) {
  check_batch(batch);
  if (logits.size() != batch.size * shape_.tasks)
    throw std::logic_error("predict needs room for one logit a sample and task");
  if (h != nullptr) h->resize(batch.size * shape_.head_width);
  const ChunkSchedule schedule = prediction_schedule(batch.size);
  const std::size_t capacity = block_rows(schedule.largest());
  const std::size_t block_size = slots_.total * capacity;
  prediction_.grow(schedule.lanes() * block_size);
  const LoadedBatch loaded = load(batch);
  for_each_part(schedule.lanes(), [&](const std::size_t lane) {
    for (std::size_t chunk = schedule.first_chunk(lane); chunk < schedule.first_chunk(lane + 1); ++chunk) {
      const std::size_t begin = schedule.begin(chunk), count = schedule.size(chunk);
      const SlotRows<T> rows{prediction_.data() + lane * block_size, capacity, 0, count};
      load_rows(loaded, begin, rows);
      forward_rows(chunk_exec_, shape_, slots_, parameters_.data(), rows);
      const auto copy = [&](Slot slot, float* to) {
        const HostCopy<T> values(rows(slot), count * slot.width);
        std::transform(values.begin(), values.end(), to + begin * slot.width,
                       [](T value) { return static_cast<float>(value); });
      };
      copy(slots_.logits, logits.data());
      if (h != nullptr) copy(slots_.head_input(), h->data());
    }
  });
}

}  // namespace c2al

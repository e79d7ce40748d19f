#pragma once
// Task gradients, their Gram matrix and their combination; included where DhenModel is instantiated.
#include "core/kernels/flat.hpp"
#include "core/kernels/gram.hpp"
#include "core/model/dhen_model.hpp"
#include "core/model/dhen_model_step.hpp"

namespace c2al {

/// gram (n, n) += the scalar products, in double, of n vectors of `count` numbers that start `stride` apart. Parts are
/// summed in order, so that the result does not depend on the number of threads.
template <class T, class Exec>
void DhenModel<T, Exec>::gram_of(const T* vectors, std::size_t count, std::size_t stride, std::span<double> gram) {
  const std::size_t n = shape_.tasks, size = kernels::gram_parts<Exec>(count) * n * n;
  partial_gram_.grow(size);
  kernels::partial_gram(exec_, n, count, vectors, stride, partial_gram_.data());
  const HostCopy<double> partial(partial_gram_.data(), size);
  for (std::size_t i = 0; i < size; ++i) gram[i % (n * n)] += partial[i];
}

template <class T, class Exec>
void DhenModel<T, Exec>::select_task(std::size_t task) {
  std::fill(trunk_.begin(), trunk_.end(), T(0));
  trunk_[task] = T(1);
  task_heads_ = trunk_;
}

template <class T, class Exec>
void DhenModel<T, Exec>::keep_task_gradients() {
  const std::size_t size = shape_.layout.size, row_size = distinct_.size() * shape_.dim;
  input_gradient_.grow(samples_ * shape_.width);
  task_gradients_.grow(shape_.tasks * size);
  task_row_gradients_.grow(shape_.tasks * row_size);
  for (std::size_t t = 0; t < shape_.tasks; ++t) {
    select_task(t);
    T* gradient = task_gradients_.data() + t * size;
    run_backward(BackwardExtent::embeddings, gradient, input_gradient_.data());
    add_lanes(0, size, gradient);
    kernels::sum_rows<T>(exec_, occurrences_, shape_.fields, shape_.dim, input_gradient_.data(), shape_.width,
                         task_row_gradients_.data() + t * row_size);
  }
  has_task_gradients_ = true;
}

template <class T, class Exec>
void DhenModel<T, Exec>::gram(GradientScope scope, std::span<const double> scale, std::span<double> gram) {
  const std::size_t n = shape_.tasks, size = shape_.layout.size;
  if (scale.size() != n || gram.size() != n * n)
    throw std::logic_error("gram needs one scale a task and room for a square matrix");
  forget_gradients();
  std::fill(gram.begin(), gram.end(), 0.0);
  switch (scope) {
    case GradientScope::shared_parameters:
    case GradientScope::dense_shared:
      keep_task_gradients();
      gram_of(task_gradients_.data(), shape_.shared, size, gram);
      if (scope == GradientScope::shared_parameters) {
        const std::size_t row_size = distinct_.size() * shape_.dim;
        gram_of(task_row_gradients_.data(), row_size, row_size, gram);
      }
      break;
    case GradientScope::last_shared_layer: {
      const std::size_t weight = shape_.last_shared_weight, count = shape_.last_shared_size;
      if (!shape_.last_shared_above_trunk) {
        keep_task_gradients();
        gram_of(task_gradients_.data() + weight, count, size, gram);
        break;
      }
      task_gradients_.grow(n * count);
      input_gradient_.grow(samples_ * shape_.width);
      for (std::size_t t = 0; t < n; ++t) {
        select_task(t);
        run_backward(BackwardExtent::last_shared_layer, gradient_.data(), input_gradient_.data());
        add_lanes(weight, weight + count, gradient_.data());
        kernels::convert(chunk_exec_, count, static_cast<const T*>(gradient_.data()) + weight,
                         task_gradients_.data() + t * count);
      }
      gram_of(task_gradients_.data(), count, count, gram);
      break;
    }
    case GradientScope::representation: {
      const std::size_t count = samples_ * shape_.width;
      task_gradients_.grow(n * count);
      for (std::size_t t = 0; t < n; ++t) {
        select_task(t);
        run_backward(BackwardExtent::representation, gradient_.data(), task_gradients_.data() + t * count);
      }
      gram_of(task_gradients_.data(), count, count, gram);
      break;
    }
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) gram[i * n + j] *= scale[i] * scale[j];
}

/// sum[i] = sum_t coefficient[t] vectors[t stride + i] for i < count, tasks of coefficient 0 left out.
template <class T, class Exec>
void linear_combination(const Exec& exec, std::span<const T> coefficient, const T* vectors, std::size_t stride,
                        std::size_t count, T* sum) {
  kernels::for_each_block(exec, count, kernels::flat_block, [&](auto block_exec, std::size_t begin, std::size_t end) {
    kernels::fill(block_exec, end - begin, T(0), sum + begin);
    for (std::size_t t = 0; t < coefficient.size(); ++t)
      if (coefficient[t] != T(0))
        kernels::add_scaled(block_exec, end - begin, coefficient[t], vectors + t * stride + begin, sum + begin);
  });
}

template <class T, class Exec>
void DhenModel<T, Exec>::combine(const TaskCoefficients& coefficients) {
  if (!has_task_gradients_) return backward(coefficients);
  set_coefficients(coefficients.trunk, coefficients.heads);
  const std::size_t size = shape_.layout.size, shared = shape_.shared, row_size = distinct_.size() * shape_.dim;
  const std::span<const T> trunk(trunk_), heads(task_heads_);
  const std::vector<T> attention(coefficients.attention.begin(), coefficients.attention.end());
  const std::vector<T> embedding(coefficients.embedding.begin(), coefficients.embedding.end());
  linear_combination<T>(exec_, trunk, task_gradients_.data(), size, shared, gradient_.data());
  if (!attention.empty())
    for_each_attention_parameter(shape_, [&](std::size_t offset, std::size_t count) {
      linear_combination<T>(exec_, attention, task_gradients_.data() + offset, size, count, gradient_.data() + offset);
    });
  // A task's gradient is zero at the heads of the others.
  linear_combination<T>(exec_, heads, task_gradients_.data() + shared, size, size - shared, gradient_.data() + shared);
  row_gradient_.grow(row_size);
  linear_combination<T>(exec_, embedding.empty() ? trunk : std::span<const T>(embedding), task_row_gradients_.data(),
                        row_size, row_size, row_gradient_.data());
  has_gradient_ = true;
}

}  // namespace c2al

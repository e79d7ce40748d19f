#pragma once
#include <utility>

#include "core/kernels/flat.hpp"
#include "core/model/backward_pass.hpp"
#include "core/model/dhen_forward.hpp"
#include "core/model/expert_backward.hpp"

namespace c2al {

/// Gradient of a linear layer's weight: dweight (out, in) = dy^T x + beta dweight.
template <class T, class Exec>
void linear_weight_gradient(const Exec& exec, std::size_t R, std::size_t in, std::size_t out, const T* dy,
                            std::size_t lddy, const T* x, std::size_t ldx, T beta, T* dweight) {
  kernels::gemm(exec, kernels::Op::transpose, kernels::Op::none, out, in, R, T(1), dy, lddy, x, ldx, beta, dweight, in);
}

/// Gradient of a linear layer's input: dx (R, in) = dy weight + beta dx.
template <class T, class Exec>
void linear_input_gradient(const Exec& exec, std::size_t R, std::size_t in, std::size_t out, const T* dy,
                           std::size_t lddy, const T* weight, T beta, T* dx, std::size_t lddx) {
  kernels::gemm(exec, kernels::Op::none, kernels::Op::none, R, in, out, T(1), dy, lddy, weight, in, beta, dx, lddx);
}

/// Copies rows of an output's gradient for observation.
template <class T, class Exec>
void keep_output(const Exec& exec, const BackwardPass<T>& pass, Slot slot, const T* gradient) {
  if (pass.outputs == nullptr) return;
  kernels::convert(exec, pass.rows.count * slot.width, gradient, (*pass.outputs)(slot));
}

/// Backward pass of layer l. dout (R, D) = dL/dx_{l+1}; dx (R, D) receives dL/dx_l.
template <class T, class Exec>
void backward_layer(const Exec& exec, const BackwardPass<T>& pass, std::size_t l, const T* dout, T* dx) {
  const DhenLayerShape& layer = pass.shape.layers[l];
  const ActivationSlots::Layer& slots = pass.slots.layers[l];
  const T* parameters = pass.parameters;
  T* gradient = pass.gradient;
  const std::size_t R = pass.rows.count, D = pass.shape.width, joint = layer.joint;
  const T* x = pass.rows(pass.slots.layer_input(l));
  const T* kept = pass.rows(slots.joint);
  T* dsum = pass.scratch(pass.gradient_slots.joint);
  T* dproduct = pass.scratch(pass.gradient_slots.cross);

  kernels::add_cross_layer_norm_backward(
      exec, R, D, dout, kept, joint, pass.rows(slots.rstd), parameters + layer.norm_weight, x,
      cross_term(layer, slots, parameters, pass.rows), dsum, joint, dproduct, dx, pass.beta,
      {gradient + layer.norm_weight, gradient + layer.norm_bias, layer.mlp ? gradient + layer.mlp2_bias : nullptr,
       layer.cross ? gradient + layer.cross_u_bias : nullptr});
  if (layer.cross) {
    linear_weight_gradient(exec, R, layer.rank, D, dproduct, D, kept + layer.rank_column, joint, pass.beta,
                           gradient + layer.cross_u_weight);
    linear_input_gradient(exec, R, layer.rank, D, dproduct, D, parameters + layer.cross_u_weight, T(0),
                          dsum + layer.rank_column, joint);
  }
  if (layer.mlp) {
    linear_weight_gradient(exec, R, layer.mlp_hidden, D, dsum, joint, kept + layer.mlp_column, joint, pass.beta,
                           gradient + layer.mlp2_weight);
    linear_input_gradient(exec, R, layer.mlp_hidden, D, dsum, joint, parameters + layer.mlp2_weight, T(0),
                          dsum + layer.mlp_column, joint);
  }
  if (layer.fm) {
    const std::size_t size = layer.attention_size(), m = pass.shape.columns, d = pass.shape.dim;
    const T* g = pass.rows(slots.g);
    T* dg = pass.scratch(pass.gradient_slots.g);
    linear_weight_gradient(exec, R, size, D, dsum, joint, g, size, pass.beta, gradient + layer.fm_out);
    linear_input_gradient(exec, R, size, D, dsum, joint, parameters + layer.fm_out, T(0), dg, size);
    keep_output(exec, pass, slots.g, dg);
    if (layer.per_sample_attention) {
      T* dy = pass.scratch(pass.gradient_slots.y);
      kernels::fm_attention_backward(exec, layer.form, R, m, d, layer.k, x, D, pass.rows(slots.y), size, dg, size, dx,
                                     D, dy, size);
      keep_output(exec, pass, slots.y, dy);
      kernels::column_sum(exec, R, size, dy, size, pass.beta, gradient + layer.attn2_bias);
      linear_weight_gradient(exec, R, layer.attention_hidden, size, dy, size, kept + layer.attention_column, joint,
                             pass.beta, gradient + layer.attn2_weight);
      linear_input_gradient(exec, R, layer.attention_hidden, size, dy, size, parameters + layer.attn2_weight, T(0),
                            dsum + layer.attention_column, joint);
    } else {
      T* dy = gradient + layer.attention_matrix;
      if (pass.beta == T(0)) kernels::fill(exec, size, T(0), dy);
      kernels::fm_attention_backward(exec, layer.form, R, m, d, layer.k, x, D, parameters + layer.attention_matrix, 0,
                                     dg, size, dx, D, dy, 0);
    }
  }
  kernels::relu_backward(exec, R, layer.hidden(), kept + layer.mlp_column, joint, dsum + layer.mlp_column, joint,
                         pass.beta, gradient + layer.hidden_bias);
  linear_weight_gradient(exec, R, D, joint, dsum, joint, x, D, pass.beta, gradient + layer.joint_weight);
  linear_input_gradient(exec, R, D, joint, dsum, joint, parameters + layer.joint_weight, T(1), dx, D);
}

/// Backward pass of the bottom MLP, from the last column of dL/dx_0.
template <class T, class Exec>
void backward_bottom(const Exec& exec, const BackwardPass<T>& pass) {
  const DhenShape& shape = pass.shape;
  const std::size_t R = pass.rows.count, hidden = shape.bottom_hidden;
  const T* dcolumn = pass.input_gradient + shape.fields * shape.dim;
  const T* kept = pass.rows(pass.slots.bottom);
  T* dhidden = pass.scratch(pass.gradient_slots.bottom);
  kernels::column_sum(exec, R, shape.dim, dcolumn, shape.width, pass.beta, pass.gradient + shape.bottom2_bias);
  linear_weight_gradient(exec, R, hidden, shape.dim, dcolumn, shape.width, kept, hidden, pass.beta,
                         pass.gradient + shape.bottom2_weight);
  linear_input_gradient(exec, R, hidden, shape.dim, dcolumn, shape.width, pass.parameters + shape.bottom2_weight, T(0),
                        dhidden, hidden);
  kernels::relu_backward(exec, R, hidden, kept, hidden, dhidden, hidden, pass.beta, pass.gradient + shape.bottom1_bias);
  linear_weight_gradient(exec, R, shape.dense, hidden, dhidden, hidden, pass.rows(pass.slots.dense), shape.dense,
                         pass.beta, pass.gradient + shape.bottom1_weight);
}

/// Backward pass of heads and top MLP; `dx` (R, D) receives dL/dx_L. False when the pass ends inside.
template <class T, class Exec>
bool backward_top(const Exec& exec, const BackwardPass<T>& pass, T* dx) {
  const DhenShape& shape = pass.shape;
  const std::size_t R = pass.rows.count;
  T* dh = shape.top.empty() ? dx : pass.scratch(pass.gradient_slots.top[0]);
  T* spare = pass.scratch(pass.gradient_slots.top[1]);
  // What x_L's gradient needs, and no more, where the pass stops there.
  const bool weights = pass.extent != BackwardExtent::representation;
  if (weights)
    kernels::task_head_gradient(exec, R, shape.tasks, shape.head_width, pass.heads, pass.residual,
                                pass.rows(pass.slots.head_input()), pass.beta, pass.gradient + shape.head_weight,
                                pass.gradient + shape.head_bias);
  kernels::task_head_backward(exec, R, shape.tasks, shape.head_width, pass.kernel_trunk, pass.residual,
                              pass.parameters + shape.head_weight, dh);
  keep_output(exec, pass, pass.slots.head_input(), dh);
  for (std::size_t i = shape.top.size(); i-- > 0;) {
    const TopShape& top = shape.top[i];
    const Slot input = i == 0 ? pass.slots.layers.back().out : pass.slots.top[i - 1];
    kernels::relu_backward(exec, R, top.out, pass.rows(pass.slots.top[i]), top.out, dh, top.out, pass.beta,
                           pass.gradient + top.bias);
    if (weights)
      linear_weight_gradient(exec, R, top.in, top.out, dh, top.out, pass.rows(input), top.in, pass.beta,
                             pass.gradient + top.weight);
    if (pass.extent == BackwardExtent::last_shared_layer) return false;
    T* below = i == 0 ? dx : spare;
    linear_input_gradient(exec, R, top.in, top.out, dh, top.out, pass.parameters + top.weight, T(0), below, top.in);
    spare = std::exchange(dh, below);
  }
  return weights;
}

/// Gradients of sum_t trunk[t] L_t (shared parameters) and heads[t] L_t (task heads) over the rows of a chunk.
template <class T, class Exec>
void backward_rows(const Exec& exec, const BackwardPass<T>& pass) {
  const std::size_t layers = pass.shape.layers.size();
  T* dx = pass.extent == BackwardExtent::representation ? pass.input_gradient
                                                        : pass.scratch(pass.gradient_slots.x[layers % 2]);
  if (!pass.shape.levels.empty()) {
    backward_experts(exec, pass, dx);
    if (pass.extent != BackwardExtent::embeddings) return;
  } else if (!backward_top(exec, pass, dx)) {
    return;
  }
  for (std::size_t l = layers; l-- > 0;) {
    T* below = l == 0 ? pass.input_gradient : pass.scratch(pass.gradient_slots.x[l % 2]);
    backward_layer(exec, pass, l, dx, below);
    dx = below;
  }
  if (pass.shape.dense > 0) backward_bottom(exec, pass);
}

}  // namespace c2al

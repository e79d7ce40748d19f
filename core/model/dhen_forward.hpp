#pragma once
#include "core/kernels/activation.hpp"
#include "core/kernels/fm_attention.hpp"
#include "core/kernels/gemm.hpp"
#include "core/kernels/layer_norm.hpp"
#include "core/kernels/task_head.hpp"
#include "core/model/activations.hpp"
#include "core/model/dhen_shape.hpp"
#include "core/model/expert_forward.hpp"

namespace c2al {

/// y (R, out) = x (R, in) weight^T + beta y; weight (out, in); rows of x and y ldx and ldy apart.
template <class T, class Exec>
void linear(const Exec& exec, std::size_t R, std::size_t in, std::size_t out, const T* x, std::size_t ldx,
            const T* weight, T beta, T* y, std::size_t ldy) {
  kernels::gemm(exec, kernels::Op::none, kernels::Op::transpose, R, out, in, T(1), x, ldx, weight, in, beta, y, ldy);
}

/// The bottom MLP: its output is the last column of X, behind the embeddings in the rows of x_0.
template <class T, class Exec>
void forward_bottom(const Exec& exec, const DhenShape& shape, const ActivationSlots& slots, const T* parameters,
                    const SlotRows<T>& rows) {
  const std::size_t R = rows.count;
  T* hidden = rows(slots.bottom);
  T* column = rows(slots.input) + shape.fields * shape.dim;
  linear(exec, R, shape.dense, shape.bottom_hidden, rows(slots.dense), shape.dense, parameters + shape.bottom1_weight,
         T(0), hidden, shape.bottom_hidden);
  kernels::add_bias_relu(exec, R, shape.bottom_hidden, parameters + shape.bottom1_bias, hidden, shape.bottom_hidden);
  linear(exec, R, shape.bottom_hidden, shape.dim, hidden, shape.bottom_hidden, parameters + shape.bottom2_weight, T(0),
         column, shape.width);
  kernels::add_bias(exec, R, shape.dim, parameters + shape.bottom2_bias, column, shape.width);
}

/// What LayerNorm's pass adds for the cross module of layer l.
template <class T>
kernels::CrossTerm<T> cross_term(const DhenLayerShape& layer, const ActivationSlots::Layer& slots, const T* parameters,
                                 const SlotRows<T>& rows) {
  if (!layer.cross) return {};
  return {rows(slots.cross), parameters + layer.cross_u_bias};
}

/// DHEN layer l: x_{l+1} = LayerNorm(S x + FM + cross + MLP).
template <class T, class Exec>
void forward_layer(const Exec& exec, const DhenShape& shape, const ActivationSlots& all_slots, std::size_t l,
                   const T* parameters, const SlotRows<T>& rows) {
  const DhenLayerShape& layer = shape.layers[l];
  const ActivationSlots::Layer& slots = all_slots.layers[l];
  const std::size_t R = rows.count, D = shape.width, joint = layer.joint;
  const T* x = rows(all_slots.layer_input(l));
  T* sum = rows(slots.joint);
  linear(exec, R, D, joint, x, D, parameters + layer.joint_weight, T(0), sum, joint);
  kernels::add_bias_relu(exec, R, layer.hidden(), parameters + layer.hidden_bias, sum + layer.mlp_column, joint);
  if (layer.fm) {
    const std::size_t size = layer.attention_size();
    const T* y = parameters + layer.attention_matrix;
    if (layer.per_sample_attention) {
      T* attention = rows(slots.y);
      linear(exec, R, layer.attention_hidden, size, sum + layer.attention_column, joint,
             parameters + layer.attn2_weight, T(0), attention, size);
      kernels::add_bias(exec, R, size, parameters + layer.attn2_bias, attention, size);
      y = attention;
    }
    kernels::fm_attention_forward(exec, layer.form, R, shape.columns, shape.dim, layer.k, x, D, y,
                                  layer.per_sample_attention ? size : 0, rows(slots.g), size);
    linear(exec, R, size, D, rows(slots.g), size, parameters + layer.fm_out, T(1), sum, joint);
  }
  if (layer.mlp)
    linear(exec, R, layer.mlp_hidden, D, sum + layer.mlp_column, joint, parameters + layer.mlp2_weight, T(1), sum,
           joint);
  if (layer.cross)
    linear(exec, R, layer.rank, D, sum + layer.rank_column, joint, parameters + layer.cross_u_weight, T(0),
           rows(slots.cross), D);
  kernels::add_cross_layer_norm(exec, R, D, sum, joint, layer.mlp ? parameters + layer.mlp2_bias : nullptr, x,
                                cross_term(layer, slots, parameters, rows), parameters + layer.norm_weight,
                                parameters + layer.norm_bias, rows(slots.rstd), rows(slots.out));
}

/// From the dense features and embeddings of some rows to their logits; `rows` receives everything in between.
template <class T, class Exec>
void forward_rows(const Exec& exec, const DhenShape& shape, const ActivationSlots& slots, const T* parameters,
                  const SlotRows<T>& rows) {
  const std::size_t R = rows.count;
  if (shape.dense > 0) forward_bottom(exec, shape, slots, parameters, rows);
  for (std::size_t l = 0; l < shape.layers.size(); ++l) forward_layer(exec, shape, slots, l, parameters, rows);
  if (!shape.levels.empty()) return forward_experts(exec, shape, slots, parameters, rows);
  const T* x = rows(slots.layers.back().out);
  for (std::size_t i = 0; i < shape.top.size(); ++i) {
    const TopShape& top = shape.top[i];
    T* out = rows(slots.top[i]);
    linear(exec, R, top.in, top.out, x, top.in, parameters + top.weight, T(0), out, top.out);
    kernels::add_bias_relu(exec, R, top.out, parameters + top.bias, out, top.out);
    x = out;
  }
  kernels::task_head_forward(exec, R, shape.tasks, shape.head_width, x, parameters + shape.head_weight,
                             parameters + shape.head_bias, rows(slots.logits));
}

}  // namespace c2al

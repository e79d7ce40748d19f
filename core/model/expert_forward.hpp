#pragma once
#include "core/kernels/activation.hpp"
#include "core/kernels/expert_mixture.hpp"
#include "core/kernels/flat.hpp"
#include "core/kernels/gemm.hpp"
#include "core/model/activations.hpp"
#include "core/model/dhen_shape.hpp"

namespace c2al {

/// Stream `index` of the level below level l; below the first there is x_L alone.
inline Slot expert_input(const ActivationSlots& slots, std::size_t l, std::size_t index) {
  return l == 0 ? slots.layers.back().out : slots.levels[l - 1].streams[index];
}

/// Level l of the experts: hidden and output of each, its gates and what they make of them.
template <class T, class Exec>
void forward_expert_level(const Exec& exec, const DhenShape& shape, const ActivationSlots& slots, std::size_t l,
                          const T* parameters, const SlotRows<T>& rows) {
  using kernels::Op;
  const ExpertLevel& level = shape.levels[l];
  const ActivationSlots::Level& kept = slots.levels[l];
  const std::size_t R = rows.count, H = level.hidden, W = level.width;
  const std::size_t ldh = level.experts * H, ldz = level.experts * W;
  T *hidden = rows(kept.hidden), *z = rows(kept.experts);
  for (const ExpertGroup& group : level.groups) {
    const std::size_t n = group.count;
    T *group_hidden = hidden + group.first * H, *group_z = z + group.first * W;
    kernels::gemm(exec, Op::none, Op::transpose, R, n * H, level.in, T(1),
                  static_cast<const T*>(rows(expert_input(slots, l, group.input))), level.in, parameters + group.w1,
                  level.in, T(0), group_hidden, ldh);
    kernels::add_bias_relu(exec, R, n * H, parameters + group.b1, group_hidden, ldh);
    for (std::size_t e = 0; e < n; ++e)
      kernels::gemm(exec, Op::none, Op::none, R, W, H, T(1), static_cast<const T*>(group_hidden) + e * H, ldh,
                    parameters + group.w2 + e * H * W, W, T(0), group_z + e * W, ldz);
    kernels::add_bias_relu(exec, R, n * W, parameters + group.b2, group_z, ldz);
  }
  for (std::size_t g = 0; g < level.gates.size(); ++g) {
    const ExpertGate& gate = level.gates[g];
    const std::size_t n = gate.experts.size();
    T* p = rows(kept.gates[g]);
    if (gate.learned) {
      kernels::gemm(exec, Op::none, Op::transpose, R, n, level.in, T(1),
                    static_cast<const T*>(rows(expert_input(slots, l, gate.input))), level.in, parameters + gate.weight,
                    level.in, T(0), p, n);
      kernels::add_bias(exec, R, n, parameters + gate.bias, p, n);
      kernels::softmax_rows(exec, R, n, p);
    } else {
      kernels::fill(exec, R, T(1), p);
    }
    for (std::size_t i = 0; i < n; ++i)
      kernels::add_expert(exec, R, level.experts, W, gate.experts[i], static_cast<const T*>(z), n, i,
                          static_cast<const T*>(p), i == 0 ? T(0) : T(1), rows(kept.streams[g]));
  }
}

/// From x_L through all levels of experts to the logits, each task reading the stream of its own gate.
template <class T, class Exec>
void forward_experts(const Exec& exec, const DhenShape& shape, const ActivationSlots& slots, const T* parameters,
                     const SlotRows<T>& rows) {
  for (std::size_t l = 0; l < shape.levels.size(); ++l) forward_expert_level(exec, shape, slots, l, parameters, rows);
  for (std::size_t t = 0; t < shape.tasks; ++t)
    kernels::own_head_forward(
        exec, rows.count, shape.tasks, t, shape.head_width, static_cast<const T*>(rows(slots.levels.back().streams[t])),
        parameters + shape.head_weight + t * shape.head_width, parameters + shape.head_bias + t, rows(slots.logits));
}

}  // namespace c2al

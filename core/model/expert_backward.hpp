#pragma once
#include "core/kernels/flat.hpp"
#include "core/model/backward_pass.hpp"
#include "core/model/expert_forward.hpp"

namespace c2al {

// What a task owns sees the gradient of that task's unweighted loss, so that trunk and head coefficients may differ:
// the trunk's enters where the gradient leaves for something shared, and the head's multiplies the own parameters'
// gradient once, after the pass (scale_own_gradients).

/// Factor on a gradient that goes from something `from` owns to something `to` owns.
template <class T>
T crossing(const BackwardPass<T>& pass, Owner from, Owner to) {
  return from && !to ? pass.trunk[*from] : T(1);
}

/// False for what belongs to a task that this pass leaves out.
template <class T>
bool takes_part(const BackwardPass<T>& pass, Owner owner) {
  return !owner || pass.trunk[*owner] != T(0) || pass.heads[*owner] != T(0);
}

/// Owner of a stream of the level below level l; x_L has none.
inline Owner stream_owner(const DhenShape& shape, std::size_t l, std::size_t index) {
  return l == 0 ? Owner() : shape.levels[l - 1].gates[index].owner;
}

/// Where the gradient of that stream is collected.
template <class T>
T* stream_gradient(const BackwardPass<T>& pass, std::size_t l, std::size_t index, T* dx) {
  return l == 0 ? dx : pass.scratch(pass.gradient_slots.levels[l - 1][index]);
}

/// Gradient of a gate of level l and of the experts it sees, given that of its stream. dz (R, experts, width) is added
/// to.
template <class T, class Exec>
void backward_gate(const Exec& exec, const BackwardPass<T>& pass, std::size_t l, std::size_t g, T* dz, T* dx) {
  using kernels::Op;
  const ExpertLevel& level = pass.shape.levels[l];
  const ExpertGate& gate = level.gates[g];
  const ActivationSlots::Level& kept = pass.slots.levels[l];
  const std::size_t R = pass.rows.count, n = gate.experts.size();
  const T *p = pass.rows(kept.gates[g]), *z = pass.rows(kept.experts);
  const T* dstream = pass.scratch(pass.gradient_slots.levels[l][g]);
  T* dp = pass.scratch(pass.gradient_slots.gate);
  for (std::size_t i = 0; i < n; ++i) {
    const T factor = crossing(pass, gate.owner, level.group_of(gate.experts[i]).owner);
    kernels::add_expert_backward(exec, R, level.experts, level.width, gate.experts[i], z, n, i, p, factor, dstream, dz,
                                 dp);
  }
  if (!gate.learned) return;
  kernels::softmax_rows_backward(exec, R, n, p, dp);
  if (pass.extent != BackwardExtent::representation) {
    const T* x = pass.rows(expert_input(pass.slots, l, gate.input));
    kernels::column_sum(exec, R, n, static_cast<const T*>(dp), n, pass.beta, pass.gradient + gate.bias);
    kernels::gemm(exec, Op::transpose, Op::none, n, level.in, R, T(1), static_cast<const T*>(dp), n, x, level.in,
                  pass.beta, pass.gradient + gate.weight, level.in);
  }
  const T factor = crossing(pass, gate.owner, stream_owner(pass.shape, l, gate.input));
  if (factor != T(0))
    kernels::gemm(exec, Op::none, Op::none, R, level.in, n, factor, static_cast<const T*>(dp), n,
                  pass.parameters + gate.weight, level.in, T(1), stream_gradient(pass, l, gate.input, dx), level.in);
}

/// Gradient of a group of experts of level l, given that of their outputs in dz.
template <class T, class Exec>
void backward_group(const Exec& exec, const BackwardPass<T>& pass, std::size_t l, const ExpertGroup& group, T* dz,
                    T* dx) {
  using kernels::Op;
  const ExpertLevel& level = pass.shape.levels[l];
  const ActivationSlots::Level& kept = pass.slots.levels[l];
  const std::size_t R = pass.rows.count, n = group.count, H = level.hidden, W = level.width;
  const std::size_t ldh = level.experts * H, ldz = level.experts * W;
  const bool weights = pass.extent != BackwardExtent::representation;
  const T *hidden = pass.rows(kept.hidden) + group.first * H, *z = pass.rows(kept.experts) + group.first * W;
  T* dhidden = pass.scratch(pass.gradient_slots.expert_hidden) + group.first * H;
  dz += group.first * W;
  // Where no weight is wanted the biases' sums go to the same places, which nobody reads.
  kernels::relu_backward(exec, R, n * W, z, ldz, dz, ldz, pass.beta, pass.gradient + group.b2);
  for (std::size_t e = 0; e < n; ++e) {
    const std::size_t w2 = group.w2 + e * H * W;
    if (weights)
      kernels::gemm(exec, Op::transpose, Op::none, H, W, R, T(1), hidden + e * H, ldh,
                    static_cast<const T*>(dz) + e * W, ldz, pass.beta, pass.gradient + w2, W);
    kernels::gemm(exec, Op::none, Op::transpose, R, H, W, T(1), static_cast<const T*>(dz) + e * W, ldz,
                  pass.parameters + w2, W, T(0), dhidden + e * H, ldh);
  }
  kernels::relu_backward(exec, R, n * H, hidden, ldh, dhidden, ldh, pass.beta, pass.gradient + group.b1);
  if (weights)
    kernels::gemm(exec, Op::transpose, Op::none, n * H, level.in, R, T(1), static_cast<const T*>(dhidden), ldh,
                  static_cast<const T*>(pass.rows(expert_input(pass.slots, l, group.input))), level.in, pass.beta,
                  pass.gradient + group.w1, level.in);
  const T factor = crossing(pass, group.owner, stream_owner(pass.shape, l, group.input));
  if (factor != T(0))
    kernels::gemm(exec, Op::none, Op::none, R, level.in, n * H, factor, static_cast<const T*>(dhidden), ldh,
                  pass.parameters + group.w1, level.in, T(1), stream_gradient(pass, l, group.input, dx), level.in);
}

/// Backward pass from the logits through all levels of experts; dx (R, D) receives dL/dx_L.
template <class T, class Exec>
void backward_experts(const Exec& exec, const BackwardPass<T>& pass, T* dx) {
  const DhenShape& shape = pass.shape;
  const std::size_t R = pass.rows.count, H = shape.head_width, D = shape.width;
  if (pass.beta == T(0))
    for (const ParameterSpan& span : shape.layout.spans)
      if (span.offset >= shape.shared && !takes_part(pass, span.tasks.front()))
        kernels::fill(exec, span.size, T(0), pass.gradient + span.offset);
  kernels::fill(exec, R * D, T(0), dx);
  for (std::size_t l = 0; l < shape.levels.size(); ++l)
    for (const Slot slot : pass.gradient_slots.levels[l]) kernels::fill(exec, R * slot.width, T(0), pass.scratch(slot));

  for (std::size_t t = 0; t < shape.tasks; ++t) {
    if (!takes_part(pass, t)) continue;
    const T* h = pass.rows(pass.slots.levels.back().streams[t]);
    const std::size_t tasks = shape.tasks;
    const T* residual = pass.residual;
    kernels::column_sum_of(
        exec, R, H, pass.beta, pass.gradient + shape.head_weight + t * H,
        KOKKOS_LAMBDA(const std::size_t b, const std::size_t j) { return residual[b * tasks + t] * h[b * H + j]; });
    kernels::column_sum_of(
        exec, R, 1, pass.beta, pass.gradient + shape.head_bias + t,
        KOKKOS_LAMBDA(const std::size_t b, const std::size_t) { return residual[b * tasks + t]; });
    const Owner stream = shape.levels.back().gates[t].owner;
    kernels::own_head_backward(exec, R, tasks, t, H, crossing(pass, Owner(t), stream), residual,
                               pass.parameters + shape.head_weight + t * H,
                               pass.scratch(pass.gradient_slots.levels.back()[t]));
  }
  T* dz = pass.scratch(pass.gradient_slots.experts);
  for (std::size_t l = shape.levels.size(); l-- > 0;) {
    const ExpertLevel& level = shape.levels[l];
    kernels::fill(exec, R * level.experts * level.width, T(0), dz);
    for (std::size_t g = 0; g < level.gates.size(); ++g)
      if (takes_part(pass, level.gates[g].owner)) backward_gate(exec, pass, l, g, dz, dx);
    for (const ExpertGroup& group : level.groups)
      if (takes_part(pass, group.owner)) backward_group(exec, pass, l, group, dz, dx);
  }
}

/// Multiplies the gradients of the tasks' own parameters by the head coefficients.
template <class T, class Exec>
void scale_own_gradients(const Exec& exec, const DhenShape& shape, const T* heads, T* gradient) {
  for (const ParameterSpan& span : shape.layout.spans)
    if (span.offset >= shape.shared) kernels::scale(exec, span.size, heads[span.tasks.front()], gradient + span.offset);
}

}  // namespace c2al

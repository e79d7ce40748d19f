#pragma once
// Observation of activations and their gradients; included where DhenModel is instantiated.
#include <fmt/format.h>

#include <stdexcept>

#include "core/model/dhen_model.hpp"

namespace c2al {

/// Columns first .. first+n-1 of a tensor with rows of `width` numbers, as an observed tensor of shape (rows, n) or
/// (rows, shape...).
template <class T>
ObservedTensor observed(const T* from, std::size_t rows, std::size_t width, std::size_t first, std::size_t n,
                        std::vector<std::size_t> shape = {}) {
  ObservedTensor tensor;
  tensor.shape = shape.empty() ? std::vector<std::size_t>{n} : std::move(shape);
  tensor.shape.insert(tensor.shape.begin(), rows);
  tensor.values.reserve(rows * n);
  for (std::size_t b = 0; b < rows; ++b)
    tensor.values.insert(tensor.values.end(), from + b * width + first, from + b * width + first + n);
  return tensor;
}

/// What the cross module gives: out = x * (U V x + bias) + x; x, out (R, D).
template <class T, class Exec>
void cross_module(const Exec& exec, std::size_t R, std::size_t D, const T* x, kernels::CrossTerm<T> cross, T* out) {
  kernels::for_each(
      exec, R * D,
      KOKKOS_LAMBDA(const std::size_t i) { out[i] = x[i] * (cross.product[i] + cross.bias[i % D]) + x[i]; });
}

template <class T, class Exec>
void DhenModel<T, Exec>::observe_layer(std::size_t l, const SlotRows<T>& rows, const SlotRows<const T>& seen_rows,
                                       Observations& seen) const {
  const DhenLayerShape& layer = shape_.layers[l];
  const ActivationSlots::Layer& slots = slots_.layers[l];
  const std::size_t R = rows.count, D = shape_.width, joint = layer.joint;
  const T *kept = rows(slots.joint), *parameters = parameters_.data(), *x = rows(slots_.layer_input(l));
  const T* seen_kept = seen_rows(slots.joint);
  const ChunkExec& exec = chunk_exec_;
  const auto keep = [&](const char* name, ObservedTensor tensor) {
    seen[fmt::format("layer{}/{}", l, name)] = std::move(tensor);
  };
  keep("X", observed(seen_rows(slots_.layer_input(l)), R, D, 0, D, {shape_.columns, shape_.dim}));
  keep("out", observed(seen_rows(slots.out), R, D, 0, D));
  // The forward pass adds the modules up in place, so each output is computed once more.
  Memory<T> observed_output{"observed module"};
  observed_output.grow(R * D);
  T* output = observed_output.data();
  const auto keep_output = [&](const char* name) {
    keep(name, observed(HostCopy<T>(output, R * D).data(), R, D, 0, D));
  };
  if (layer.fm) {
    const std::size_t size = layer.attention_size();
    if (layer.per_sample_attention) {
      keep("attn1", observed(seen_kept, R, joint, layer.attention_column, layer.attention_hidden));
      keep("Y", observed(seen_rows(slots.y), R, size, 0, size, {layer.attention_rows, layer.k}));
    } else {
      const HostCopy<T> y(parameters + layer.attention_matrix, size);
      keep("Y", {{layer.attention_rows, layer.k}, {y.begin(), y.end()}});
    }
    keep("G", observed(seen_rows(slots.g), R, size, 0, size, {layer.attention_rows, layer.k}));
    linear(exec, R, size, D, static_cast<const T*>(rows(slots.g)), size, parameters + layer.fm_out, T(0), output, D);
    keep_output("fm");
  }
  if (layer.cross) {
    cross_module(exec, R, D, x, cross_term(layer, slots, parameters, rows), output);
    keep_output("cross");
  }
  if (layer.mlp) {
    keep("mlp1", observed(seen_kept, R, joint, layer.mlp_column, layer.mlp_hidden));
    linear(exec, R, layer.mlp_hidden, D, kept + layer.mlp_column, joint, parameters + layer.mlp2_weight, T(0), output,
           D);
    kernels::add_bias(exec, R, D, parameters + layer.mlp2_bias, output, D);
    keep_output("mlp");
  }
}

template <class T, class Exec>
void DhenModel<T, Exec>::observe_experts(std::size_t l, const SlotRows<const T>& rows, Observations& seen) const {
  const ExpertLevel& level = shape_.levels[l];
  const ActivationSlots::Level& slots = slots_.levels[l];
  const std::size_t B = rows.count, E = level.experts, W = level.width;
  seen[fmt::format("level{}/experts", l)] = observed(rows(slots.experts), B, E * W, 0, E * W, {E, W});
  ObservedTensor gates{{B, level.gates.size(), E}, std::vector<double>(B * level.gates.size() * E, 0.0)};
  for (std::size_t b = 0; b < B; ++b)
    for (std::size_t g = 0; g < level.gates.size(); ++g) {
      const auto& experts = level.gates[g].experts;
      for (std::size_t i = 0; i < experts.size(); ++i)
        gates.values[(b * level.gates.size() + g) * E + experts[i]] = rows(slots.gates[g])[b * experts.size() + i];
    }
  seen[fmt::format("level{}/gates", l)] = std::move(gates);
  if (l + 1 < shape_.levels.size()) return;
  ObservedTensor& h = seen["h_task"];
  h.shape = {B, shape_.tasks, W};
  for (std::size_t b = 0; b < B; ++b)
    for (std::size_t t = 0; t < shape_.tasks; ++t) {
      const T* from = rows(slots.streams[t]) + b * W;
      h.values.insert(h.values.end(), from, from + W);
    }
}

template <class T, class Exec>
Observations DhenModel<T, Exec>::observe(const BatchView& batch) {
  check_batch(batch);
  const std::size_t B = batch.size;
  Memory<T> block{"observed activations"};
  block.grow(slots_.total * block_rows(B));
  const SlotRows<T> rows{block.data(), block_rows(B), 0, B};
  forward_into(batch, schedule_of(B), rows);
  const HostCopy<T> copy(block.data(), block.size());
  const SlotRows<const T> seen_rows{copy.data(), block_rows(B), 0, B};

  Observations seen;
  const auto whole = [&](Slot slot) { return observed(seen_rows(slot), B, slot.width, 0, slot.width); };
  if (shape_.dense > 0) seen["bottom1"] = whole(slots_.bottom);
  for (std::size_t l = 0; l < shape_.layers.size(); ++l) observe_layer(l, rows, seen_rows, seen);
  for (std::size_t i = 0; i < slots_.top.size(); ++i) seen[fmt::format("top{}", i)] = whole(slots_.top[i]);
  if (shape_.levels.empty()) seen["h"] = whole(slots_.head_input());
  for (std::size_t l = 0; l < shape_.levels.size(); ++l) observe_experts(l, seen_rows, seen);
  seen["logits"] = whole(slots_.logits);
  return seen;
}

template <class T, class Exec>
Observations DhenModel<T, Exec>::observe_output_gradients() {
  if (!has_gradient_) throw std::logic_error("no backward pass to observe since the last change");
  // A training step does not keep these gradients, so the pass is run once more.
  Memory<T> block{"observed gradients"}, gradient{"gradient of the repeated pass"};
  block.grow(slots_.total * block_rows(samples_));
  gradient.grow(shape_.layout.size);
  const SlotRows<T> rows{block.data(), block_rows(samples_), 0, samples_};
  run_backward(BackwardExtent::embeddings, gradient.data(), input_gradient_.data(), &rows);
  const HostCopy<T> copy(block.data(), block.size());
  const SlotRows<const T> seen_rows{copy.data(), block_rows(samples_), 0, samples_};

  Observations seen;
  for (std::size_t l = 0; l < shape_.layers.size(); ++l) {
    const DhenLayerShape& layer = shape_.layers[l];
    if (!layer.fm) continue;
    const std::size_t size = layer.attention_size();
    const std::vector<std::size_t> matrix{layer.attention_rows, layer.k};
    seen[fmt::format("layer{}/G", l)] = observed(seen_rows(slots_.layers[l].g), samples_, size, 0, size, matrix);
    if (layer.per_sample_attention) {
      seen[fmt::format("layer{}/Y", l)] = observed(seen_rows(slots_.layers[l].y), samples_, size, 0, size, matrix);
    } else {
      const HostCopy<T> dy(gradient_.data() + layer.attention_matrix, size);
      seen[fmt::format("layer{}/Y", l)] = {matrix, {dy.begin(), dy.end()}};
    }
  }
  if (shape_.levels.empty())
    seen["h"] = observed(seen_rows(slots_.head_input()), samples_, shape_.head_width, 0, shape_.head_width);
  ObservedTensor& logits = seen["logits"];
  logits.shape = {samples_, shape_.tasks};
  const HostCopy<T> residual(residual_.data(), samples_ * shape_.tasks);
  for (std::size_t i = 0; i < residual.size(); ++i) logits.values.push_back(trunk_[i % shape_.tasks] * residual[i]);
  return seen;
}

}  // namespace c2al

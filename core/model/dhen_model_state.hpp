#pragma once
// Parameters by name, initial values and checkpoints of DhenModel; included where it is instantiated.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/data/random_stream.hpp"
#include "core/error.hpp"
#include "core/kernels/flat.hpp"
#include "core/kernels/host_copy.hpp"
#include "core/kernels/lane_sum.hpp"
#include "core/model/dhen_model.hpp"
#include "core/training/state.hpp"

namespace c2al {

inline constexpr const char* embedding_name = "embedding";

/// Numbers that pass between host and device at a time where all at once could be too many.
inline constexpr std::size_t copied_piece = std::size_t{1} << 18;

/// p[i] = value(i), asked for in order on the host, for p in the space's memory.
template <class T, class Exec, class F>
void fill_from_host(const Exec& exec, std::size_t n, T* p, const F& value) {
  if constexpr (kernels::runs_on_host<Exec>) {
    for (std::size_t i = 0; i < n; ++i) p[i] = value(i);
  } else {
    std::vector<T> piece(std::min(n, copied_piece));
    for (std::size_t begin = 0; begin < n; begin += copied_piece) {
      const std::size_t size = std::min(n - begin, copied_piece);
      for (std::size_t i = 0; i < size; ++i) piece[i] = value(begin + i);
      kernels::copy_from_host(exec, size, static_cast<const T*>(piece.data()), p + begin);
    }
  }
}

/// Fills p[0 .. n-1], in the space's memory, with draws uniform in +-1/sqrt(fan_in) from the stream of a parameter's
/// name. Values are rounded to float, so that models of both precisions start alike.
template <class T, class Exec>
void draw_uniform(const Exec& exec, std::uint64_t seed, std::uint64_t variant, const std::string& name,
                  std::size_t fan_in, std::size_t n, T* p) {
  constexpr std::uint64_t variant_stride = 0x9e3779b97f4a7c15ull;
  RandomStream stream(seed, StreamPurpose::initialisation, name_hash(name.c_str()) + variant * variant_stride);
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
  fill_from_host(exec, n, p,
                 [&](std::size_t) { return static_cast<T>(static_cast<float>((2 * stream.uniform() - 1) * bound)); });
}

template <class T, class Exec>
void DhenModel<T, Exec>::initialise(std::uint64_t seed, std::uint64_t variant) {
  for (const Parameter& parameter : shape_.layout.parameters) {
    T* p = parameters_.data() + parameter.offset;
    if (parameter.fan_in == 0)
      kernels::fill(chunk_exec_, parameter.size, static_cast<T>(parameter.constant), p);
    else
      draw_uniform(exec_, seed, variant, parameter.name, parameter.fan_in, parameter.size, p);
  }
  draw_uniform(exec_, seed, variant, embedding_name, shape_.dim, table_size(), table_.data());
  optimizer_.reset();
  for (Memory<T>* memory : {&first_moment_, &second_moment_, &table_first_moment_, &table_second_moment_})
    memory->release();
  forget_gradients();
}

template <class T, class Exec>
std::vector<double> DhenModel<T, Exec>::parameter(const std::string& name) const {
  HostCopy<T> values;
  if (name == embedding_name) {
    values.assign(table_.data(), table_size());
  } else {
    const Parameter& parameter = shape_.layout.find(name);
    values.assign(parameters_.data() + parameter.offset, parameter.size);
  }
  return {values.begin(), values.end()};
}

template <class T, class Exec>
void DhenModel<T, Exec>::set_parameter(const std::string& name, std::span<const double> values) {
  T* p = table_.data();
  std::size_t size = table_size();
  if (name != embedding_name) {
    const Parameter& parameter = shape_.layout.find(name);
    p = parameters_.data() + parameter.offset;
    size = parameter.size;
  }
  if (values.size() != size)
    throw RunError(fmt::format("parameter '{}' has {} values: got {}", name, size, values.size()));
  fill_from_host(exec_, size, p, [&](std::size_t i) { return static_cast<T>(values[i]); });
  forget_gradients();
}

template <class T, class Exec>
std::vector<double> DhenModel<T, Exec>::gradient(const std::string& name) const {
  if (!has_gradient_) throw std::logic_error("no gradient: backward or combine has not run since the last change");
  if (name != embedding_name) {
    const Parameter& parameter = shape_.layout.find(name);
    const HostCopy<T> g(gradient_.data() + parameter.offset, parameter.size);
    return {g.begin(), g.end()};
  }
  std::vector<double> whole(table_size());
  const HostCopy<T> g(row_gradient_.data(), distinct_.size() * shape_.dim);
  for (std::size_t i = 0; i < distinct_.size(); ++i) {
    std::copy_n(g.data() + i * shape_.dim, shape_.dim,
                whole.begin() + static_cast<std::ptrdiff_t>(distinct_.rows()[i] * shape_.dim));
  }
  return whole;
}

/// For x in host memory: a NaN or an infinity times 0 is NaN, and stays one in a sum.
template <class T>
bool all_finite(const T* x, std::size_t n) {
  return kernels::lane_sum<T>(
             n, KOKKOS_LAMBDA(std::size_t i) { return x[i] * T(0); }) == T(0);
}

/// For x in the space's memory.
template <class T, class Exec>
bool all_finite_in_space(const T* x, std::size_t n) {
  kernels::HostCopy<T, Exec> piece;
  for (std::size_t begin = 0; begin < n; begin += copied_piece) {
    piece.assign(x + begin, std::min(n - begin, copied_piece));
    if (!all_finite(piece.data(), piece.size())) return false;
  }
  return true;
}

template <class T, class Exec>
std::string DhenModel<T, Exec>::activation_non_finite() const {
  const SlotRows<T> rows = kept_rows();
  const auto finite = [&](Slot slot) { return all_finite_in_space<T, Exec>(rows(slot), samples_ * slot.width); };
  const auto columns_finite = [&](Slot slot, std::size_t begin, std::size_t n) {
    const HostCopy<T> tensor(rows(slot), samples_ * slot.width);
    for (std::size_t b = 0; b < samples_; ++b)
      if (!all_finite(tensor.data() + b * slot.width + begin, n)) return false;
    return true;
  };
  if (!finite(slots_.dense)) return "dense features";
  if (!finite(slots_.bottom)) return "bottom1";
  for (std::size_t l = 0; l < shape_.layers.size(); ++l) {
    const DhenLayerShape& layer = shape_.layers[l];
    const ActivationSlots::Layer& slots = slots_.layers[l];
    const auto name = [l](const char* tensor) { return fmt::format("layer{}/{}", l, tensor); };
    if (!finite(slots_.layer_input(l))) return name("X");
    if (!columns_finite(slots.joint, layer.attention_column, layer.attention_hidden)) return name("attn1");
    if (!columns_finite(slots.joint, layer.mlp_column, layer.mlp_hidden)) return name("mlp1");
    if (!finite(slots.y)) return name("Y");
    if (!finite(slots.g)) return name("G");
    if (!finite(slots.cross)) return name("cross");
    if (!finite(slots.out)) return name("out");
  }
  for (std::size_t i = 0; i < slots_.top.size(); ++i)
    if (!finite(slots_.top[i])) return fmt::format("top{}", i);
  for (std::size_t l = 0; l < slots_.levels.size(); ++l) {
    const ActivationSlots::Level& level = slots_.levels[l];
    if (!finite(level.hidden) || !finite(level.experts)) return fmt::format("level{}/experts", l);
    if (!std::all_of(level.gates.begin(), level.gates.end(), finite)) return fmt::format("level{}/gates", l);
  }
  return finite(slots_.logits) ? "" : "logits";
}

template <class T, class Exec>
std::string DhenModel<T, Exec>::first_non_finite() const {
  if (samples_ > 0)
    if (std::string name = activation_non_finite(); !name.empty()) return name;
  for (const Parameter& parameter : shape_.layout.parameters)
    if (!all_finite_in_space<T, Exec>(parameters_.data() + parameter.offset, parameter.size)) return parameter.name;
  if (!all_finite_in_space<T, Exec>(table_.data(), table_size())) return embedding_name;
  if (!has_gradient_) return "";
  for (const Parameter& parameter : shape_.layout.parameters)
    if (!all_finite_in_space<T, Exec>(gradient_.data() + parameter.offset, parameter.size))
      return "gradient of " + parameter.name;
  if (!all_finite_in_space<T, Exec>(row_gradient_.data(), distinct_.size() * shape_.dim))
    return fmt::format("gradient of {}", embedding_name);
  return "";
}

template <class T, class Exec>
void DhenModel<T, Exec>::save(StateWriter& state) const {
  const auto write = [&](const char* name, const Memory<T>& memory) {
    const HostCopy<T> copy(memory.data(), memory.size());
    state.bytes(name, copy.data(), copy.size() * sizeof(T));
  };
  write("parameters", parameters_);
  write(embedding_name, table_);
  state.integer("optimizer", optimizer_ ? 1 + static_cast<std::uint64_t>(*optimizer_) : 0);
  write("first_moment", first_moment_);
  write("second_moment", second_moment_);
  write("embedding_first_moment", table_first_moment_);
  write("embedding_second_moment", table_second_moment_);
}

template <class T, class Exec>
void DhenModel<T, Exec>::load(StateReader& state) {
  const auto read = [&](const char* name, const Memory<T>& memory) {
    std::vector<T> copy(on_host ? 0 : memory.size());
    T* values = on_host ? memory.data() : copy.data();
    state.bytes(name, values, memory.size() * sizeof(T));
    if (!on_host) kernels::copy_from_host(exec_, copy.size(), static_cast<const T*>(values), memory.data());
  };
  read("parameters", parameters_);
  read(embedding_name, table_);
  optimizer_.reset();
  for (Memory<T>* memory : {&first_moment_, &second_moment_, &table_first_moment_, &table_second_moment_})
    memory->release();
  if (const std::uint64_t kind = state.integer("optimizer"); kind > 0)
    prepare_optimizer(static_cast<OptimizerKind>(kind - 1));
  read("first_moment", first_moment_);
  read("second_moment", second_moment_);
  read("embedding_first_moment", table_first_moment_);
  read("embedding_second_moment", table_second_moment_);
  forget_gradients();
  samples_ = 0;
}

}  // namespace c2al

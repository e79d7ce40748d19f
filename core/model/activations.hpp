#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/model/dhen_shape.hpp"

namespace c2al {

/// A tensor of `width` numbers a sample inside a block that holds several tensors, one after the other.
struct Slot {
  std::size_t offset = 0;  ///< sum of the widths before it
  std::size_t width = 0;
};

/// Hands out slots one after the other.
class SlotAllocator {
 public:
  Slot take(std::size_t width) {
    const Slot slot{total_, width};
    total_ += width;
    return slot;
  }
  /// Numbers a sample needs in all.
  std::size_t total() const { return total_; }

 private:
  std::size_t total_ = 0;
};

/// What a forward pass keeps of each sample.
struct ActivationSlots {
  struct Layer {
    Slot joint;  ///< joint columns: normalised sum of the modules (in place of the shortcut), V x, MLP and attention
                 ///< hidden
    Slot y, g;   ///< Y (per sample) and G
    Slot cross;  ///< U V x, without its bias
    Slot rstd;   ///< reciprocal standard deviation of LayerNorm
    Slot out;    ///< x_{l+1}
  };
  /// A level of experts.
  struct Level {
    Slot hidden, experts;       ///< of all experts, side by side
    std::vector<Slot> gates;    ///< weights of the experts that each gate sees
    std::vector<Slot> streams;  ///< what each gate makes of them
  };
  Slot dense, bottom;
  Slot input;  ///< x_0
  std::vector<Layer> layers;
  std::vector<Level> levels;
  std::vector<Slot> top;
  Slot logits;
  std::size_t total = 0;

  explicit ActivationSlots(const DhenShape& shape) {
    SlotAllocator allocate;
    dense = allocate.take(shape.dense);
    bottom = allocate.take(shape.bottom_hidden);
    input = allocate.take(shape.width);
    for (const DhenLayerShape& layer : shape.layers) {
      Layer slots;
      slots.joint = allocate.take(layer.joint);
      slots.y = allocate.take(layer.per_sample_attention ? layer.attention_size() : 0);
      slots.g = allocate.take(layer.attention_size());
      slots.cross = allocate.take(layer.cross ? shape.width : 0);
      slots.rstd = allocate.take(1);
      slots.out = allocate.take(shape.width);
      layers.push_back(slots);
    }
    for (const TopShape& layer : shape.top) top.push_back(allocate.take(layer.out));
    for (const ExpertLevel& level : shape.levels) {
      Level slots;
      slots.hidden = allocate.take(level.experts * level.hidden);
      slots.experts = allocate.take(level.experts * level.width);
      for (const ExpertGate& gate : level.gates) slots.gates.push_back(allocate.take(gate.experts.size()));
      for (std::size_t g = 0; g < level.gates.size(); ++g) slots.streams.push_back(allocate.take(level.width));
      levels.push_back(std::move(slots));
    }
    logits = allocate.take(shape.tasks);
    total = allocate.total();
  }

  /// x_l, the input of layer l; x_L, the trunk's output, for l = L.
  Slot layer_input(std::size_t l) const { return l == 0 ? input : layers[l - 1].out; }
  /// What the heads read; with experts, task 0's.
  Slot head_input() const {
    if (!levels.empty()) return levels.back().streams.front();
    return top.empty() ? layers.back().out : top.back();
  }
};

/// What a lane's backward pass needs for the samples of a chunk, reused by all layers.
struct GradientSlots {
  Slot joint;  ///< of the joint columns
  Slot y, g, cross;
  Slot x[2];    ///< of x_{l+1} and x_l, in turn
  Slot top[2];  ///< of two neighbouring top layers, in turn
  Slot bottom;
  std::vector<std::vector<Slot>> levels;  ///< of each stream that a level of experts makes
  Slot expert_hidden, experts, gate;      ///< of a level's experts and of one gate, reused by all levels
  std::size_t total = 0;

  explicit GradientSlots(const DhenShape& shape) {
    std::size_t joint_width = 0, attention = 0, top_width = shape.head_width;
    for (const DhenLayerShape& layer : shape.layers) {
      joint_width = std::max(joint_width, layer.joint);
      attention = std::max(attention, layer.attention_size());
    }
    for (const TopShape& layer : shape.top) top_width = std::max(top_width, layer.out);
    SlotAllocator allocate;
    joint = allocate.take(joint_width);
    y = allocate.take(attention);
    g = allocate.take(attention);
    cross = allocate.take(shape.width);
    for (Slot& slot : x) slot = allocate.take(shape.width);
    for (Slot& slot : top) slot = allocate.take(top_width);
    bottom = allocate.take(shape.bottom_hidden);
    std::size_t hidden_width = 0, expert_width = 0, gate_width = 0;
    for (const ExpertLevel& level : shape.levels) {
      levels.emplace_back();
      for (std::size_t g = 0; g < level.gates.size(); ++g) levels.back().push_back(allocate.take(level.width));
      hidden_width = std::max(hidden_width, level.experts * level.hidden);
      expert_width = std::max(expert_width, level.experts * level.width);
      for (const ExpertGate& g : level.gates) gate_width = std::max(gate_width, g.experts.size());
    }
    expert_hidden = allocate.take(hidden_width);
    experts = allocate.take(expert_width);
    gate = allocate.take(gate_width);
    total = allocate.total();
  }
};

/// Rows first .. first+count-1 of the tensors of a block that has room for `capacity` rows of each. A tensor's rows are
/// contiguous.
template <class T>
struct SlotRows {
  T* base = nullptr;
  std::size_t capacity = 0, first = 0, count = 0;

  T* operator()(Slot slot) const { return base + slot.offset * capacity + first * slot.width; }
  SlotRows rows(std::size_t begin, std::size_t n) const { return {base, capacity, first + begin, n}; }
};

/// Rows a block is made for: rounded up so that every tensor starts on a cache line.
inline constexpr std::size_t block_rows(std::size_t rows) { return (rows + 15) / 16 * 16; }

}  // namespace c2al

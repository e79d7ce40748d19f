#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace c2al {

/// The part of the model a parameter belongs to.
enum class ParameterGroup {
  embedding,
  bottom,
  attention,
  fm,
  cross,
  mlp,
  shortcut,
  norm,
  top,
  expert,
  gate,
  task_head
};

/// One named dense parameter inside the flat parameter buffer. Names are PyTorch's in the peer:
/// "layers.0.attn1.weight". A weight is stored [out, in], row-major.
struct Parameter {
  std::string name;
  std::vector<std::size_t> shape;
  std::size_t offset = 0;  ///< into the flat buffer
  std::size_t size = 0;
  std::size_t fan_in = 0;  ///< initial values are uniform in +-1/sqrt(fan_in); 0: constant `constant`
  double constant = 0;     ///< initial value where fan_in is 0 (LayerNorm)
  ParameterGroup group = ParameterGroup::top;
};

/// A contiguous range of the flat buffer and the tasks whose loss reaches it. The first span is shared,
/// reached by all; each other one belongs to one task.
struct ParameterSpan {
  std::size_t offset = 0, size = 0;
  std::vector<std::size_t> tasks;
};

/// All dense parameters of a model. The embedding table is kept apart (rows update lazily).
struct ParameterLayout {
  std::vector<Parameter> parameters;
  std::vector<ParameterSpan> spans;  ///< cover the buffer, in order
  std::size_t size = 0;

  /// Throws RunError naming the parameter when there is none of that name.
  const Parameter& find(const std::string& name) const;
};

}  // namespace c2al

#pragma once
#include <functional>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "core/model/parameter_layout.hpp"

namespace c2al {

/// Appends parameters to a layout; each call returns the new parameter's offset.
class LayoutBuilder {
 public:
  explicit LayoutBuilder(ParameterLayout& layout) : layout_(layout) {}

  std::size_t drawn(std::string name, std::vector<std::size_t> shape, std::size_t fan_in, ParameterGroup group) {
    return append({std::move(name), std::move(shape), 0, 0, fan_in, 0, group});
  }
  std::size_t constant(std::string name, std::size_t size, double value, ParameterGroup group) {
    return append({std::move(name), {size}, 0, 0, 0, value, group});
  }
  /// Says that only `task`'s loss reaches `size` numbers from `offset`.
  void own(std::size_t task, std::size_t offset, std::size_t size) { layout_.spans.push_back({offset, size, {task}}); }

 private:
  std::size_t append(Parameter parameter) {
    parameter.offset = layout_.size;
    parameter.size =
        std::accumulate(parameter.shape.begin(), parameter.shape.end(), std::size_t{1}, std::multiplies<>());
    layout_.size += parameter.size;
    layout_.parameters.push_back(std::move(parameter));
    return layout_.parameters.back().offset;
  }
  ParameterLayout& layout_;
};

}  // namespace c2al

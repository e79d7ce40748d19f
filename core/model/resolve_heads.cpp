#include <fmt/format.h>

#include "core/error.hpp"
#include "core/model/dhen_shape.hpp"

namespace c2al {

HeadConfig resolve_heads(const ModelConfig& model, const HeadConfig& heads, const InputShape& input) {
  HeadConfig resolved = heads;
  if (heads.kind == HeadKind::shared_bottom) return resolved;
  const std::size_t x_width = input.columns() * model.dim;
  const std::size_t tops = model.top.size();
  if (resolved.width == 0) resolved.width = tops > 0 ? model.top.back() : x_width;
  if (resolved.hidden == 0) resolved.hidden = tops > 1 ? model.top[tops - 2] : resolved.width;
  if (heads.match == ParameterMatch::none) return resolved;

  const std::vector<std::size_t> counted =
      heads.match == ParameterMatch::served ? std::vector<std::size_t>{0} : std::vector<std::size_t>{};
  resolved.match = ParameterMatch::none;
  const auto size = [&](std::size_t hidden) {
    HeadConfig candidate = resolved;
    candidate.hidden = hidden;
    return model_cost(model, candidate, input, counted).dense_parameters;
  };
  HeadConfig shared_bottom;
  shared_bottom.tasks = heads.tasks;
  const std::size_t limit = model_cost(model, shared_bottom, input, counted).dense_parameters;
  const std::size_t base = size(1);
  if (base > limit)
    throw UsageError(
        fmt::format("match_parameters: experts of one hidden unit already make {} dense parameters, more than the {} "
                    "of C2AL's model; "
                    "take fewer experts or a smaller expert_width",
                    base, limit));
  // Each hidden unit adds as many parameters as the last.
  resolved.hidden = 1 + (limit - base) / (size(2) - base);
  return resolved;
}

}  // namespace c2al

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
  if (!heads.match_parameters) return resolved;

  HeadConfig plain;
  plain.tasks = heads.tasks;
  const std::size_t limit = make_dhen_shape(model, plain, input).layout.size;
  const auto size = [&](std::size_t hidden) {
    HeadConfig candidate = resolved;
    candidate.match_parameters = false;
    candidate.hidden = hidden;
    return make_dhen_shape(model, candidate, input).layout.size;
  };
  const std::size_t base = size(1);
  if (base > limit)
    throw UsageError(fmt::format(
        "model: match_parameters: experts of one hidden unit already make {} dense parameters: shared_bottom "
        "heads make {}; take fewer experts or a smaller expert_width",
        base, limit));
  // Each hidden unit adds as many parameters as the last.
  resolved.hidden = 1 + (limit - base) / (size(2) - base);
  resolved.match_parameters = false;
  return resolved;
}

}  // namespace c2al

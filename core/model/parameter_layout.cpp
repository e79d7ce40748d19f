#include "core/model/parameter_layout.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace c2al {

const Parameter& ParameterLayout::find(const std::string& name) const {
  for (const Parameter& parameter : parameters)
    if (parameter.name == name) return parameter;
  throw RunError(fmt::format("the model has no parameter '{}'", name));
}

}  // namespace c2al

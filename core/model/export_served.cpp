#include <fmt/format.h>

#include "core/error.hpp"
#include "core/model/model.hpp"

namespace c2al {

std::unique_ptr<Model> export_served(const Model& trained, std::size_t task) {
  const std::size_t tasks = trained.heads().tasks, width = trained.head_width();
  if (trained.heads().kind != HeadKind::shared_bottom)
    throw UsageError("a model with experts or towers cannot be served as a plain model");
  if (task >= tasks)
    throw UsageError(fmt::format("task {} cannot be served: the model has {} tasks, numbered from 0", task, tasks));
  std::unique_ptr<Model> served =
      make_model(trained.config(), HeadConfig{1}, trained.input(), trained.precision(), trained.chunk());
  served->set_parameter("embedding", trained.parameter("embedding"));
  for (const Parameter& parameter : served->layout().parameters) {
    const std::vector<double> values = trained.parameter(parameter.name);
    std::span<const double> kept(values);
    if (parameter.name == "head.weight") kept = kept.subspan(task * width, width);
    if (parameter.name == "head.bias") kept = kept.subspan(task, 1);
    served->set_parameter(parameter.name, kept);
  }
  return served;
}

}  // namespace c2al

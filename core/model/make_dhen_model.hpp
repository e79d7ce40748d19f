#pragma once
#include <fmt/format.h>

#include <memory>
#include <string>

#include "core/error.hpp"
#include "core/model/dhen_model.hpp"

namespace c2al {

/// make_model on an execution space.
template <class Exec>
std::unique_ptr<Model> make_dhen_model(const ModelConfig& model, const HeadConfig& heads, const InputShape& input,
                                       const std::string& precision, const ChunkConfig& chunk) {
  if (chunk.rows == 0) throw UsageError("training: chunk.rows = 0: expected at least 1");
  if (chunk.lanes == 0) throw UsageError("training: chunk.lanes = 0: expected at least 1");
  if (precision == "float32") return std::make_unique<DhenModel<float, Exec>>(model, heads, input, chunk);
  if (precision == "float64") return std::make_unique<DhenModel<double, Exec>>(model, heads, input, chunk);
  throw UsageError(fmt::format("training: precision = \"{}\": expected float32 or float64", precision));
}

}  // namespace c2al

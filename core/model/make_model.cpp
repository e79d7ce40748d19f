#include "core/model/make_dhen_model.hpp"

namespace c2al {

std::unique_ptr<Model> make_model(const ModelConfig& model, const HeadConfig& heads, const InputShape& input,
                                  const std::string& precision, const ChunkConfig& chunk) {
  return make_dhen_model<ModelSpace>(model, heads, input, precision, chunk);
}

}  // namespace c2al

#include "tests/core/model/device/far_model.hpp"
// Behind the space that it uses.
#include "core/model/make_dhen_model.hpp"

namespace c2al {

/// In place of the library's: every test of this executable runs on the model as a device has it.
std::unique_ptr<Model> make_model(const ModelConfig& model, const HeadConfig& heads, const InputShape& input,
                                  const std::string& precision, const ChunkConfig& chunk) {
  return make_dhen_model<kernels::FarSpace>(model, heads, input, precision, chunk);
}

}  // namespace c2al

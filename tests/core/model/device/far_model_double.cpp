#include "tests/core/model/device/far_model.hpp"
// Behind the space that it uses.
#include "core/model/dhen_model_gram.hpp"
#include "core/model/dhen_model_observe.hpp"
#include "core/model/dhen_model_state.hpp"
#include "core/model/dhen_model_step.hpp"

namespace c2al {

template class DhenModel<double, kernels::FarSpace>;

}  // namespace c2al

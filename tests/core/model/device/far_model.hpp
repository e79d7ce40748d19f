#pragma once
#include "tests/core/model/device/far_space.hpp"
// Behind the space that it uses.
#include "core/model/dhen_model.hpp"

namespace c2al {

extern template class DhenModel<float, kernels::FarSpace>;
extern template class DhenModel<double, kernels::FarSpace>;

}  // namespace c2al

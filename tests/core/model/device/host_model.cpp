#include "core/model/dhen_model_gram.hpp"
#include "core/model/dhen_model_observe.hpp"
#include "core/model/dhen_model_state.hpp"
#include "core/model/dhen_model_step.hpp"

namespace c2al {

template class DhenModel<float, Kokkos::DefaultHostExecutionSpace>;
template class DhenModel<double, Kokkos::DefaultHostExecutionSpace>;

}  // namespace c2al

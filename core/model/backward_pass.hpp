#pragma once
#include "core/model/activations.hpp"
#include "core/model/dhen_shape.hpp"

namespace c2al {

/// How far down a backward pass goes.
enum class BackwardExtent {
  embeddings,         ///< everything
  representation,     ///< the top MLP or the experts, down to dL/dx_L
  last_shared_layer,  ///< the last shared layer above the trunk (DhenShape); below it only where that costs little
};

/// Everything a backward pass over the rows of a chunk reads and writes.
template <class T>
struct BackwardPass {
  const DhenShape& shape;
  const ActivationSlots& slots;
  const GradientSlots& gradient_slots;
  BackwardExtent extent;
  const T* parameters;
  const T* trunk;  ///< (tasks) coefficients of the shared parameters
  const T* heads;  ///< (tasks) coefficients of the task heads
  /// trunk where kernels can read it; all other pointers but `heads` and `trunk` are to be read by kernels too.
  const T* kernel_trunk;
  SlotRows<T> rows;   ///< activations
  const T* residual;  ///< (R, tasks) dL_t/dlogit
  SlotRows<T> scratch;
  T* gradient;                           ///< flat, as the parameters
  T beta;                                ///< 0: the gradient is overwritten, 1: added to
  T* input_gradient;                     ///< (R, D): dL/dx_0, or dL/dx_L when the pass stops there
  const SlotRows<T>* outputs = nullptr;  ///< null, or the activations' layout to receive dL/d(Y, G, h, logits)
};

}  // namespace c2al

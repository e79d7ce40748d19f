#pragma once
#include <cstddef>

#include "core/kernels/execution.hpp"
#include "core/kernels/fm_attention_scalar.hpp"
#include "core/model/model_config.hpp"

namespace c2al::kernels {

/// Sizes and operands of FM attention for a batch of B samples (paper, equation 3).
///
/// E is a sample's X^T, (m, d) row-major at E + b*ldE. Y, G and their gradients are (d, k) for FmForm::covariance and
/// (m, k) for FmForm::pairwise, row-major, one every ldY, ldG, ... numbers; ldY = 0 means one Y for all samples.
struct FmShape {
  FmForm form = FmForm::covariance;
  std::size_t m = 0;  ///< columns of X: fields
  std::size_t d = 0;  ///< embedding dimension
  std::size_t k = 0;  ///< columns of Y and G
};

/// Host kernels with register packs, for samples begin .. end-1 in the calling thread; instantiated for float and
/// double. Arguments as in fm_attention_forward and fm_attention_backward.
template <class T>
void fm_attention_forward_host(const FmShape& shape, std::size_t begin, std::size_t end, const T* E, std::size_t ldE,
                               const T* Y, std::size_t ldY, T* G, std::size_t ldG);
template <class T>
void fm_attention_backward_host(const FmShape& shape, std::size_t begin, std::size_t end, const T* E, std::size_t ldE,
                                const T* Y, std::size_t ldY, const T* dG, std::size_t lddG, T* dE, std::size_t lddE,
                                T* dY, std::size_t lddY);

/// Samples a host thread takes at a time.
inline constexpr std::size_t fm_block = 64;

/// G = E^T (E Y) (covariance) or G = E (E^T Y) (pairwise) of every sample.
template <class T, class Exec>
void fm_attention_forward(const Exec& exec, FmForm form, std::size_t B, std::size_t m, std::size_t d, std::size_t k,
                          const T* E, std::size_t ldE, const T* Y, std::size_t ldY, T* G, std::size_t ldG) {
  if constexpr (runs_on_host<Exec>) {
    const FmShape shape{form, m, d, k};
    for_each_range(exec, B, fm_block, [=](std::size_t begin, std::size_t end) {
      fm_attention_forward_host<T>(shape, begin, end, E, ldE, Y, ldY, G, ldG);
    });
  } else {
    fm_attention_forward_scalar<T>(exec, form, B, m, d, k, E, ldE, Y, ldY, G, ldG);
  }
}

/// Adds the gradient with respect to E to dE and writes that with respect to Y to dY, for dG = dL/dG:
/// covariance dE += E (Y dG^T + dG Y^T), dY = E^T (E dG); pairwise dE += (Y dG^T + dG Y^T) E, dY = E (E^T dG).
/// With ldY = 0, lddY must be 0: the sum over samples, in their order, is added to the one dY.
template <class T, class Exec>
void fm_attention_backward(const Exec& exec, FmForm form, std::size_t B, std::size_t m, std::size_t d, std::size_t k,
                           const T* E, std::size_t ldE, const T* Y, std::size_t ldY, const T* dG, std::size_t lddG,
                           T* dE, std::size_t lddE, T* dY, std::size_t lddY) {
  if constexpr (runs_on_host<Exec>) {
    const FmShape shape{form, m, d, k};
    // One range where the samples share a gradient, so that one thread adds it up in order.
    for_each_range(exec, B, ldY == 0 && B > 0 ? B : fm_block, [=](std::size_t begin, std::size_t end) {
      fm_attention_backward_host<T>(shape, begin, end, E, ldE, Y, ldY, dG, lddG, dE, lddE, dY, lddY);
    });
  } else {
    fm_attention_backward_scalar<T>(exec, form, B, m, d, k, E, ldE, Y, ldY, dG, lddG, dE, lddE, dY, lddY);
  }
}

}  // namespace c2al::kernels

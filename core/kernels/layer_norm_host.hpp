#pragma once
#include <cstddef>

namespace c2al::kernels {

template <class T>
struct CrossTerm;
template <class T>
struct LayerNormGradients;

/// add_cross_layer_norm and its backward pass in the calling thread: a row of every operand comes from memory once, and
/// the sums over the rows are taken on the way. Arguments as in layer_norm.hpp; instantiated for float and double.
template <class T>
void add_cross_layer_norm_host(std::size_t R, std::size_t D, T* s, std::size_t lds, const T* bias, const T* x,
                               CrossTerm<T> cross, const T* gamma, const T* beta, T* rstd, T* out);
template <class T>
void add_cross_layer_norm_backward_host(std::size_t R, std::size_t D, const T* dout, const T* xhat, std::size_t ldxhat,
                                        const T* rstd, const T* gamma, const T* x, CrossTerm<T> cross, T* du,
                                        std::size_t lddu, T* dproduct, T* dx, T accumulate,
                                        LayerNormGradients<T> gradients);

}  // namespace c2al::kernels

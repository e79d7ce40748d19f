#pragma once
#include <cstddef>
#include <cstring>

namespace c2al::kernels {

/// Width of the widest vector register the build may use, in bytes.
#if defined(__AVX512F__)
inline constexpr std::size_t register_bytes = 64;
inline constexpr std::size_t register_count = 32;
#elif defined(__AVX__)
inline constexpr std::size_t register_bytes = 32;
inline constexpr std::size_t register_count = 16;
#else
inline constexpr std::size_t register_bytes = 16;
inline constexpr std::size_t register_count = 16;
#endif

/// Numbers of type T a register holds.
template <class T>
inline constexpr std::size_t native_width = register_bytes / sizeof(T);

/// W numbers of type T in one vector register (GNU vector extension, on the host; W a power of two). Loads and stores
/// need no alignment beyond T's.
template <class T, std::size_t W>
struct Pack {
  typedef T Vector __attribute__((vector_size(W * sizeof(T))));
  Vector v;

  static Pack zero() { return {Vector{}}; }
  static Pack broadcast(T x) { return {x - Vector{}}; }
  static Pack load(const T* from) {
    Pack p;
    std::memcpy(&p.v, from, sizeof(Vector));
    return p;
  }
  void store(T* to) const { std::memcpy(to, &v, sizeof(Vector)); }
};

/// One number: what a loop's remainder uses.
template <class T>
struct Pack<T, 1> {
  T v;

  static Pack zero() { return {T(0)}; }
  static Pack broadcast(T x) { return {x}; }
  static Pack load(const T* from) { return {*from}; }
  void store(T* to) const { *to = v; }
};

template <class T, std::size_t W>
inline Pack<T, W> operator+(Pack<T, W> a, Pack<T, W> b) {
  return {a.v + b.v};
}

/// a * b + c, fused where the instruction set has it.
template <class T, std::size_t W>
inline Pack<T, W> fma(Pack<T, W> a, Pack<T, W> b, Pack<T, W> c) {
  return {a.v * b.v + c.v};
}

}  // namespace c2al::kernels

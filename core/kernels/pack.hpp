#pragma once
#include <bit>
#include <cstddef>
#include <cstring>
#include <utility>

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

template <class T, std::size_t W>
inline Pack<T, W> operator-(Pack<T, W> a, Pack<T, W> b) {
  return {a.v - b.v};
}
template <class T, std::size_t W>
inline Pack<T, W> operator*(Pack<T, W> a, Pack<T, W> b) {
  return {a.v * b.v};
}

/// a * b + c, fused where the instruction set has it.
template <class T, std::size_t W>
inline Pack<T, W> fma(Pack<T, W> a, Pack<T, W> b, Pack<T, W> c) {
  return {a.v * b.v + c.v};
}

namespace pack_detail {

/// Exchanges the off-diagonal H x H blocks of every 2H x 2H block of a W x W tile, H = W / 2^(stage + 1).
template <std::size_t stage, class T, std::size_t W>
inline void exchange_blocks(Pack<T, W> (&row)[W]) {
  constexpr std::size_t H = W >> (stage + 1);
  const auto pair = [&]<std::size_t... lane>(Pack<T, W> & upper, Pack<T, W> & lower, std::index_sequence<lane...>) {
    // Written lane by lane, which compilers turn into one permutation of two registers; their shuffle builtins differ.
    const auto above = upper.v, below = lower.v;
    upper.v = typename Pack<T, W>::Vector{(lane & H ? below[lane & ~H] : above[lane])...};
    lower.v = typename Pack<T, W>::Vector{(lane & H ? below[lane] : above[lane | H])...};
  };
  [&]<std::size_t... r>(std::index_sequence<r...>) {
    ((r & H ? void() : pair(row[r & ~H], row[r | H], std::make_index_sequence<W>{})), ...);
  }
  (std::make_index_sequence<W>{});
}

}  // namespace pack_detail

/// to = from, transposed; W x W tiles, W > 1 a power of two, with the given numbers from row to row.
template <std::size_t W, class T>
inline void transpose_tile(const T* from, std::size_t ld_from, T* to, std::size_t ld_to) {
  [&]<std::size_t... r>(std::index_sequence<r...>) {
    Pack<T, W> row[W] = {Pack<T, W>::load(from + r * ld_from)...};
    [&]<std::size_t... stage>(std::index_sequence<stage...>) { (pack_detail::exchange_blocks<stage>(row), ...); }
    (std::make_index_sequence<std::countr_zero(W)>{});
    (row[r].store(to + r * ld_to), ...);
  }
  (std::make_index_sequence<W>{});
}

}  // namespace c2al::kernels

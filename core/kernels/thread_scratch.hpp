#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace c2al::kernels {

/// Memory of the calling thread for `size` numbers, from the start of a cache line; grows, never shrinks. One piece a
/// thread and type: whoever calls again gets the same memory.
template <class T>
T* thread_scratch(std::size_t size) {
  thread_local std::vector<T> memory;
  constexpr std::size_t line = 64 / sizeof(T);
  if (memory.size() < size + line) memory.resize(size + line);
  const std::size_t past = reinterpret_cast<std::uintptr_t>(memory.data()) / sizeof(T) % line;
  return memory.data() + (line - past) % line;
}

}  // namespace c2al::kernels

#pragma once
#include <cstddef>
#include <vector>

namespace c2al::kernels {

/// Memory of the calling thread for `size` numbers; grows, never shrinks. One piece a thread and type: whoever calls
/// again gets the same memory.
template <class T>
T* thread_scratch(std::size_t size) {
  thread_local std::vector<T> memory;
  if (memory.size() < size) memory.resize(size);
  return memory.data();
}

}  // namespace c2al::kernels

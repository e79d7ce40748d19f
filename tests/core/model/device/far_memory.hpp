#pragma once
#include <cstddef>
#include <map>

namespace c2al::testing {

/// Memory that stands for a device's. Its addresses are reserved and never accessible: who follows one ends the
/// process. What lies there is kept elsewhere, where kernels and copies find it after a translation of their addresses.
class FarMemory {
 public:
  static FarMemory& instance();

  /// New memory, filled with zeros.
  void* allocate(std::size_t bytes);
  void release(void* memory);

  /// The accessible address of what lies at a far one, or null for null. Throws std::logic_error for another address.
  template <class T>
  T* translated(T* address) const {
    translate(&address, sizeof address);
    return address;
  }
  /// Translates the far addresses in an object of `bytes` bytes: a kernel with all it captured. Throws
  /// std::logic_error when it holds an address of mapped memory elsewhere. Numbers pass, since no mapped address looks
  /// like an integer below 2^40 or a common double.
  void translate(void* object, std::size_t bytes) const;

 private:
  FarMemory();

  static constexpr std::size_t capacity = std::size_t{1} << 30;
  std::byte *far_ = nullptr, *near_ = nullptr;
  std::size_t used_ = 0;
  std::map<void*, std::size_t> sizes_;      // of what is in use
  std::multimap<std::size_t, void*> free_;  // by size
};

}  // namespace c2al::testing

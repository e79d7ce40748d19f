#include "tests/core/model/device/far_memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <new>
#include <stdexcept>

namespace c2al::testing {

FarMemory& FarMemory::instance() {
  static FarMemory memory;
  return memory;
}

FarMemory::FarMemory() {
  const auto reserve = [](int protection) {
    void* base = mmap(nullptr, capacity, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) throw std::bad_alloc();
    return static_cast<std::byte*>(base);
  };
  far_ = reserve(PROT_NONE);
  near_ = reserve(PROT_READ | PROT_WRITE);
}

void* FarMemory::allocate(std::size_t bytes) {
  constexpr std::size_t alignment = 64;
  bytes = (bytes + alignment - 1) / alignment * alignment;
  void* memory = nullptr;
  if (const auto found = free_.find(bytes); found != free_.end()) {
    memory = found->second;
    free_.erase(found);
  } else {
    if (capacity - used_ < bytes) throw std::bad_alloc();
    memory = far_ + used_;
    used_ += bytes;
  }
  sizes_[memory] = bytes;
  std::memset(translated(memory), 0, bytes);
  return memory;
}

void FarMemory::release(void* memory) {
  if (memory == nullptr) return;
  const auto found = sizes_.find(memory);
  free_.emplace(found->second, memory);
  sizes_.erase(found);
}

void FarMemory::translate(void* object, std::size_t bytes) const {
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto far = reinterpret_cast<std::uintptr_t>(far_), near = reinterpret_cast<std::uintptr_t>(near_);
  for (std::size_t at = 0; at + sizeof(std::uintptr_t) <= bytes; at += sizeof(std::uintptr_t)) {
    std::uintptr_t word;
    std::memcpy(&word, static_cast<std::byte*>(object) + at, sizeof word);
    if (word >= far && word < far + capacity) {
      word = near + (word - far);
      std::memcpy(static_cast<std::byte*>(object) + at, &word, sizeof word);
      continue;
    }
    if (word < std::uintptr_t{1} << 40 || word >= std::uintptr_t{1} << 48) continue;
    unsigned char resident;
    if (mincore(reinterpret_cast<void*>(word / page * page), page, &resident) == 0 || errno != ENOMEM)
      throw std::logic_error("a kernel holds an address of host memory");
  }
}

}  // namespace c2al::testing

#pragma once
#include <Kokkos_Core.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace c2al {

/// Memory of an execution space that only ever grows; its contents are lost when it does.
template <class T, class Exec>
class Buffer {
 public:
  explicit Buffer(std::string label) : label_(std::move(label)) {}

  /// Makes room for n numbers without keeping the old ones; new memory is zero.
  void grow(std::size_t n) {
    if (n <= view_.size()) return;
    view_ = View();  // the old memory goes before the new comes
    view_ = View(Kokkos::view_alloc(label_, Kokkos::WithoutInitializing), n);
    advise_huge_pages();
    zero(n);
  }
  void zero(std::size_t n) {
    Kokkos::deep_copy(Kokkos::subview(view_, Kokkos::pair<std::size_t, std::size_t>(0, n)), T(0));
  }
  void release() { view_ = View(); }

  T* data() const { return view_.data(); }
  std::size_t size() const { return view_.size(); }

 private:
  using View = Kokkos::View<T*, typename Exec::memory_space>;

  /// Random rows of a large table cost half with huge pages. The advice must come before the first touch.
  void advise_huge_pages() {
#if defined(__linux__)
    constexpr std::uintptr_t huge = std::uintptr_t{1} << 21;
    if constexpr (Kokkos::SpaceAccessibility<Kokkos::HostSpace, typename Exec::memory_space>::accessible) {
      const auto begin = (reinterpret_cast<std::uintptr_t>(view_.data()) + huge - 1) / huge * huge;
      const auto end = reinterpret_cast<std::uintptr_t>(view_.data() + view_.size()) / huge * huge;
      if (end > begin) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
    }
#endif
  }

  std::string label_;
  View view_;
};

}  // namespace c2al

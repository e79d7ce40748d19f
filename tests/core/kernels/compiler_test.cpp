#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>

namespace c2al::kernels {
namespace {

[[gnu::noinline]] void copy_four(double* to) {
  const double constants[] = {3, 3, 0, 0};
  std::memcpy(to, constants, sizeof constants);
}
[[gnu::noinline]] void copy_eight(double* to) {
  const double constants[] = {3, 3, 3, 3, 0, 0, 0, 0};
  std::memcpy(to, constants, sizeof constants);
}
[[gnu::noinline]] void copy_sixteen(float* to) {
  const float constants[] = {3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0};
  std::memcpy(to, constants, sizeof constants);
}

template <class T, std::size_t N>
void expect_half(void (*copy)(T*)) {
  T found[N];
  copy(found);
  for (std::size_t i = 0; i < N; ++i) EXPECT_EQ(found[i], i < N / 2 ? T(3) : T(0)) << i << " of " << N;
}

/// Copies of 32 and 64 bytes of constants that end in zeros, which GCC 12.2 gets wrong with AVX-512 but for an option
/// that CMakeLists.txt gives it.
TEST(Compiler, KeepsConstantsThatEndInZeros) {
  expect_half<double, 4>(copy_four);
  expect_half<double, 8>(copy_eight);
  expect_half<float, 16>(copy_sixteen);
}

}  // namespace
}  // namespace c2al::kernels

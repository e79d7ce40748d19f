// nvcc compiles operator new for devices too, where nothing can be thrown.
#ifndef __CUDACC__
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "core/kernels/execution.hpp"
#include "tests/core/model/expert_samples.hpp"

namespace {
std::atomic<std::size_t> allocations{0};
}

// Counts every allocation of this executable. Never inlined: the compiler would see a pair of new and free.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto align = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(align, (size + align - 1) / align * align)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace c2al::testing {
namespace {

class Allocation : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Model, Allocation, ::testing::Values("float32", "float64"));

/// Allocations of two training steps after two others; an odd step runs one pass, an even one a pass a task.
std::size_t allocations_of_two_steps(const HeadConfig& heads, const std::string& precision) {
  const InputShape input = small_input();
  const auto model = make_model(full_model(), heads, input, precision, {16, 2});
  model->initialise(1, 0);
  const Samples samples(60, 3, input);
  const TaskCoefficients coefficients{{1, 0.3, 0.7}, {1, 0.3, 0.7}};
  std::vector<double> losses(3), gram(9), scale(3, 1.0);
  UpdateRule rule;
  rule.step = 0;
  const auto step = [&] {
    ++rule.step;
    model->forward(samples.view());
    model->losses(samples.task_targets(), losses);
    if (rule.step % 2 == 0) {
      model->gram(GradientScope::shared_parameters, scale, gram);
      model->combine(coefficients);
    } else {
      model->backward(coefficients);
    }
    model->update(rule);
  };
  for (int i = 0; i < 2; ++i) step();
  const std::size_t before = allocations;
  for (int i = 0; i < 2; ++i) step();
  return allocations - before;
}

/// Allocations of a kernel's launch, those of the threads' start left out.
std::size_t allocations_of_a_launch() {
  const Kokkos::DefaultHostExecutionSpace exec;
  std::size_t before = 0;
  for (int i = 0; i < 2; ++i) {
    before = allocations;
    kernels::for_each(exec, 2, [](std::size_t) {});
  }
  return allocations - before;
}

TEST_P(Allocation, NoneInATrainingStepOnceBuffersHaveGrown) {
  if (allocations_of_a_launch() > 0) GTEST_SKIP() << "this backend of Kokkos allocates memory at every launch";
  EXPECT_EQ(allocations_of_two_steps(HeadConfig{3}, GetParam()), 0u);
  for (const HeadKind kind : {HeadKind::mmoe, HeadKind::ple, HeadKind::towers})
    EXPECT_EQ(allocations_of_two_steps(expert_heads(kind, 3, 2), GetParam()), 0u) << static_cast<int>(kind);
}

TEST(Allocation, IsCounted) {
  const std::size_t before = allocations;
  const std::vector<double> grown(1000, 1.0);
  EXPECT_GT(allocations, before);
  EXPECT_EQ(grown[999], 1.0);
}

}  // namespace
}  // namespace c2al::testing
#endif

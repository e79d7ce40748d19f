#include <fmt/format.h>

#include <Kokkos_Core.hpp>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "bench/workload.hpp"
#include "core/training/catalogue.hpp"
#include "core/training/trainer.hpp"

// A few training steps of one case, to be counted by callgrind between steps_begin() and steps_end(); see
// scripts/guard.sh.
//   c2al_step_guard        lists the cases
//   c2al_step_guard CASE   runs one and prints the number of counted steps

extern "C" {
// Called by no one else and never inlined, so that callgrind finds them by name.
[[gnu::noinline]] void steps_begin() { asm volatile("" ::: "memory"); }
[[gnu::noinline]] void steps_end() { asm volatile("" ::: "memory"); }
}

namespace c2al {
namespace {

struct Case {
  std::string name, method;
  Workload workload;
  std::size_t steps;  ///< counted, after as many that are not
};

std::vector<Case> cases() {
  Workload preset = preset_workload();
  preset.batches = 8;
  // Small, as valgrind is 50 times slower than the processor; the work per sample is that of a large batch.
  Workload peer = peer_workload();
  peer.batch = 64;
  peer.batches = 2;
  for (std::size_t& rows : peer.vocabularies) rows = 500;
  peer.input.table_rows = 500 * peer.vocabularies.size();
  std::vector<Case> all;
  for (const char* method : {"plain", "c2al", "pcgrad"})
    all.push_back({fmt::format("preset_a/{}", method), method, preset, 4});
  all.push_back({"peer_64/plain", "plain", peer, 1});
  return all;
}

void run(const Case& c) {
  const MemorySource source = training_source(c.workload);
  TrainingConfig training;
  training.batch_size = c.workload.batch;
  const auto method = make_method(
      c.method, method_context(source, {0, 1, 2}, 1, total_steps(source, training), 1.0, 1.0), Settings("", {}));
  Trainer trainer(source, c.workload.model, training, *method, 1);
  trainer.train([&](std::uint64_t done, std::uint64_t, std::uint64_t) {
    if (done == c.steps) steps_begin();
    if (done == 2 * c.steps) steps_end();
    return done < 2 * c.steps;
  });
  fmt::print("{}\n", c.steps);
}

}  // namespace
}  // namespace c2al

int main(int argc, char** argv) {
  Kokkos::ScopeGuard kokkos(argc, argv);
  for (const c2al::Case& c : c2al::cases()) {
    if (argc == 1) fmt::print("{}\n", c.name);
    if (argc == 2 && c.name == argv[1]) return c2al::run(c), 0;
  }
  if (argc == 1) return 0;
  fmt::print(stderr, "c2al_step_guard: expected one of the cases that it lists without arguments\n");
  return 2;
}

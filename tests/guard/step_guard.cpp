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

// A few training steps of one case, for callgrind to count what happens inside counted_steps(); see scripts/guard.sh.
//   c2al_step_guard        lists the cases
//   c2al_step_guard CASE   runs one and prints the number of counted steps

namespace c2al {
namespace {

struct Case {
  std::string name, method;
  Workload workload;
  std::size_t steps;  ///< counted, after as many that are not
};

std::vector<Case> cases() {
  // One batch more than is used: the checks after a run's last step are no part of a step.
  Workload preset = preset_workload();
  preset.batches = 9;
  // Small, as valgrind is 50 times slower than the processor; the work per sample is that of a large batch.
  Workload peer = peer_workload();
  peer.batch = 64;
  peer.batches = 3;
  for (std::size_t& rows : peer.vocabularies) rows = 500;
  peer.input.table_rows = 500 * peer.vocabularies.size();
  std::vector<Case> all;
  for (const char* method : {"plain", "c2al", "pcgrad"})
    all.push_back({fmt::format("preset_a/{}", method), method, preset, 4});
  all.push_back({"peer_64/plain", "plain", peer, 1});
  return all;
}

void train(Trainer& trainer, std::size_t steps) {
  const std::size_t end = trainer.steps_done() + steps;
  trainer.train([end](std::uint64_t done, std::uint64_t, std::uint64_t) { return done < end; });
}

}  // namespace

/// Not inlined and without a mangled name, so that callgrind finds it.
extern "C" [[gnu::noinline]] void counted_steps(Trainer& trainer, std::size_t steps) { train(trainer, steps); }

namespace {

void run(const Case& c) {
  const MemorySource source = training_source(c.workload);
  TrainingConfig training;
  training.batch_size = c.workload.batch;
  const auto method = make_method(
      c.method, method_context(source, {0, 1, 2}, 1, total_steps(source, training), 1.0, 1.0), Settings("", {}));
  Trainer trainer(source, c.workload.model, training, *method, 1);
  train(trainer, c.steps);
  counted_steps(trainer, c.steps);
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

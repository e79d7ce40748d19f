// Prints the number of the host's threads, then, for models of every kind of heads, a hash of all their trained
// parameters' bits.
#include <fmt/format.h>

#include <Kokkos_Core.hpp>
#include <bit>
#include <cstdint>

#include "tests/core/model/expert_samples.hpp"

namespace c2al::testing {
namespace {

/// FNV-1a over the bits of the parameters after four steps, two of them by way of the Gram matrix. The batch has more
/// chunks than lanes and blocks of every kind of pass.
std::uint64_t trained_bits(const HeadConfig& heads, const std::string& precision) {
  const InputShape input{26, 13, 20'000};
  ModelConfig config = full_model();
  config.dim = 16;
  config.layers[0].mlp->hidden = 256;
  config.layers[0].fm_attention->k = 16;
  const auto model = make_model(config, heads, input, precision, ChunkConfig{128, 4});
  model->initialise(1, 0);
  const TaskCoefficients coefficients{{1, 0.3, 0.7}, {1, 0.3, 0.7}};
  std::vector<double> losses(3), gram(9);
  UpdateRule rule;
  for (rule.step = 1; rule.step <= 4; ++rule.step) {
    const Samples samples(1000, 3, input, rule.step);
    model->forward(samples.view());
    model->losses(samples.task_targets(true), losses);
    if (rule.step % 2 == 0) {
      model->gram(GradientScope::shared_parameters, std::vector<double>{1, 1, 1}, gram);
      model->combine(coefficients);
    } else {
      model->backward(coefficients);
    }
    model->update(rule);
  }
  std::uint64_t hash = 0xcbf29ce484222325u;
  const auto take = [&](const std::vector<double>& values) {
    for (const double value : values) hash = (hash ^ std::bit_cast<std::uint64_t>(value)) * 0x100000001b3u;
  };
  take(losses);
  take(gram);
  for (const std::string& name : parameter_names(*model)) take(model->parameter(name));
  return hash;
}

}  // namespace
}  // namespace c2al::testing

int main(int argc, char** argv) {
  using namespace c2al;
  const Kokkos::ScopeGuard kokkos(argc, argv);
  fmt::print("threads {}\n", Kokkos::DefaultHostExecutionSpace().concurrency());
  for (const char* precision : {"float32", "float64"}) {
    fmt::print("{} shared {:016x}\n", precision, testing::trained_bits(HeadConfig{3}, precision));
    for (const HeadKind kind : {HeadKind::mmoe, HeadKind::ple, HeadKind::towers})
      fmt::print("{} kind {} {:016x}\n", precision, static_cast<int>(kind),
                 testing::trained_bits(testing::expert_heads(kind, 3, 2), precision));
  }
}

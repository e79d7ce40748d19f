#include <numeric>

#include "baselines/gradient_method.hpp"
#include "core/data/random_stream.hpp"

namespace c2al::baselines {

namespace {

/// Projects each gradient on the normal plane of every other, original one that it conflicts with, and adds them up.
class Pcgrad final : public Aggregator {
 public:
  Pcgrad(std::uint64_t seed, Settings& settings)
      : seed_(seed),
        cyclic_(settings.choice("order", "random", {"random", "cyclic"}) == "cyclic"),
        mean_(settings.choice("reduction", "sum", {"sum", "mean"}) == "mean"),
        preserve_primary_(settings.flag("preserve_primary", false)) {}

  void weigh(const TaskGradients& gradients, std::span<double> weights) override {
    const std::size_t tasks = gradients.tasks;
    RandomStream stream(seed_, StreamPurpose::method, name_hash("pcgrad") + gradients.step);
    std::vector<double> sum(tasks, 0.0), v(tasks), along(tasks);
    std::vector<std::size_t> others;
    for (std::size_t i = 0; i < tasks; ++i) {
      others.clear();
      for (std::size_t j = 1; j < tasks; ++j) others.push_back((i + j) % tasks);
      if (!cyclic_) shuffle(stream, others);
      // v = sum_t v[t] g_t and along[j] = v . g_j.
      std::fill(v.begin(), v.end(), 0.0);
      v[i] = 1;
      for (std::size_t j = 0; j < tasks; ++j) along[j] = gradients.gram[i * tasks + j];
      if (!preserve_primary_ || i > 0) {
        for (const std::size_t j : others) {
          if (!(along[j] < 0) || !(gradients.gram[j * tasks + j] > 0)) continue;
          const double factor = along[j] / gradients.gram[j * tasks + j];
          v[j] -= factor;
          for (std::size_t k = 0; k < tasks; ++k) along[k] -= factor * gradients.gram[j * tasks + k];
        }
      }
      for (std::size_t t = 0; t < tasks; ++t) sum[t] += v[t];
    }
    for (std::size_t t = 0; t < tasks; ++t) weights[t] = mean_ ? sum[t] / static_cast<double>(tasks) : sum[t];
  }

 private:
  std::uint64_t seed_;
  bool cyclic_, mean_, preserve_primary_;
};

}  // namespace

MethodDescription pcgrad() {
  MethodProperties p;
  p.permutation = Permutation::none;
  p.permutation_reason = "the order of projection is drawn at random";
  p.zero_auxiliary_is_plain = true;
  p.descent_reason = "with three tasks or more a later projection can bring back an earlier conflict";
  return describe_gradient_method<Pcgrad>(
      "PCGrad: each task gradient is projected on the normal plane of those it conflicts with",
      "Yu et al., Gradient Surgery for Multi-Task Learning, NeurIPS 2020, algorithm 1", p,
      {{"order", "random", "order in which a gradient meets the others: drawn each step (the paper), or i+1, i+2, ...",
        "random | cyclic"},
       {"reduction", "sum", "what becomes of the projected gradients: the paper adds, some public code averages",
        "sum | mean"},
       {"preserve_primary", "false", "project the auxiliary gradients only, the primary's stays whole",
        "true | false"}});
}

}  // namespace c2al::baselines

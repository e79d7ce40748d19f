#include "results/paired_runs.hpp"

namespace c2al {

const std::map<std::uint64_t, RunSummary>& PairedRuns::of(const std::string& method) const {
  static const std::map<std::uint64_t, RunSummary> none;
  const auto found = runs_.runs.find(method);
  return found == runs_.runs.end() ? none : found->second;
}

std::optional<Comparison> PairedRuns::compare(const Pairing& pairing, const PairValue& value) const {
  Comparison comparison;
  comparison.scenario = runs_.name;
  comparison.method = pairing.method;
  comparison.reference = pairing.reference;
  comparison.measure = pairing.measure;
  comparison.set = pairing.set;
  comparison.unit = pairing.unit;
  const auto& references = of(pairing.reference);
  std::vector<double> differences;
  for (const auto& [seed, run] : of(pairing.method)) {
    const auto pair = references.find(seed);
    if (pair == references.end()) continue;
    comparison.seeds.push_back(seed);
    differences.push_back(value(run, pair->second));
  }
  if (comparison.seeds.empty()) return std::nullopt;
  comparison.difference = paired_difference(differences);
  return comparison;
}

std::optional<Comparison> PairedRuns::difference(const Pairing& pairing, const RunValue& value) const {
  auto comparison =
      compare(pairing, [&](const RunSummary& run, const RunSummary& pair) { return value(run) - value(pair); });
  if (comparison) set_reference_mean(*comparison, value);
  return comparison;
}

std::optional<Comparison> PairedRuns::relative_change(const Pairing& pairing, const RunValue& value) const {
  auto comparison = compare(pairing, [&](const RunSummary& run, const RunSummary& pair) {
    const double reference = value(pair);
    return 100 * (value(run) - reference) / reference;
  });
  if (comparison) set_reference_mean(*comparison, value);
  return comparison;
}

void PairedRuns::set_reference_mean(Comparison& comparison, const RunValue& value) const {
  double sum = 0;
  for (std::uint64_t seed : comparison.seeds) sum += value(of(comparison.reference).at(seed));
  comparison.reference_mean = sum / static_cast<double>(comparison.seeds.size());
}

}  // namespace c2al

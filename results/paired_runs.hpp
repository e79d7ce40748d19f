#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "results/comparison.hpp"
#include "results/run_scores.hpp"
#include "results/suite_runs.hpp"

namespace c2al {

/// What two methods are compared on.
struct Pairing {
  std::string method, reference;
  std::string measure, set, unit;  ///< as in Comparison
};

/// The runs of a scenario, paired by seed.
class PairedRuns {
 public:
  /// `runs` must outlive this object.
  explicit PairedRuns(const ScenarioRuns& runs) : runs_(runs) {}

  /// Runs of a method by seed; empty for a method without runs.
  const std::map<std::uint64_t, RunSummary>& of(const std::string& method) const;

  /// Differences method - reference of a value, or their ratio to the reference's value in percent. Empty when no seed
  /// has both runs.
  std::optional<Comparison> difference(const Pairing& pairing, const RunValue& value) const;
  std::optional<Comparison> relative_change(const Pairing& pairing, const RunValue& value) const;

  /// Any function of (run of the method, run of the reference).
  using PairValue = std::function<double(const RunSummary&, const RunSummary&)>;
  std::optional<Comparison> compare(const Pairing& pairing, const PairValue& value) const;

 private:
  void set_reference_mean(Comparison& comparison, const RunValue& value) const;
  const ScenarioRuns& runs_;
};

}  // namespace c2al

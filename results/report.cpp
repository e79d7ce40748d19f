#include "results/report.hpp"

namespace c2al {

Report build_report(const SuiteRuns& runs) {
  Report report{runs.name, runs.title, runs.git_hashes, {}, runs.empty};
  for (const ScenarioRuns& scenario : runs.scenarios) {
    ScenarioReport entry{compare(scenario), {}, scenario.discovery};
    entry.verdicts = judge(entry.comparison);
    report.scenarios.push_back(std::move(entry));
  }
  return report;
}

}  // namespace c2al

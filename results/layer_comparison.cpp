#include <fmt/format.h>

#include <algorithm>

#include "results/scenario_facts.hpp"

namespace c2al {

namespace {

/// A statistic of a recorded layer by name.
struct LayerStatistic {
  const char* name;
  double (*of)(const LayerStatistics& layer);
};

constexpr LayerStatistic layer_statistics[] = {
    {"gini", [](const LayerStatistics& layer) { return layer.statistics.gini; }},
    {"entropy", [](const LayerStatistics& layer) { return layer.statistics.entropy; }},
    {"hoyer", [](const LayerStatistics& layer) { return layer.statistics.hoyer; }},
    {"excess_kurtosis", [](const LayerStatistics& layer) { return layer.statistics.excess_kurtosis; }},
    {"near_zero_share", [](const LayerStatistics& layer) { return layer.statistics.near_zero_share; }},
    {"rms", [](const LayerStatistics& layer) { return layer.statistics.rms; }},
    {"effective_rank", [](const LayerStatistics& layer) { return layer.statistics.effective_rank; }},
    {"dead_share", [](const LayerStatistics& layer) { return layer.dead_share; }},
};

/// The statistic of the same layer in another run; NaN where that run has no such layer.
RunValue value_of(const LayerStatistics& layer, const LayerStatistic& statistic) {
  return [&layer, &statistic](const RunSummary& run) {
    for (const LayerStatistics& candidate : run.layers)
      if (candidate.tensor == layer.tensor && candidate.kind == layer.kind && candidate.cohort == layer.cohort)
        return statistic.of(candidate);
    return undefined_value;
  };
}

}  // namespace

void compare_layers(const PairedRuns& runs, const std::string& method, ScenarioComparison& result) {
  if (runs.of(method).empty()) return;
  std::vector<std::string>& attention = result.attention_tensors;
  for (const LayerStatistics& layer : runs.of(method).begin()->second.layers) {
    const bool is_attention = layer.role == "Y";
    if (is_attention && std::find(attention.begin(), attention.end(), layer.tensor) == attention.end())
      attention.push_back(layer.tensor);
    if (!is_attention && layer.cohort != "overall") continue;
    for (const LayerStatistic& statistic : layer_statistics) {
      // Of layers away from attention only dead units are of interest.
      if (layer.role == "other" && statistic.name != std::string("dead_share")) continue;
      const std::string measure = fmt::format("layer/{}/{}/{}", layer.tensor, layer.kind, statistic.name);
      auto comparison = runs.difference({method, "plain", measure, layer.cohort, "1"}, value_of(layer, statistic));
      if (comparison && comparison->difference.n > 0) result.comparisons.push_back(std::move(*comparison));
    }
  }
}

}  // namespace c2al

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "results/report.hpp"

namespace c2al {

namespace {

std::string number(double value) { return std::isnan(value) ? "" : fmt::format("{:.10g}", value); }

/// Quoted where a separator, a quote or a line break is inside.
std::string text(const std::string& value) {
  if (value.find_first_of(",\"\n\r") == std::string::npos) return value;
  std::string quoted = "\"";
  for (char c : value) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

std::string report_csv(const Report& report) {
  std::string out =
      "scenario,method,reference,measure,set,unit,pairs,undefined,mean,standard_error,median,negative,positive,zero,"
      "low,high,smallest_resolvable,t_test_p,sign_test_p,reading,reference_mean,gap_closed,trained_dense_parameters,"
      "served_dense_parameters,acted_share\n";
  for (const ScenarioReport& scenario : report.scenarios) {
    std::map<std::string, const MethodCost*> costs;
    for (const MethodCost& cost : scenario.comparison.costs) costs[cost.method] = &cost;
    for (const Comparison& c : scenario.comparison.comparisons) {
      const MethodCost& cost = *costs.at(c.method);
      const PairedDifference& d = c.difference;
      out +=
          fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", text(c.scenario),
                      text(c.method), text(c.reference), text(c.measure), text(c.set), c.unit, d.n, d.undefined,
                      number(d.mean), number(d.standard_error), number(d.median), d.negative, d.positive, d.zero,
                      number(d.low), number(d.high), number(d.smallest_resolvable), number(d.t_test_p),
                      number(d.sign_test_p), to_string(d.reading), number(c.reference_mean), number(c.gap_closed),
                      cost.trained.dense_parameters, cost.served.dense_parameters, number(cost.acted_share));
    }
  }
  return out;
}

}  // namespace c2al

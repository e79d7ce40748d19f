#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.hpp"
#include "results/report.hpp"

namespace c2al {

namespace {

using nlohmann::json;

struct ReferenceFigure {
  std::string scenario, method, measure, set = "overall", reference = "plain";
  double mean = 0, tolerance = 0;
};

[[noreturn]] void reject(const std::filesystem::path& file, std::size_t entry, const std::string& problem) {
  throw UsageError(fmt::format("{}: entry {}: {}", file.string(), entry, problem));
}

std::string text_of(const json& figure, const std::string& key, const std::filesystem::path& file, std::size_t entry) {
  if (!figure.contains(key)) reject(file, entry, fmt::format("key '{}' is missing", key));
  if (!figure[key].is_string())
    reject(file, entry, fmt::format("'{}' is {}: expected a string", key, figure[key].dump()));
  return figure[key];
}

double number_of(const json& figure, const std::string& key, const std::filesystem::path& file, std::size_t entry) {
  if (!figure.contains(key)) reject(file, entry, fmt::format("key '{}' is missing", key));
  if (!figure[key].is_number())
    reject(file, entry, fmt::format("'{}' is {}: expected a number", key, figure[key].dump()));
  return figure[key];
}

ReferenceFigure parse_figure(const json& figure, const std::filesystem::path& file, std::size_t entry) {
  static const std::set<std::string> known = {"scenario", "method", "measure", "set", "reference", "mean", "tolerance"};
  if (!figure.is_object()) reject(file, entry, fmt::format("{}: expected an object", figure.dump()));
  for (const auto& [key, value] : figure.items())
    if (known.count(key) == 0)
      reject(file, entry,
             fmt::format("unknown key '{}': expected scenario, method, measure, set, reference, mean, tolerance", key));
  ReferenceFigure result;
  result.scenario = text_of(figure, "scenario", file, entry);
  result.method = text_of(figure, "method", file, entry);
  result.measure = text_of(figure, "measure", file, entry);
  if (figure.contains("set")) result.set = text_of(figure, "set", file, entry);
  if (figure.contains("reference")) result.reference = text_of(figure, "reference", file, entry);
  result.mean = number_of(figure, "mean", file, entry);
  result.tolerance = number_of(figure, "tolerance", file, entry);
  if (result.tolerance < 0) reject(file, entry, fmt::format("'tolerance' is {}: expected 0 or more", result.tolerance));
  return result;
}

const Comparison* find(const Report& report, const ReferenceFigure& figure) {
  for (const ScenarioReport& scenario : report.scenarios)
    if (scenario.comparison.scenario == figure.scenario)
      return scenario.comparison.find(figure.method, figure.measure, figure.set, figure.reference);
  return nullptr;
}

}  // namespace

std::vector<std::string> deviations(const Report& report, const std::filesystem::path& reference) {
  std::ifstream input(reference);
  if (!input) throw RunError(fmt::format("{}: cannot be read", reference.string()));
  json document;
  try {
    document = json::parse(input);
  } catch (const json::exception& error) {
    throw UsageError(fmt::format("{}: not JSON: {}", reference.string(), error.what()));
  }
  if (!document.is_array() || document.empty())
    throw UsageError(fmt::format("{}: expected a list of reference figures, at least one", reference.string()));

  std::vector<std::string> lines;
  for (std::size_t i = 0; i < document.size(); ++i) {
    const ReferenceFigure figure = parse_figure(document[i], reference, i + 1);
    const std::string what = fmt::format("{} {} against {}, {} {}", figure.scenario, figure.method, figure.reference,
                                         figure.measure, figure.set);
    const Comparison* found = find(report, figure);
    const std::string expected = fmt::format("expected {:.6g} within {:.6g}", figure.mean, figure.tolerance);
    if (found == nullptr)
      lines.push_back(fmt::format("{}: not in the results, {}", what, expected));
    else if (!(std::abs(found->difference.mean - figure.mean) <= figure.tolerance))
      lines.push_back(fmt::format("{}: {:.6g}, {}", what, found->difference.mean, expected));
  }
  return lines;
}

}  // namespace c2al

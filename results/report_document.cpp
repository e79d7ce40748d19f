#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "results/number_text.hpp"
#include "results/report.hpp"
#include "results/report_tables.hpp"

namespace c2al {

namespace {

/// "3, 7 and 9 (why)".
List missing_runs(const ScenarioComparison& scenario) {
  List list;
  for (const std::string& method : scenario.methods) {
    std::vector<std::uint64_t> seeds;
    std::vector<std::string> reasons;
    for (const MissingRun& run : scenario.missing) {
      if (run.method != method) continue;
      seeds.push_back(run.seed);
      if (!run.reason.empty() && std::find(reasons.begin(), reasons.end(), run.reason) == reasons.end())
        reasons.push_back(run.reason);
    }
    if (seeds.empty()) continue;
    list.items.push_back(fmt::format("{}: seeds {} are missing{}{}", method, fmt::join(seeds, ", "),
                                     reasons.empty() ? "" : ": ", fmt::join(reasons, "; ")));
  }
  return list;
}

void add_scenario(const ScenarioReport& report, Document& document) {
  const ScenarioComparison& scenario = report.comparison;
  document.push_back(Heading{2, scenario.scenario + (scenario.title.empty() ? "" : ": " + scenario.title)});
  document.push_back(Paragraph{fmt::format(
      "{} seeds of plain. Scores of the test split against {}. Head cohort {}, tail cohort {}. Differences are method "
      "minus plain, paired by seed; negative is better. The smallest resolvable effect is what this many seeds of this "
      "spread find four times in five.",
      scenario.plain_seeds, scenario.expected_scores ? "the known p(y|x)" : "labels", scenario.head_set,
      scenario.tail_set)});
  if (const std::string note = split_note(scenario); !note.empty()) document.push_back(Paragraph{note});
  if (List missing = missing_runs(scenario); !missing.items.empty()) {
    document.push_back(Paragraph{"Missing runs; a pair needs both:"});
    document.push_back(std::move(missing));
  }
  document.push_back(level_table(scenario));
  document.push_back(change_table(scenario, "overall", false));
  document.push_back(change_table(scenario, scenario.head_set, false));
  document.push_back(change_table(scenario, scenario.tail_set, false));
  document.push_back(cohort_table(scenario));
  document.push_back(change_table(scenario, "overall", true));
  document.push_back(decomposition_table(scenario));
  document.push_back(attention_table(scenario));
  document.push_back(exploratory_table(scenario));
  document.push_back(cost_table(scenario));
  if (report.discovery) {
    document.push_back(discovery_cohort_table(*report.discovery));
    document.push_back(discovery_pair_table(*report.discovery));
  }
}

}  // namespace

Document report_document(const Report& report) {
  Document document;
  document.push_back(Heading{1, report.name + (report.title.empty() ? "" : ": " + report.title)});
  document.push_back(Paragraph{fmt::format("Source version of the runs: {}.{}", fmt::join(report.git_hashes, ", "),
                                           report.git_hashes.size() > 1 ? " The runs mix versions." : "")});
  for (const EmptyScenario& scenario : report.empty)
    document.push_back(Paragraph{fmt::format("{}: not tested, every run of it is missing{}{}.", scenario.name,
                                             scenario.reason.empty() ? "" : ": ", scenario.reason)});
  for (Block& block : verdict_document(report)) document.push_back(std::move(block));
  for (const ScenarioReport& scenario : report.scenarios) add_scenario(scenario, document);
  std::erase_if(document, [](const Block& block) {
    const Table* table = std::get_if<Table>(&block);
    return table != nullptr && table->rows.empty();
  });
  return document;
}

}  // namespace c2al

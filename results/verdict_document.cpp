#include <fmt/format.h>
#include <fmt/ranges.h>

#include "results/number_text.hpp"
#include "results/report.hpp"
#include "results/report_tables.hpp"

namespace c2al {

namespace {

Table verdict_table(const ScenarioReport& scenario) {
  Table table;
  table.caption = fmt::format("{}: {}", scenario.comparison.scenario, scenario.comparison.title);
  table.header = {"claim", "paper", "comparison", "measured", "95 % interval", "pairs", "verdict", "remark"};
  table.text_columns = {1, 2, 6, 7};
  for (const ClaimVerdict& v : scenario.verdicts) {
    const int decimals = decimals_of(v.unit);
    const std::string mean = v.difference.n == 0 ? undefined_text
                             : v.unit == "%"     ? signed_text(v.difference.mean, decimals) + " %"
                                                 : signed_text(v.difference.mean, decimals);
    table.rows.push_back({v.claim, v.paper.empty() ? undefined_text : v.paper,
                          v.measured.empty() ? undefined_text : v.measured, mean, interval_text(v.difference, decimals),
                          v.difference.n == 0 ? undefined_text : pairs_text(v.difference), to_string(v.verdict),
                          v.note});
  }
  return table;
}

List verdict_rules() {
  return {{
      "reproduced: the whole 95 % interval lies on the claimed side (for the minority cohorts: beyond -0.30 %; for a "
      "null check: it contains 0).",
      "opposite: the whole interval lies on the other side of 0.",
      fmt::format("not reproduced: the interval holds 0 and excludes an effect of the claimed size ({:.2f} % overall, "
                  "{:.2f} % in minority cohorts, {:.2f} for the Gini coefficient; for a comparison with a control, "
                  "{:.0f} % of C2AL's own effect against plain, a share that is this project's convention).",
                  paper_overall_change, paper_minority_change, smallest_gini_fall, 100 * contrast_share),
      "unresolved: neither; these seeds cannot tell.",
      "not tested: runs are missing, or there is nothing to explain or to gain.",
  }};
}

}  // namespace

Document verdict_document(const Report& report) {
  Document document;
  document.push_back(Heading{2, "Verdicts"});
  std::size_t comparisons = 0, intervals = 0;
  for (const ScenarioReport& scenario : report.scenarios) {
    comparisons += scenario.comparison.methods.empty() ? 0 : scenario.comparison.methods.size() - 1;
    for (const ClaimVerdict& verdict : scenario.verdicts) intervals += verdict.difference.n >= 2;
  }
  document.push_back(Paragraph{fmt::format(
      "Every verdict is computed from paired differences and holds at these fixed settings: one configuration a "
      "scenario, untuned between methods. The statistical unit is the seed: one synthetic world with one "
      "initialisation and order of training, or, on a data set, an initialisation and an order on the one split all "
      "seeds share. The "
      "tables rest on {} intervals, not corrected for their number: where nothing is to be found, about one in twenty "
      "excludes 0 all the same. The {} comparisons of overall NE with plain also carry p-values adjusted by Holm's "
      "method within their scenario.",
      intervals, comparisons)});
  document.push_back(verdict_rules());
  for (const ScenarioReport& scenario : report.scenarios) {
    if (const std::string note = split_note(scenario.comparison); !note.empty())
      document.push_back(Paragraph{scenario.comparison.scenario + ": " + note});
    document.push_back(verdict_table(scenario));
  }
  return document;
}

}  // namespace c2al

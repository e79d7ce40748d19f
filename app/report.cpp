#include "app/report.hpp"

#include <fmt/format.h>

#include <functional>

#include "app/command.hpp"
#include "core/error.hpp"
#include "results/report.hpp"

namespace c2al {

namespace {

namespace fs = std::filesystem;

struct Format {
  const char* name;
  const char* extension;
  std::string (*render)(const Report& report);
};

constexpr Format formats[] = {
    {"md", ".md", [](const Report& report) { return render_markdown(report_document(report)); }},
    {"csv", ".csv", report_csv},
    {"latex", ".tex", [](const Report& report) { return render_latex(report_document(report)); }},
    {"json", ".json", report_json},
};

const Format& find_format(const std::string& name) {
  for (const Format& format : formats)
    if (name == format.name) return format;
  throw UsageError(fmt::format("c2al report: unknown --format '{}': expected md, csv, latex or json", name));
}

std::string render(const Report& report, const Format& format, bool verdicts_only) {
  if (!verdicts_only) return format.render(report);
  const std::string name = format.name;
  if (name == "md") return render_markdown(verdict_document(report));
  if (name == "latex") return render_latex(verdict_document(report));
  throw UsageError(fmt::format("c2al report: --verdicts goes with --format md or latex, not {}", name));
}

int check(const Report& report, const fs::path& reference) {
  const std::vector<std::string> lines = deviations(report, reference);
  for (const std::string& line : lines) fmt::print(stderr, "deviation: {}\n", line);
  fmt::print(stderr, "{}: {}\n", reference.string(),
             lines.empty() ? "every figure is within its tolerance" : fmt::format("{} deviations", lines.size()));
  return lines.empty() ? 0 : 1;
}

const CommandDescription description = {
    "c2al report",
    "Paired statistics of a suite's results and a verdict on each claim of the paper.",
    "DIR",
    {"directory"},
    {{"directory", "directory of a suite's results", OptionKind::text},
     {"format", "md, csv, latex or json", OptionKind::text, "md"},
     {"verdicts", "the verdict tables alone (md and latex)"},
     {"output", "write to this file instead of printing", OptionKind::text},
     {"write", "write report.md, report.csv, report.tex and report.json into this directory instead of printing",
      OptionKind::text},
     {"check",
      "compare with a JSON list of {scenario, method, measure, mean, tolerance}; exit code 1 and a line for each "
      "deviation",
      OptionKind::text}}};

}  // namespace

int report_command(int argc, char** argv) {
  const Arguments arguments = parse_command_line(description, argc, argv);
  if (!arguments.given("directory"))
    throw UsageError("c2al report: expected the directory of a suite's results, as runs/quick");
  const Format& format = find_format(arguments.text("format"));
  const bool verdicts_only = arguments.given("verdicts");
  const bool write_all = arguments.given("write");
  if (write_all && (arguments.given("output") || arguments.given("format") || verdicts_only))
    throw UsageError(
        "c2al report: --write writes the whole report in every format: leave out --output, --format and --verdicts");

  const Report report = build_report(load_runs(arguments.text("directory")));
  if (write_all) {
    for (const Format& each : formats) {
      const fs::path file = fs::path(arguments.text("write")) / (std::string("report") + each.extension);
      write_text_file(file, each.render(report));
      fmt::print("{}\n", file.string());
    }
  } else {
    const std::string text = render(report, format, verdicts_only);
    if (arguments.given("output"))
      write_text_file(arguments.text("output"), text);
    else
      fmt::print("{}", text);
  }
  return arguments.given("check") ? check(report, arguments.text("check")) : 0;
}

}  // namespace c2al

#include "app/list.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/command.hpp"
#include "app/method_list.hpp"
#include "build_info.hpp"
#include "core/error.hpp"
#include "scenarios/datasets/description.hpp"
#include "scenarios/scenario.hpp"

namespace c2al {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// The scenarios/ folder of the working directory, or of the source tree this binary was built from.
fs::path scenario_folder() {
  if (fs::is_directory("scenarios")) return "scenarios";
  return fs::path(C2AL_SOURCE_DIR) / "scenarios";
}

std::vector<fs::path> toml_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.is_regular_file() && entry.path().extension() == ".toml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

json list_scenarios() {
  json all = json::array();
  for (const fs::path& file : toml_files(scenario_folder())) {
    const Scenario scenario = parse_scenario(file);
    all.push_back({{"name", scenario.name},
                   {"summary", scenario.title},
                   {"file", file.string()},
                   {"data", scenario.dataset ? scenario.dataset->name : "synthetic"}});
  }
  return all;
}

json list_suites() {
  json all = json::array();
  for (const fs::path& file : toml_files(scenario_folder() / "suites")) {
    const Suite suite = parse_suite(file);
    all.push_back({{"name", suite.name},
                   {"summary", suite.title},
                   {"file", file.string()},
                   {"runs", suite.scenarios.size() * suite.methods.size() * suite.seeds.size()}});
  }
  return all;
}

json list_datasets() {
  json all = json::array();
  for (const std::string& name : described_datasets()) {
    const DatasetDescription d = parse_description(description_file(name));
    std::vector<std::string> categorical, continuous, axes, files, downloads;
    const auto add_columns = [&](const std::vector<DatasetColumn>& columns) {
      for (const DatasetColumn& column : columns)
        if (column.role != ColumnRole::ignore)
          (column.role == ColumnRole::categorical ? categorical : continuous).push_back(column.name);
    };
    for (const DatasetFile& file : d.files) files.push_back(file.name + (file.optional ? " (optional)" : ""));
    add_columns(d.columns);
    for (const DatasetJoin& join : d.joins) {
      files.push_back(join.file.name);
      add_columns(join.take);
    }
    for (const DatasetAxisRule& axis : d.axes)
      axes.push_back(fmt::format("{} ({})", axis.name, fmt::join(axis.cohorts, ", ")));
    for (const DatasetDownload& download : d.downloads) downloads.push_back(download.url);
    json entry = {{"name", d.name},           {"summary", d.summary}, {"categorical", categorical},
                  {"continuous", continuous}, {"axes", axes},         {"files", files},
                  {"licence", d.licence},     {"source", d.home},     {"downloads", downloads},
                  {"citation", d.citation}};
    if (!d.terms.empty()) entry["terms"] = d.terms;
    all.push_back(std::move(entry));
  }
  return all;
}

json list_backends() {
  return json::array(
      {{{"name", "kokkos"}, {"summary", fmt::format("{} ({})", build_kokkos_version, build_kokkos_devices)}},
       {{"name", "gemm"}, {"summary", build_gemm_library}},
       {{"name", "instruction set"}, {"summary", fmt::format("-march={}", build_march)}},
       {{"name", "compiler"}, {"summary", build_compiler}}});
}

/// One line a name, its other facts indented below.
void print_text(const json& all) {
  for (const json& entry : all) {
    fmt::print("{}\n    {}\n", entry["name"].get<std::string>(), entry["summary"].get<std::string>());
    for (const auto& [key, value] : entry.items()) {
      if (key == "name" || key == "summary") continue;
      if (value.is_array() && value.empty()) continue;
      if (value.is_array())
        fmt::print("    {}: {}\n", key, fmt::join(value.get<std::vector<std::string>>(), ", "));
      else
        fmt::print("    {}: {}\n", key, value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
}

const CommandDescription description = {"c2al list",
                                        "Lists methods, scenarios, suites, datasets or backends.",
                                        "methods|scenarios|suites|datasets|backends",
                                        {"what"},
                                        {{"what", "what to list", OptionKind::text}, {"json", "print JSON"}}};

}  // namespace

int list_command(int argc, char** argv) {
  const Arguments arguments = parse_command_line(description, argc, argv);
  if (!arguments.given("what"))
    throw UsageError("c2al list: say what: methods, scenarios, suites, datasets or backends");
  const std::string what = arguments.text("what");
  json all;
  if (what == "methods")
    all = methods_json();
  else if (what == "scenarios")
    all = list_scenarios();
  else if (what == "suites")
    all = list_suites();
  else if (what == "datasets")
    all = list_datasets();
  else if (what == "backends")
    all = list_backends();
  else
    throw UsageError(
        fmt::format("c2al list: unknown '{}': expected methods, scenarios, suites, datasets or backends", what));
  if (arguments.given("json"))
    fmt::print("{}\n", all.dump(2));
  else if (what == "methods")
    fmt::print("{}", methods_text());
  else
    print_text(all);
  return 0;
}

}  // namespace c2al

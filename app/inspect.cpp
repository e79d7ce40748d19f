#include "app/inspect.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/command.hpp"
#include "core/error.hpp"
#include "results/compare.hpp"
#include "results/inspect.hpp"

namespace c2al {

namespace {

const CommandDescription description = {
    "c2al inspect",
    "FILE.h5        the tree of groups, datasets and attributes\n"
    "FILE.h5 PATH   a dataset: statistics and a heat map or histogram; or a group's tree\n"
    "A.h5 B.h5      every dataset and attribute outside /provenance and /timing, byte for byte;\n"
    "               exit code 1 when they differ\n",
    "FILE.h5 [PATH | B.h5]",
    {"file", "what"},
    {{"file", "HDF5 file", OptionKind::text},
     {"what", "path inside the file, or a second file", OptionKind::text, "/"},
     {"json", "print as JSON"}}};

int print_differences(const std::string& a, const std::string& b, bool json) {
  const std::vector<FileDifference> differences = compare_files(a, b);
  if (json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const FileDifference& difference : differences)
      list.push_back({{"path", difference.path},
                      {"what", difference.what},
                      {"elements", difference.elements},
                      {"first", difference.first}});
    const nlohmann::ordered_json result = {{"equal", differences.empty()}, {"differences", list}};
    fmt::print("{}\n", result.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  } else if (differences.empty()) {
    fmt::print("equal outside /provenance and /timing\n");
  } else {
    for (const FileDifference& difference : differences)
      fmt::print("{}: {}{}{}\n", difference.path, difference.what, difference.first.empty() ? "" : "; first ",
                 difference.first);
    fmt::print("{} difference{}\n", differences.size(), differences.size() == 1 ? "" : "s");
  }
  return differences.empty() ? 0 : 1;
}

}  // namespace

int inspect_command(int argc, char** argv) {
  const Arguments arguments = parse_command_line(description, argc, argv);
  if (!arguments.given("file")) throw UsageError("c2al inspect: expected the name of an HDF5 file");
  const std::string file = arguments.text("file"), what = arguments.text("what");
  const bool json = arguments.given("json");
  // A second argument that names a file on disk, or looks like one, is a file to compare with.
  std::error_code ignored;
  if (what != "/" &&
      (std::filesystem::is_regular_file(what, ignored) || std::filesystem::path(what).extension() == ".h5"))
    return print_differences(file, what, json);
  fmt::print("{}", json ? inspect_json(file, what) : inspect_text(file, what));
  return 0;
}

}  // namespace c2al

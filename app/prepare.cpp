#include "app/prepare.hpp"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/command.hpp"
#include "app/interrupt.hpp"
#include "app/output.hpp"
#include "app/progress.hpp"
#include "core/error.hpp"
#include "scenarios/cache/prepare.hpp"

namespace c2al {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

const CommandDescription description = {
    "c2al prepare",
    "Reads the owner's files of a data set once and writes one chunked HDF5 file, which c2al run --data FILE.h5 "
    "streams\n"
    "from. Temporary data of about the files' size lie beside the output until the end.\n",
    "DATASET",
    {"dataset"},
    {{"dataset", "name of a data set (c2al list datasets), or a description's TOML file", OptionKind::text},
     {"input", "file, or folder with the owner's files; may be repeated", OptionKind::list},
     {"output", "HDF5 file to write", OptionKind::text},
     {"compression", "deflate level, 0 (none) to 9", OptionKind::count, "1"},
     {"on-bad-row", "stop at the first row that cannot be used, or skip and count them", OptionKind::text, "stop"},
     {"axis", "cohort axis wanted; may be repeated (default all); the first one is mirrored by the inert field",
      OptionKind::list},
     {"axis-input", "axis whose column also is an input; may be repeated (default all wanted)", OptionKind::list},
     {"no-inert-field", "leave out the inert field and its control axis"},
     {"split-seed", "seed of the splits that are drawn (default the description's)", OptionKind::count},
     {"json", "print what was done as JSON"},
     {"quiet", "print no progress"}}};

/// Thrown out of the reading of rows when a signal asks to stop; prepare cleans up on its way.
struct Interrupted {};

/// Rows read, rate and, where the owner states the number of rows, time left; a terminal's line is renewed.
PrepareProgress row_progress(std::uint64_t expected, bool quiet) {
  const bool terminal = is_terminal(stderr);
  return [=, start = Clock::now(), last = Clock::now()](std::uint64_t rows) mutable {
    if (interrupted()) throw Interrupted();
    const auto now = Clock::now();
    const double pause = std::chrono::duration<double>(now - last).count();
    if (quiet || pause < (terminal ? 0.2 : 30)) return;
    last = now;
    const double rate = static_cast<double>(rows) / std::chrono::duration<double>(now - start).count();
    std::string line = fmt::format("{} rows read, {:.0f} a second", rows, rate);
    if (expected > rows) line += ", " + format_duration(static_cast<double>(expected - rows) / rate) + " left";
    fmt::print(stderr, "{}{}{}", terminal ? "\r\033[K" : "", line, terminal ? "" : "\n");
    std::fflush(stderr);
  };
}

/// Rows of the files as the owner states them; 0 where one is not known.
std::uint64_t stated_rows(const DatasetDescription& dataset) {
  std::uint64_t rows = 0;
  for (const DatasetFile& file : dataset.files) {
    if (file.rows == 0 && !file.optional) return 0;
    rows += file.rows;
  }
  return rows;
}

OnBadRow bad_row_policy(const std::string& word) {
  if (word == "stop") return OnBadRow::stop;
  if (word == "skip") return OnBadRow::skip;
  throw UsageError(fmt::format("c2al prepare: --on-bad-row {}: expected stop or skip", word));
}

nlohmann::ordered_json report_json(const fs::path& output, const PrepareReport& report) {
  nlohmann::ordered_json json = {
      {"file", output.string()},        {"rows", report.rows},
      {"dropped", report.dropped},      {"positive_rate", report.positive_rate},
      {"seconds", report.seconds},      {"rows_per_second", static_cast<double>(report.rows) / report.seconds},
      {"bytes", fs::file_size(output)}, {"first_reasons", report.first_reasons}};
  json["facts"] = nlohmann::ordered_json::array();
  for (const auto& [name, value] : report.facts) json["facts"].push_back({name, value});
  return json;
}

}  // namespace

int prepare_command(int argc, char** argv) {
  const Arguments arguments = parse_command_line(description, argc, argv);
  if (!arguments.given("dataset")) throw UsageError("c2al prepare: name a data set; c2al list datasets shows them");
  if (arguments.list("input").empty()) throw UsageError("c2al prepare: expected --input PATH");
  if (!arguments.given("output")) throw UsageError("c2al prepare: expected --output FILE.h5");
  const std::string& name = arguments.text("dataset");
  DatasetDescription dataset = parse_description(name.ends_with(".toml") ? fs::path(name) : description_file(name));
  if (arguments.given("split-seed")) dataset.split.seed = arguments.count("split-seed");

  PrepareOptions options;
  options.on_bad_row = bad_row_policy(arguments.text("on-bad-row"));
  if (arguments.count("compression") > 9)
    throw UsageError(fmt::format("c2al prepare: --compression {}: expected 0 to 9", arguments.count("compression")));
  options.compression = static_cast<int>(arguments.count("compression"));
  options.axes = arguments.list("axis");
  if (options.axes.empty())
    for (const DatasetAxisRule& axis : dataset.axes) options.axes.push_back(axis.name);
  options.axis_inputs = arguments.given("axis-input") ? arguments.list("axis-input") : options.axes;
  options.inert_field = !arguments.given("no-inert-field");
  std::vector<fs::path> inputs(arguments.list("input").begin(), arguments.list("input").end());
  const fs::path output = arguments.text("output");
  require_writable(output);
  for (const fs::path& input : inputs)
    if (fs::exists(output) && fs::exists(input) && fs::equivalent(input, output))
      throw UsageError(fmt::format("c2al prepare: --output {} is an input itself", output.string()));

  catch_interrupts();
  const bool quiet = arguments.given("quiet");
  PrepareReport report;
  try {
    report = prepare(dataset, inputs, options, output, row_progress(stated_rows(dataset), quiet));
  } catch (const Interrupted&) {
    fmt::print(stderr, "stopped by a signal; nothing was written\n");
    return exit_interrupted;
  }
  if (is_terminal(stderr) && !quiet) fmt::print(stderr, "\r\033[K");
  if (arguments.given("json")) {
    fmt::print("{}\n",
               report_json(output, report).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    return 0;
  }
  fmt::print("{}: {} rows of {} in {:.1f} s ({:.0f} a second), {:.1f} MB\n", output.string(), report.rows, dataset.name,
             report.seconds, static_cast<double>(report.rows) / report.seconds,
             static_cast<double>(fs::file_size(output)) / 1e6);
  for (const auto& [fact, value] : report.facts) fmt::print("  {}: {}\n", fact, value);
  return 0;
}

}  // namespace c2al

#include "scenarios/cached_dataset.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <system_error>

#include "core/error.hpp"
#include "scenarios/cache/cached_source.hpp"
#include "scenarios/cache/prepare.hpp"
#include "scenarios/cache/split_assignment.hpp"
#include "scenarios/cache/text_hash.hpp"
#include "scenarios/config_value.hpp"
#include "scenarios/datasets/dataset_files.hpp"

namespace c2al {

namespace {

namespace fs = std::filesystem;

PrepareOptions prepare_options(const DatasetConfig& config) {
  PrepareOptions options;
  options.axes = config.axes;
  options.axis_inputs = config.axis_inputs;
  options.inert_field = config.inert_field;
  return options;
}

/// The name stands for everything the cache depends on.
fs::path cache_name(const DatasetDescription& description, const PrepareOptions& options, const fs::path& data) {
  const FoundFiles found = find_files(description, {data});
  std::vector<fs::path> files = found.joins;
  for (const FoundFile& file : found.main) files.push_back(file.path);
  std::string key =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{} {}\n", read_config_text(description.source.string(), "data set description"),
                  split_summary(description.split), fmt::join(options.axes, ","), fmt::join(options.axis_inputs, ","),
                  options.inert_field, options.compression, options.chunk_rows);
  for (const fs::path& file : files)
    key += fmt::format("{} {} {}\n", file.filename().string(), fs::file_size(file),
                       fs::last_write_time(file).time_since_epoch().count());
  return fs::path("runs") / "cache" / fmt::format("{}-{:016x}.h5", description.name, text_hash(key));
}

[[noreturn]] void disagree(const fs::path& file, const std::string& what, const std::string& found,
                           const std::string& expected) {
  throw UsageError(
      fmt::format("{}: was prepared with {} {}, the scenario says {}; prepare it again, or change the scenario",
                  file.string(), what, found, expected));
}

std::string axes_text(const std::vector<CohortAxis>& axes) {
  std::vector<std::string> names;
  for (const CohortAxis& axis : axes) names.push_back(axis.name + (axis.is_input ? " (an input)" : ""));
  return fmt::format("{}", fmt::join(names, ", "));
}

/// The options of c2al prepare that make a scenario's axes.
std::string axis_options(const DatasetConfig& config) {
  std::string options;
  for (const std::string& name : config.axes) options += " --axis " + name;
  for (const std::string& name : config.axis_inputs) options += " --axis-input " + name;
  return options;
}

void check_agreement(const fs::path& file, const CachedSource& source, const DatasetConfig& config) {
  const std::map<std::string, std::string> facts(source.facts().begin(), source.facts().end());
  const auto fact = [&](const std::string& name) { return facts.contains(name) ? facts.at(name) : "none"; };
  if (fact("data set") != config.name) disagree(file, "data set", fact("data set"), config.name);
  std::vector<CohortAxis> expected;
  for (const std::string& name : config.axes)
    expected.push_back({name, {}, std::count(config.axis_inputs.begin(), config.axis_inputs.end(), name) > 0, false});
  std::vector<CohortAxis> found = source.schema().axes;
  const bool inert = !found.empty() && found.back().is_control;
  if (inert) found.pop_back();
  if (axes_text(found) != axes_text(expected))
    disagree(file, "the axes", axes_text(found),
             fmt::format("{} (c2al prepare {}{})", axes_text(expected), config.name, axis_options(config)));
  if (inert != config.inert_field)
    disagree(file, "inert_field", inert ? "true" : "false", config.inert_field ? "true" : "false");
  const std::string split = split_summary(configured_description(config).split);
  if (fact("split") != split) disagree(file, "splits", fact("split"), split);
}

}  // namespace

DatasetDescription configured_description(const DatasetConfig& config) {
  DatasetDescription description = *config.description;
  description.split.train = config.train_share;
  description.split.discovery = config.discovery_share;
  description.split.validation = config.validation_share;
  description.split.test = config.test_share;
  description.split.seed = config.split_seed;
  return description;
}

ScenarioData load_cached(const DatasetConfig& config, const fs::path& data) {
  fs::path file = data;
  if (data.extension() != ".h5") {
    const DatasetDescription description = configured_description(config);
    const PrepareOptions options = prepare_options(config);
    file = cache_name(description, options, data);
    if (!fs::exists(file)) {
      // Two commands may prepare the same set at once; the last one's equal file stays.
      const fs::path own = file.parent_path() / fmt::format(".{}-{}", getpid(), file.filename().string());
      prepare(description, {data}, options, own);
      std::error_code error;
      fs::rename(own, file, error);
      if (error) throw RunError(fmt::format("{}: cannot be renamed: {}", own.string(), error.message()));
    }
  }
  auto source = std::make_unique<CachedSource>(file);
  check_agreement(file, *source, config);
  ScenarioData loaded;
  loaded.facts = source->facts();
  loaded.source = std::move(source);
  return loaded;
}

}  // namespace c2al

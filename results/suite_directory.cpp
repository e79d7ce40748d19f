#include "results/suite_directory.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/error.hpp"
#include "core/storage/output_file.hpp"

namespace c2al {

namespace {

using nlohmann::json;

std::filesystem::path manifest_file(const std::filesystem::path& directory) { return directory / "suite.json"; }
std::filesystem::path failures_file(const std::filesystem::path& directory) { return directory / "failures.jsonl"; }

std::string read_text_file(const std::filesystem::path& file) {
  std::ifstream input(file, std::ios::binary);
  std::ostringstream text;
  text << input.rdbuf();
  if (!input) throw RunError(fmt::format("{}: cannot be read", file.string()));
  return text.str();
}

/// Names in `stored` that `next` lacks.
template <typename T>
std::vector<T> missing(const std::vector<T>& stored, const std::vector<T>& next) {
  std::vector<T> lacking;
  for (const T& value : stored)
    if (std::find(next.begin(), next.end(), value) == next.end()) lacking.push_back(value);
  return lacking;
}

}  // namespace

std::filesystem::path run_file(const std::filesystem::path& directory, const std::string& scenario,
                               const std::string& method, std::uint64_t seed) {
  return directory / scenario / method / fmt::format("seed_{:06}.h5", seed);
}

std::filesystem::path discovery_file(const std::filesystem::path& directory, const std::string& scenario) {
  return directory / scenario / "discovery.h5";
}

void write_text_file(const std::filesystem::path& file, const std::string& text) {
  require_output_file(file);
  std::error_code error;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), error);
  std::filesystem::path temporary = file;
  temporary += ".partial";
  std::ofstream output(temporary, std::ios::binary | std::ios::trunc);
  output << text;
  output.close();
  if (output) std::filesystem::rename(temporary, file, error);
  if (!output || error) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw RunError(fmt::format("{}: cannot be written", file.string()));
  }
}

std::optional<SuiteManifest> read_manifest(const std::filesystem::path& directory) {
  const std::filesystem::path file = manifest_file(directory);
  if (!std::filesystem::exists(file)) return std::nullopt;
  try {
    const json document = json::parse(read_text_file(file));
    SuiteManifest manifest;
    manifest.name = document.at("name");
    manifest.title = document.at("title");
    manifest.text = document.at("text");
    manifest.overrides = document.at("overrides").get<std::vector<std::string>>();
    manifest.methods = document.at("methods").get<std::vector<std::string>>();
    manifest.seeds = document.at("seeds").get<std::vector<std::uint64_t>>();
    for (const json& entry : document.at("scenarios"))
      manifest.scenarios.push_back(
          {entry.at("name"), entry.at("title"), entry.at("file"), entry.at("configuration").dump()});
    return manifest;
  } catch (const json::exception& error) {
    throw RunError(fmt::format("{}: not a suite description: {}", file.string(), error.what()));
  }
}

void write_manifest(const std::filesystem::path& directory, const SuiteManifest& manifest) {
  json document = {{"name", manifest.name},           {"title", manifest.title},     {"text", manifest.text},
                   {"overrides", manifest.overrides}, {"methods", manifest.methods}, {"seeds", manifest.seeds}};
  document["scenarios"] = json::array();
  for (const auto& scenario : manifest.scenarios)
    document["scenarios"].push_back({{"name", scenario.name},
                                     {"title", scenario.title},
                                     {"file", scenario.file},
                                     {"configuration", json::parse(scenario.configuration)}});
  write_text_file(manifest_file(directory), document.dump(2) + "\n");
}

void require_extension(const std::filesystem::path& directory, const SuiteManifest& stored, const SuiteManifest& next) {
  const auto refuse = [&](const std::string& difference) {
    throw UsageError(
        fmt::format("{}: holds results of another suite: {}; choose another --output, or add to the suite without "
                    "taking away or changing settings",
                    manifest_file(directory).string(), difference));
  };
  if (stored.name != next.name) refuse(fmt::format("name is '{}' there and '{}' now", stored.name, next.name));
  if (stored.overrides != next.overrides)
    refuse(fmt::format("overrides are [{}] there and [{}] now", fmt::join(stored.overrides, ", "),
                       fmt::join(next.overrides, ", ")));
  if (const auto gone = missing(stored.methods, next.methods); !gone.empty())
    refuse(fmt::format("methods {} are there but not in the suite now", fmt::join(gone, ", ")));
  if (const auto gone = missing(stored.seeds, next.seeds); !gone.empty())
    refuse(fmt::format("seeds {} are there but not in the suite now", fmt::join(gone, ", ")));
  for (const auto& scenario : stored.scenarios) {
    const auto found = std::find_if(next.scenarios.begin(), next.scenarios.end(),
                                    [&](const auto& candidate) { return candidate.name == scenario.name; });
    if (found == next.scenarios.end())
      refuse(fmt::format("scenario '{}' is there but not in the suite now", scenario.name));
    if (json::parse(found->configuration) != json::parse(scenario.configuration))
      refuse(fmt::format("the settings of scenario '{}' have changed", scenario.name));
  }
}

std::vector<FailureRecord> read_failures(const std::filesystem::path& directory) {
  const std::filesystem::path file = failures_file(directory);
  std::vector<FailureRecord> failures;
  if (!std::filesystem::exists(file)) return failures;
  std::istringstream lines(read_text_file(file));
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    try {
      const json entry = json::parse(line);
      FailureRecord failure;
      failure.scenario = entry.at("scenario");
      if (!entry.at("seed").is_null()) failure.seed = entry.at("seed").get<std::uint64_t>();
      failure.methods = entry.at("methods").get<std::vector<std::string>>();
      failure.exit_code = entry.at("exit_code");
      failure.message = entry.at("message");
      failures.push_back(std::move(failure));
    } catch (const json::exception& error) {
      throw RunError(fmt::format("{}:{}: not a failure record: {}", file.string(), number, error.what()));
    }
  }
  return failures;
}

void write_failures(const std::filesystem::path& directory, const std::vector<FailureRecord>& failures) {
  if (failures.empty()) {
    std::error_code ignored;
    std::filesystem::remove(failures_file(directory), ignored);
    return;
  }
  std::string text;
  for (const FailureRecord& failure : failures) {
    json entry = {{"scenario", failure.scenario},
                  {"seed", failure.seed ? json(*failure.seed) : json()},
                  {"methods", failure.methods},
                  {"exit_code", failure.exit_code},
                  {"message", failure.message}};
    // A child may have been cut off in the middle of a UTF-8 character.
    text += entry.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  }
  write_text_file(failures_file(directory), text);
}

}  // namespace c2al

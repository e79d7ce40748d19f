#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace c2al {

/// What a suite was asked to run; stored as suite.json in its directory so that a report knows which runs are missing.
struct SuiteManifest {
  struct ScenarioEntry {
    std::string name, title;
    std::string file;           ///< file name without its folder
    std::string configuration;  ///< resolved, JSON text
  };
  std::string name, title;
  std::string text;  ///< the suite file as read
  std::vector<std::string> overrides;
  std::vector<std::string> methods;
  std::vector<std::uint64_t> seeds;
  std::vector<ScenarioEntry> scenarios;
};

/// A work item, or a scenario's discovery (no seed), that failed.
struct FailureRecord {
  std::string scenario;
  std::optional<std::uint64_t> seed;
  std::vector<std::string> methods;  ///< whose files are missing
  int exit_code = 0;                 ///< of the child; 128 + signal when a signal ended it
  std::string message;               ///< the last lines it wrote to standard error
};

/// DIRECTORY/<scenario>/<method>/seed_NNNNNN.h5
std::filesystem::path run_file(const std::filesystem::path& directory, const std::string& scenario,
                               const std::string& method, std::uint64_t seed);
/// DIRECTORY/<scenario>/discovery.h5
std::filesystem::path discovery_file(const std::filesystem::path& directory, const std::string& scenario);

/// suite.json of a directory; empty when there is none. Throws RunError naming the file when it is damaged.
std::optional<SuiteManifest> read_manifest(const std::filesystem::path& directory);
/// Creates the directory where needed. Throws RunError naming the file when it cannot be written.
void write_manifest(const std::filesystem::path& directory, const SuiteManifest& manifest);
/// Throws UsageError saying what differs when `next` is not `stored` with scenarios, methods or seeds added: results of
/// different settings must not meet in one directory.
void require_extension(const std::filesystem::path& directory, const SuiteManifest& stored, const SuiteManifest& next);

/// failures.jsonl of a directory, one JSON object a line; empty when there is none. Throws RunError naming file and
/// line.
std::vector<FailureRecord> read_failures(const std::filesystem::path& directory);
/// Replaces failures.jsonl (and removes it when there are none left). Throws RunError naming the file.
void write_failures(const std::filesystem::path& directory, const std::vector<FailureRecord>& failures);

/// Writes a text file under a temporary name and renames it. Throws RunError naming the file, also when it is there and
/// no regular file.
void write_text_file(const std::filesystem::path& file, const std::string& text);

}  // namespace c2al

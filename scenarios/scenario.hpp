#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/cohorts/discovery.hpp"
#include "core/data/data_source.hpp"
#include "core/model/model_config.hpp"
#include "core/training/settings.hpp"
#include "core/training/training_config.hpp"
#include "scenarios/datasets/dataset.hpp"
#include "synthetic/generator.hpp"
#include "synthetic/world_config.hpp"

namespace c2al {

/// Which pair of cohorts the methods use.
struct CohortConfig {
  bool discovered = false;  ///< mode = "declared" or "discovered"
  /// Declared, or frozen after discovery. Empty before discovery: a pair declared in the file gives way to mode =
  /// "discovered".
  std::string axis, head_cohort, tail_cohort;
  DiscoverySettings discovery;
  std::uint64_t discovery_seed = 1000003;  ///< world and baseline seed of stage 1; no reported arm uses it
};

/// [method.NAME]: settings of the catalogue's method NAME; or, with a key `method`, a variant: NAME then stands for
/// that method with these settings wherever a method is named.
struct MethodTable {
  std::string variant_of;  ///< a method of the catalogue; empty: no variant
  std::string where;       ///< for messages: "scenarios/preset_a.toml:12: [method.c2al]"
  Settings settings;
};
using MethodTables = std::map<std::string, MethodTable>;

/// What is recorded in full.
struct RecordConfig {
  std::size_t probe_samples = 256;
  std::vector<std::uint64_t> tensor_seeds = {1};  ///< seeds whose probe tensors are stored in full
};

/// One world or data set, its model, its training and its cohorts: everything a result depends on besides method and
/// seed.
struct Scenario {
  std::string name, title;
  std::filesystem::path file;
  std::string text;                             ///< the file as read
  std::optional<synthetic::WorldConfig> world;  ///< exactly one of world and dataset is set
  synthetic::SplitSizes splits;                 ///< of a synthetic world
  std::optional<DatasetConfig> dataset;
  ModelConfig model;
  TrainingConfig training;
  CohortConfig cohorts;
  double lambda_head = 1, lambda_tail = 1;  ///< [method] lambda_head, lambda_tail: loss weights of auxiliary tasks
  MethodTables methods;                     ///< [method.NAME]
  RecordConfig record;
};

/// Parses a scenario file and applies `--set key=value` overrides (dotted keys; values in TOML syntax, bare words are
/// strings). Throws UsageError naming file, line, key, the value found and what was expected; unknown keys are errors.
Scenario parse_scenario(const std::filesystem::path& file, const std::vector<std::string>& overrides = {});

/// The resolved configuration with every default filled in, as JSON text with sorted keys.
std::string resolved_configuration(const Scenario& scenario);

/// Generated or loaded data of a scenario for one seed.
struct ScenarioData {
  std::unique_ptr<DataSource> source;
  std::optional<synthetic::WorldSummary> world;
  std::vector<std::pair<std::string, std::string>> facts;  ///< provenance: file names, checksums, row counts
};

/// @param data_directory  of --data; required by data sets, unused by synthetic worlds
/// Throws RunError naming the missing file, where to get it and its checksum, or the damaged line.
ScenarioData load_data(const Scenario& scenario, std::uint64_t seed, const std::filesystem::path& data_directory);

/// A suite: methods x seeds x scenarios.
struct Suite {
  std::string name, title;
  std::filesystem::path file;
  std::string text;
  std::vector<std::filesystem::path> scenarios;
  std::vector<std::string> methods;  ///< "plain" is always among them, first
  std::vector<std::uint64_t> seeds;
  std::vector<std::string> overrides;  ///< applied to every scenario
  MethodTables method_tables;          ///< [method.NAME], for every scenario
};

/// Parses a suite file; scenario paths are relative to it. Throws UsageError as parse_scenario does.
Suite parse_suite(const std::filesystem::path& file);

}  // namespace c2al

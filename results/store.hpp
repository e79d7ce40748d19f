#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "results/run_record.hpp"

namespace c2al {

/// Version of the layout that results/SCHEMA.md describes; raised when a path or a meaning changes.
inline constexpr std::int64_t schema_version = 2;

/// Writes a run under a temporary name beside `file` and renames it when every byte is on its way, so that a file under
/// its final name is always complete. Creates missing parent directories. Throws RunError naming the file when it
/// cannot be written; nothing half-written is left. Adds the phase "writing" to the stored times: that of all that
/// precedes them in the file.
/// @returns seconds that writing took, to the renaming
double write_run(const std::filesystem::path& file, const RunRecord& record);

/// What statistics and reports need of a run; tensors, histograms and metrics by step stay in the file.
struct RunSummary {
  std::filesystem::path file;
  std::string scenario, method;
  std::string base_method;  ///< the method of the catalogue; another name than `method` for a variant
  std::uint64_t seed = 0;
  std::map<std::string, std::string> provenance;  ///< attributes of /provenance: "git_hash", "cpu", "gemm_library", ...
  std::string scenario_text, resolved_configuration;
  std::map<std::string, std::string> method_settings;
  std::string axis, head_cohort, tail_cohort;        ///< names of the pair
  std::vector<std::vector<std::string>> task_names;  ///< (model, task)
  ModelCost trained_cost, served_cost;
  double acted_share = 0;  ///< of the steps, those on which the method acted; mean over models
  std::vector<EvaluationTable> evaluations;
  TestSamples test_samples;  ///< of a data set; empty otherwise
  Schema schema;             ///< that test_samples' cohorts refer to; only with them
  double attention_gini = undefined_value;
  std::vector<LayerStatistics> layers;                 ///< without histogram counts
  bool has_discovery = false;                          ///< read_discovery reads it
  std::vector<std::pair<std::string, double>> timing;  ///< seconds by phase
};

/// Reads what write_run wrote, a few milliseconds a file. Throws RunError naming the file, and the path inside it, when
/// it is missing, no HDF5, not a run, or of another schema version.
RunSummary read_run(const std::filesystem::path& file);

/// Stage 1 of C2AL as a file of its own.
struct DiscoveryRecord {
  std::string scenario;
  std::string scenario_text, resolved_configuration;
  Schema schema;  ///< axes and cohorts that the table's indices refer to
  DiscoveryTable table;
  std::vector<std::pair<std::string, double>> timing;
};

/// Writes a discovery as write_run writes a run.
void write_discovery(const std::filesystem::path& file, const DiscoveryRecord& record);

/// Reads the discovery of a discovery file, or of a run whose cohorts were discovered. Throws as read_run does.
DiscoveryRecord read_discovery(const std::filesystem::path& file);

}  // namespace c2al

#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/storage/hdf5.hpp"
#include "results/run_record.hpp"

/// The parts of a result file, each written and read by one pair of functions; results/SCHEMA.md describes them.
/// `root` is the root group of the file. All throw RunError.
namespace c2al::store {

using NamedTexts = std::vector<std::pair<std::string, std::string>>;
using NamedSeconds = std::vector<std::pair<std::string, double>>;

/// Root attributes and /provenance of every kind of file.
/// @param kind          "run", "discovery" or "data"
/// @param default_plot  the group a viewer should open first
void write_head(const hdf5::Group& root, const std::string& kind, const std::string& scenario,
                const std::string& default_plot);
/// Throws unless the file is of this kind and of this schema version.
void check_head(const hdf5::Group& root, const std::vector<std::string>& kinds);
/// Build, library versions, processor, date and command line of this process, as attributes of /provenance.
void write_provenance(const hdf5::Group& root);

/// /configuration. Returns the group.
hdf5::Group write_configuration(const hdf5::Group& root, const std::string& scenario_text,
                                const std::string& resolved_configuration);
/// A group of one text attribute a pair.
void write_named_texts(const hdf5::Group& parent, const std::string& name, const NamedTexts& pairs);

/// /schema. write_schema returns the group.
hdf5::Group write_schema(const hdf5::Group& root, const Schema& schema);
Schema read_schema(const hdf5::Group& root);

/// /timing
void write_timing(const hdf5::Group& root, const NamedSeconds& timing);
NamedSeconds read_timing(const hdf5::Group& root);

/// /model
void write_costs(const hdf5::Group& root, const ModelCost& trained, const ModelCost& served);
ModelCost read_cost(const hdf5::Group& root, const std::string& which);

/// /training
void write_training(const hdf5::Group& root, const std::vector<std::vector<std::string>>& task_names,
                    const std::vector<StepMetrics>& steps);
/// Share of all steps on which the methods acted, mean over models.
double read_acted_share(const hdf5::Group& root);
std::vector<std::vector<std::string>> read_task_names(const hdf5::Group& root);

/// /evaluation
void write_evaluations(const hdf5::Group& root, const std::vector<EvaluationTable>& tables);
std::vector<EvaluationTable> read_evaluations(const hdf5::Group& root);

/// /samples, where there are any; read_samples gives none for a file without them.
void write_samples(const hdf5::Group& root, const TestSamples& samples);
TestSamples read_samples(const hdf5::Group& root);

/// /predictions
void write_densities(const hdf5::Group& root, const PredictionDensities& densities);

/// /attention; read_layers leaves histogram counts empty.
void write_attention(const hdf5::Group& root, double attention_gini, const std::vector<LayerStatistics>& layers);
std::vector<LayerStatistics> read_layers(const hdf5::Group& root);

/// /probe
void write_probe(const hdf5::Group& root, const std::vector<std::uint64_t>& ids,
                 const std::vector<std::string>& cohorts, const std::map<std::string, ProbeTensor>& tensors);

/// /discovery
void write_discovery_table(const hdf5::Group& root, const Schema& schema, const DiscoveryTable& table);
DiscoveryTable read_discovery_table(const hdf5::Group& root, const Schema& schema);

}  // namespace c2al::store

#pragma once
#include "scenarios/scenario.hpp"
#include "scenarios/table_reader.hpp"

namespace c2al {

// Parsers of a scenario's sections: each reads its whole table, fills in defaults and throws UsageError for whatever is
// wrong with it, unknown keys included.

/// [world] with its [[world.axes]].
synthetic::WorldConfig parse_world(TableReader reader);
/// [splits] of a synthetic world.
synthetic::SplitSizes parse_splits(TableReader reader);
/// [dataset]: a name of the catalogue or of a description, or a description of its own in [dataset.table].
/// @param file  the scenario's
DatasetConfig parse_dataset(TableReader reader, const std::filesystem::path& file);
/// [model] with its [[model.layers]].
ModelConfig parse_model(TableReader reader);
/// [training]
TrainingConfig parse_training(TableReader reader);
/// [cohorts], without looking whether the axis exists.
CohortConfig parse_cohorts(TableReader reader);
/// Every table [method.NAME] whose name no getter has asked for, without looking whether its method exists.
MethodTables parse_method_tables(TableReader& reader);

/// Throws when the shares of parts of a whole do not sum to 1 within 1e-9.
void check_shares(const TableReader& reader, const std::string& key, const std::vector<double>& shares);

}  // namespace c2al
